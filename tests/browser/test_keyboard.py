"""Everything with the keyboard alone; and the focus stays where somebody is, whatever happens around them."""

from playwright.sync_api import Page, expect

from app.sessions.phases import STEP
from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk

MOST_TABS = 80
NAME = """() => {
    const element = document.activeElement;
    const labels = [...(element.labels ?? [])].map((label) => label.innerText);
    const name = element.getAttribute("aria-label") ?? (labels.join(" ") || element.innerText || "");
    return name.replaceAll(/\\s+/g, " ").trim();
}"""
# Beyond a window's last button is the browser's own bar, and then its first one again.
IN_WINDOW = "document.activeElement === document.body || document.querySelector('dialog').matches(':focus-within')"


def tabs_to(person: Person, name: str, *, back: bool = False) -> None:
    """Press Tab until the focus is on what has this name."""
    passed = []
    for _ in range(MOST_TABS):
        person.page.keyboard.press("Shift+Tab" if back else "Tab")
        passed.append(person.page.evaluate(NAME))
        if passed[-1] == name:
            expect(person.page.locator(":focus")).to_be_enabled()
            return
    raise AssertionError(f"{person.name} did not come to “{name}”, but past {passed}")


def keys(person: Person, *pressed: str) -> None:
    for key in pressed:
        person.page.keyboard.press(key)


def focus(page: Page) -> str:
    """Where the focus is; "" when it is nowhere, that is on the page itself."""
    name: str = page.evaluate(f"document.activeElement === document.body ? '' : ({NAME})()")
    return name


def goes_on(mia: Person, to: str, *, sure: bool = False) -> None:
    """From the button, through what is asked before if need be, into the next step."""
    step = next(
        step for step in STEP.values() if step.name == mia.page.evaluate("document.querySelector('.room').dataset.step")
    )
    if focus(mia.page) != step.next_button:
        tabs_to(mia, step.next_button)
    expect(mia.page.locator(":focus")).to_be_enabled()
    keys(mia, "Enter")
    dialog = mia.page.get_by_role("dialog")
    expect(dialog if sure else mia.heading(STEP[to].title)).to_be_visible()
    if sure:
        keys(mia, "Tab", "Enter")
    mia.is_in(STEP[to].title)
    assert focus(mia.page) != ""


def test_the_moderator_runs_a_session_with_the_keyboard_alone(walk: Walk, enter: Enter) -> None:
    walk.go_to("lobby")
    mia = enter("Mia")
    page = mia.page
    mia.is_in("Lobby")
    tabs_to(mia, "Start the clock")
    keys(mia, "Space")
    expect(page.get_by_role("button", name="Pause")).to_be_focused()

    goes_on(mia, "statement")
    tabs_to(mia, "Pause")
    keys(mia, "Enter")
    pause = page.locator(".time-buttons .button").first
    expect(pause).not_to_have_text("Pause")
    expect(pause).to_be_focused()
    keys(mia, "Space", "Tab", "Tab", "Enter")
    expect(page.get_by_role("button", name="+1 minute")).to_be_focused()
    mia.waits_until(lambda: minutes_added(walk) == 1)

    goes_on(mia, "silent_questions")
    goes_on(mia, "questions")
    mia.sees("has the turn.")
    assert walk.whose_turn() == "Cara"
    tabs_to(mia, "Next person")
    keys(mia, "Enter")
    expect(page.locator(".turn-name")).to_have_text("Carl")
    assert focus(page) == "Next person"

    goes_on(mia, "ask")
    goes_on(mia, "silent_brainstorm", sure=True)
    goes_on(mia, "brainstorm")
    goes_on(mia, "recommendations")
    goes_on(mia, "feedback", sure=True)
    goes_on(mia, "reactions", sure=True)
    goes_on(mia, "lessons")
    goes_on(mia, "closed", sure=True)


def minutes_added(walk: Walk) -> float:
    time = walk.room().times["statement"]
    return (time.allotted_s - time.planned_s) / 60


