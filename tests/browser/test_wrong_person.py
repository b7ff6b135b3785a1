"""What was meant for one person, or for one step, does not come down on the next."""

from playwright.sync_api import Locator, expect

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.test_coming_back import frames
from tests.browser.walk import Walk

PRESS_WHEN_THE_TURN_HAS_CHANGED = """() => {
  const name = () => document.querySelector(".turn-name").textContent;
  const before = name();
  window.pressed = new Promise((done) => {
    new MutationObserver((_changes, observer) => {
      if (name() === before) return;
      observer.disconnect();
      [...document.querySelectorAll("button")].find(({ textContent }) => textContent.trim() === "Next person").click();
      done();
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}"""


def noting(walk: Walk, enter: Enter) -> Person:
    """Mia notes down a reaction that somebody has said, and for whom it is stands above it: Cara as it happens."""
    walk.run_up_to("reactions")
    mia = enter("Mia")
    mia.presses("Note it down")
    return mia


def who_said_it(mia: Person) -> Locator:
    return mia.page.get_by_label("Who said it?").filter(visible=True)


def saves(mia: Person) -> None:
    mia.page.get_by_role("region", name="Note down for somebody").get_by_role("button", name="Save").click()


def reactions_of(walk: Walk, who: str) -> list[str]:
    return [item["text"] for item in walk.sees_kind("Mia", "reaction") if item["seat"] == walk.seats[who]]


def test_words_noted_for_somebody_who_leaves_are_not_the_next_ones(walk: Walk, enter: Enter) -> None:
    mia = noting(walk, enter)
    expect(who_said_it(mia)).to_have_value(walk.seats["Cara"])
    mia.writes("What is strong is…", "A clear first step")
    mia.hears(walk.does("Mia", "remove", seat=walk.seats["Cara"]).version)
    expect(who_said_it(mia)).to_have_value(walk.seats["Cara"])
    expect(who_said_it(mia).locator("option:checked")).to_have_text("Cara")
    saves(mia)
    mia.sees("That person is not in the room.")
    expect(mia.field("What is strong is…")).to_have_value("A clear first step")
    assert reactions_of(walk, "Carl") == []
    who_said_it(mia).select_option("Carl")
    saves(mia)
    mia.waits_until(lambda: reactions_of(walk, "Carl") == ["A clear first step"])


def test_words_noted_for_somebody_are_theirs_after_a_reload_as_well(walk: Walk, enter: Enter) -> None:
    mia = noting(walk, enter)
    who_said_it(mia).select_option("Carl")
    mia.writes("What is strong is…", "A clear first step")
    mia.page.reload()
    mia.presses("Note it down")
    expect(mia.field("What is strong is…")).to_have_value("A clear first step")
    expect(who_said_it(mia)).to_have_value(walk.seats["Carl"])
    saves(mia)
    mia.waits_until(lambda: reactions_of(walk, "Carl") == ["A clear first step"])


def test_the_clock_that_somebody_was_setting_closes_with_its_step(walk: Walk, enter: Enter) -> None:
    walk.go_to("silent_brainstorm")
    mia = enter("Mia")
    mia.presses("More for the clock")
    expect(mia.page.get_by_role("dialog")).to_be_visible()
    mia.hears(walk.does("Mia", "advance", anyway=True).version)
    expect(mia.page.get_by_role("dialog")).to_have_count(0)
    mia.hears(walk.does("Mia", "back").version)
    mia.is_in("Brainstorm: write in silence")
    expect(mia.page.get_by_role("dialog")).to_have_count(0)


def test_who_has_just_got_the_turn_is_not_skipped_by_the_press_for_the_one_before(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    mia = enter("Mia")
    said = frames(mia)
    mia.page.reload()
    button = mia.page.get_by_role("button", name="Next person")
    expect(button).to_have_attribute("aria-disabled", "false")
    mia.page.evaluate(PRESS_WHEN_THE_TURN_HAS_CHANGED)
    walk.does(walk.whose_turn(), "pass_turn")
    mia.page.evaluate("window.pressed")
    button.click()  # as soon as it can be pressed
    mia.waits_until(lambda: any("skip_turn" in frame for frame in said))
    assert sum("skip_turn" in frame for frame in said) == 1
