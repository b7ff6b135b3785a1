"""What must not go wrong by a slip: double taps, keys that are held down, and what comes under the finger next."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.walk import Walk
from tests.conftest import Server

PRESS_AND_PRESS_AGAIN_WHEN_IT_HAS_CHANGED = """() => new Promise((done, fail) => {
  setTimeout(fail, 10_000, "nothing has changed");
  const button = () => document.querySelector(".next-button");
  const before = button().textContent;
  new MutationObserver((_changes, observer) => {
    if (!button() || button().textContent === before) return;
    observer.disconnect();
    button().click();
    done(button().textContent);
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
  button().click();
})"""


def test_a_double_tap_on_the_next_step_goes_one_step(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("ask")
    walk.does("Otto", "ask", text="One reason to meet me")
    mia = enter("Mia")
    sent: list[str] = []
    mia.page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(str(frame))))
    mia.page.reload()
    expect(mia.page.get_by_role("button", name="Start the brainstorm")).to_be_enabled()
    assert "Reveal" in mia.page.evaluate(PRESS_AND_PRESS_AGAIN_WHEN_IT_HAS_CHANGED)
    mia.is_in("Brainstorm: write in silence")
    mia.presses("Reveal the ideas")
    mia.is_in("Brainstorm")
    assert sum('"advance"' in frame for frame in sent) == 2


def test_a_second_enter_does_not_close_the_session(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("lessons")
    mia = enter("Mia")
    button = mia.page.get_by_role("button", name="Close the session")
    expect(button).to_be_enabled()
    button.focus()
    mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("dialog").get_by_role("button", name="Not yet")).to_be_focused()
    mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("dialog")).to_have_count(0)
    assert walk.step == "lessons"


def test_steps_that_end_by_themselves_do_so_one_after_the_other_on_the_same_page(
    walk: Walk, enter: Enter, server: Server
) -> None:
    walk.go_to("silent_questions")
    mia = enter("Mia")
    mia.is_in("Clarifying questions: write in silence")
    server.set_clock(1_000)
    mia.is_in("Clarifying questions")
    walk.go_to("silent_brainstorm")
    mia.is_in("Brainstorm: write in silence")
    server.set_clock(100_000)
    mia.is_in("Brainstorm")


def test_whoever_moderates_now_makes_links_for_others_at_once(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    cara = enter("Cara")
    cara.is_in("Issue statement")
    walk.does("Mia", "set_role", seat=walk.seats["Cara"], role="moderator")
    cara.presses("More about Carl")
    cara.presses("A personal link for them")
    expect(cara.page.locator("input[readonly]").first).to_have_value(re.compile("http"))