def test_a_window_takes_the_focus_holds_it_and_gives_it_back(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    mia = enter("Mia")
    page = mia.page
    mia.is_in("Issue statement")
    for opener, escape in (("More about Cara", True), ("More for the clock", True), ("Stop the session", False)):
        tabs_to(mia, opener)
        keys(mia, "Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        for _ in range(12):
            assert page.evaluate(IN_WINDOW)
            keys(mia, "Tab")
        if escape:
            keys(mia, "Escape")
        else:
            tabs_to(mia, "Cancel")
            keys(mia, "Space")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert focus(page) == opener


def test_the_menu_of_a_person_by_keyboard(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    mia = enter("Mia")
    mia.is_in("Issue statement")
    tabs_to(mia, "More about Carl")
    keys(mia, "Enter")
    tabs_to(mia, "Remove from the session")
    keys(mia, "Enter")
    expect(mia.page.get_by_role("heading", name="Remove")).to_be_visible()
    tabs_to(mia, "Remove")
    keys(mia, "Enter")
    expect(mia.page.get_by_role("button", name="More about Carl")).to_have_count(0)
    assert focus(mia.page) != ""


def test_the_owner_sorts_and_plans_with_the_keyboard_alone(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("feedback")
    otto = enter("Otto")
    page = otto.page
    otto.is_in("Owner feedback and action plan")
    tabs_to(otto, "Helps")
    keys(otto, "Space")
    expect(page.get_by_role("button", name="Helps").first).to_have_attribute("aria-pressed", "true")
    assert focus(page) == "Helps"
    tabs_to(otto, "A word about it (optional)")
    page.keyboard.type("At once")
    tabs_to(otto, "What I will do")
    page.keyboard.type("Draw the map with Karim")
    tabs_to(otto, "By when")
    page.keyboard.type("05052026")
    tabs_to(otto, "Add to the plan")
    keys(otto, "Enter")
    expect(page.locator(".plan-what")).to_have_text("Draw the map with Karim")
    expect(page.locator(".stage :focus, .stage:focus, .stage-body:focus")).to_have_count(1)
    tabs_to(otto, "Present my plan")
    keys(otto, "Enter")
    otto.sees("You have presented your plan.")
    expect(page.locator(".stage :focus")).to_have_count(1)
    assert [(item["text"], item["data"]["by"]) for item in walk.sees_kind("Cara", "action")] == [
        ("Draw the map with Karim", "2026-05-05")
    ]


def test_a_consultant_asks_and_has_ideas_with_the_keyboard_alone(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    cara = enter("Cara")
    page = cara.page
    tabs_to(cara, "Who…")
    keys(cara, "Enter")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type("asked for the first meeting?")
    keys(cara, "Control+Enter")
    cara.sees("Your question is out.")
    cara.sees("Who asked for the first meeting?")
    expect(page.locator(".stage :focus")).to_have_count(1)

    walk.go_to("brainstorm")
    cara.is_in("Brainstorm")
    tabs_to(cara, "Your idea")
    page.keyboard.type("Ask Karim")
    keys(cara, "Control+Enter")
    expect(page.locator(".entry", has_text="Ask Karim")).to_be_visible()
    expect(page.get_by_label("Your idea")).to_be_focused()
    expect(page.get_by_label("Your idea")).to_have_value("")


def test_what_arrives_and_what_goes_leaves_the_focus_where_it_makes_sense(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    older = walk.does("Carl", "idea", text="Map the contacts").item
    cara = enter("Cara")
    page = cara.page
    cara.sees("Map the contacts")
    tabs_to(cara, "Build on it")
    walk.does("Carl", "idea", text="Ask Karim")
    cara.sees("Ask Karim")
    expect(
        page.locator(".entry", has_text="Map the contacts").get_by_role("button", name="Build on it")
    ).to_be_focused()
    walk.does("Carl", "withdraw", item=older)
    cara.does_not_see("Map the contacts")
    expect(page.locator(".stage :focus")).to_have_count(1)
    keys(cara, "Tab")
    assert focus(page) == "Build on it", "the keyboard goes on from there, not from the top of the page"


def test_the_group_moves_on_and_whoever_types_goes_on_typing(walk: Walk, enter: Enter) -> None:
    walk.go_to("silent_brainstorm")
    cara = enter("Cara")
    page = cara.page
    tabs_to(cara, "Your idea")
    page.keyboard.type("Half a tho")
    walk.go_to("brainstorm")
    cara.hears(walk.room().it.version)
    page.keyboard.type("ught")
    expect(page.get_by_label("Your idea")).to_have_value("Half a thought")
    keys(cara, "Home", "ArrowRight")
    walk.does("Mia", "back")
    cara.hears(walk.room().it.version)
    page.keyboard.type("!")
    expect(page.get_by_label("Your idea")).to_have_value("H!alf a thought")


def test_the_focus_goes_to_the_new_step_when_its_field_went_away(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    cara = enter("Cara")
    tabs_to(cara, "Your question")
    walk.go_to("ask")
    expect(cara.heading("The ask")).to_be_focused()
