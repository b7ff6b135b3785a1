"""What somebody has written goes where they want it, or nowhere: cancelled, taken back, on two devices, put out."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import WebSocketRoute, expect

from app.sessions.commands import erasing
from app.times import now
from tests.browser.conftest import Enter
from tests.browser.people import PAINTED, Person
from tests.browser.test_coming_back import frames
from tests.browser.test_words_kept import offline
from tests.browser.walk import Walk

NOTE = "Who signed last time?"
WAITS = "() => Object.keys(sessionStorage).some((name) => name.endsWith(':outbox'))"
IN_THE_TAB = "() => Object.values(sessionStorage).join()"
ASKS_BEFORE_IT_CLOSES = "() => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }))"

# What WebKit sends for the Enter that ends a composition: it is over by then, and only the number tells.
ENTER_OF_A_COMPOSITION = """field => field.dispatchEvent(
  new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true })
)"""


def texts(walk: Walk, who: str, kind: str) -> list[str]:
    return [item["text"] for item in walk.sees_kind(who, kind)]


def comes_after(person: Person, walk: Walk, label: str, button: str, kind: str) -> None:
    """What is written now goes out behind all that waited: once it is there, nothing else is still to come."""
    person.writes(label, "The last word")
    person.page.get_by_role("button", name=button, exact=True).filter(visible=True).first.click()
    person.waits_until(lambda: "The last word" in texts(walk, person.name, kind))


# --- A note that becomes a question ---------------------------------------------------------------------------------


def asks(person: Person, walk: Walk, words: str) -> None:
    """Begin with the note, and end with these words."""
    person.page.get_by_role("group", name="From your notes").get_by_role("button", name=NOTE).click()
    field = person.field("Your question")
    expect(field).to_have_value(NOTE)
    field.fill(words)
    person.page.get_by_role("button", name="Ask", exact=True).click()
    person.waits_until(lambda: texts(walk, "Mia", "question") == [words])


def test_a_note_is_used_up_by_the_question_that_has_its_words(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    asker = walk.whose_turn()
    walk.does(asker, "note", text=NOTE)
    asks(enter(asker), walk, f"{NOTE} And when?")
    assert texts(walk, asker, "note") == []


def test_a_note_whose_words_were_taken_out_of_the_question_again_stays(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    asker = walk.whose_turn()
    walk.does(asker, "note", text=NOTE)
    asks(enter(asker), walk, "Since when do they know?")
    assert texts(walk, asker, "note") == [NOTE]


# --- Cancelled and taken back ---------------------------------------------------------------------------------------


def test_a_change_that_was_cancelled_is_not_sent_when_the_line_is_back(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    walk.does("Cara", "idea", text="Map the contacts")
    cara = enter("Cara")
    cara.presses("Change")
    with offline(cara):
        for words in ("Map them", "Map them all"):
            cara.writes("Your words", words)
            cara.page.get_by_role("button", name="Save", exact=True).click()
        cara.presses("Cancel")
    comes_after(cara, walk, "Your idea", "Add the idea", "idea")
    assert texts(walk, "Cara", "idea") == ["Map the contacts", "The last word"]
    cara.does_not_see("Your drafts")


def test_a_change_of_the_plan_that_was_cancelled_is_not_sent_when_the_line_is_back(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("feedback")
    walk.does("Otto", "plan", text="Draw the map")
    otto = enter("Otto")
    otto.page.get_by_role("button", name="Change", exact=True).click()
    with offline(otto):
        form = otto.page.get_by_role("form", name="Change this action")
        form.get_by_label("What I will do").fill("Draw nothing")
        form.get_by_role("button", name="Save").click()
        form.get_by_role("button", name="Cancel").click()
    otto.presses("Add an action")
    comes_after(otto, walk, "What I will do", "Add to the plan", "action")
    assert texts(walk, "Otto", "action") == ["Draw the map", "The last word"]


def test_an_answer_that_was_cancelled_is_not_sent_when_the_line_is_back(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    question = walk.does(walk.whose_turn(), "question", text="Who asked?").item
    walk.does("Otto", "answer", parent=question, text="", how="aloud")
    otto = enter("Otto")
    otto.presses("Change the answer")
    with offline(otto):
        otto.writes("Your answer", "The technical manager")
        otto.presses("Save the answer")
        otto.presses("Cancel")
    otto.page.locator(".notes > summary").click()
    comes_after(otto, walk, "A note for yourself", "Note it", "note")
    assert texts(walk, "Mia", "answer") == [""]


def test_what_waits_for_the_line_can_be_taken_back_into_its_field(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    with offline(cara):
        for idea in ("Map the contacts", "Ask Karim"):
            cara.writes("Your idea", idea)
            cara.presses("Add the idea")
        waiting = cara.page.get_by_role("listitem").filter(has_text="Ask Karim")
        waiting.get_by_role("button", name="Take back").click()
        expect(waiting).to_have_count(0)
        expect(cara.field("Your idea")).to_have_value("Ask Karim")
    comes_after(cara, walk, "Your idea", "Add the idea", "idea")
    assert texts(walk, "Cara", "idea") == ["Map the contacts", "The last word"]


# --- What waits is seen ---------------------------------------------------------------------------------------------


def test_an_idea_that_was_parked_without_a_line_is_seen_while_it_waits(walk: Walk, enter: Enter) -> None:
    walk.go_to("silent_questions")
    cara = enter("Cara")
    with offline(cara):
        cara.writes("A question for later", "Draw the last approval")
        cara.presses("Park it for the brainstorm")
        expect(cara.page.locator(".unsaved")).to_contain_text("Draw the last approval")
    expect(cara.page.locator(".unsaved")).to_have_count(0)
    assert texts(walk, "Cara", "parked") == ["Draw the last approval"]


def test_a_draft_that_was_kept_as_a_note_without_a_line_is_seen_while_it_waits(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    cara.writes("Your idea", "Half a thought")
    walk.does("Mia", "advance", anyway=True)
    cara.is_in("Recommendations")
    with offline(cara):
        cara.presses("Keep as a note")
        expect(cara.page.locator(".unsaved")).to_contain_text("Half a thought")
    expect(cara.page.locator(".unsaved")).to_have_count(0)
    assert texts(walk, "Cara", "note") == ["Half a thought"]


def test_whoever_closes_the_page_is_asked_only_while_something_is_not_saved(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    cara.writes("Your idea", "Map the contacts")
    assert not cara.page.evaluate(ASKS_BEFORE_IT_CLOSES)  # a draft is kept by the tab
    with offline(cara):
        cara.presses("Add the idea")
        expect(cara.page.locator(".unsaved")).to_contain_text("Map the contacts")
        assert cara.page.evaluate(ASKS_BEFORE_IT_CLOSES)
    cara.waits_until(lambda: texts(walk, "Cara", "idea") == ["Map the contacts"])
    expect(cara.page.locator(".unsaved")).to_have_count(0)
    assert not cara.page.evaluate(ASKS_BEFORE_IT_CLOSES)


# --- Said aloud -----------------------------------------------------------------------------------------------------


def test_a_mark_that_something_was_said_aloud_does_not_wait_for_the_line(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    asker = enter(walk.whose_turn())
    asker.is_in("Clarifying questions")
    with offline(asker):
        asker.presses("I asked it aloud")
        asker.sees("Try again when the connection is back.")
    comes_after(asker, walk, "Your question", "Ask", "question")
    assert texts(walk, "Mia", "question") == ["The last word"]


def test_a_mark_takes_along_what_stands_beside_it(walk: Walk, enter: Enter) -> None:
    walk.go_to("recommendations")
    giver = enter(walk.whose_turn())
    giver.writes("A first step", "Call Karim")
    giver.presses("I said it aloud")
    giver.sees("Call Karim")
    [given] = walk.sees_kind("Mia", "recommendation")
    assert (given["text"], given["data"]["first_step"]) == ("", "Call Karim")
    giver.does_not_see("Your drafts")


# --- On two devices -------------------------------------------------------------------------------------------------


def test_what_waited_on_one_device_does_not_undo_what_was_saved_on_the_other(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto")
    said = frames(otto)
    otto.page.clock.install()
    otto.page.reload()
    otto.is_in("Issue statement")
    with offline(otto):
        otto.writes("The situation is…", "Four contacts")
        otto.presses("Show it now")
        walk.does("Otto", "statement", issue="Nobody decides", situation="Nine contacts")
    otto.sees("You have changed this on another device since")
    expect(otto.field("The situation is…")).to_have_value("Nine contacts")
    otto.sees("Four contacts")  # among his drafts
    otto.page.clock.run_for(3000)  # nor does the form save itself with it
    assert not [frame for frame in said if '"statement"' in frame]
    assert walk.sees_kind("Mia", "statement")[0]["data"]["situation"] == "Nine contacts"


def test_what_waited_goes_out_where_only_the_answer_was_lost(walk: Walk, enter: Enter) -> None:
    """The server has the first words, and the page cannot know."""
    walk.run_up_to("ask")
    otto = enter("Otto")
    lost: list[str] = []

    def lose_the_first(line: WebSocketRoute) -> None:
        server = line.connect_to_server()

        def from_server(message: str | bytes) -> None:
            if re.match(r'43\d*\[{"ok":true,"version"', str(message)) and not lost:
                lost.append(str(message))
                line.close()
            else:
                line.send(message)

        server.on_message(from_server)

    otto.page.route_web_socket(re.compile("/socket.io/"), lose_the_first)
    otto.page.reload()
    otto.may_fail = True
    otto.writes("What I expect from you is…", "One reason to meet me")
    otto.presses("Save the ask")
    otto.waits_until(lambda: bool(lost))
    otto.waits_until(lambda: not otto.page.evaluate(WAITS))
    assert len(lost) == 1
    assert texts(walk, "Cara", "ask") == ["One reason to meet me"]
    otto.does_not_see("on another device")


# --- Drafts of whole forms ------------------------------------------------------------------------------------------


def test_the_people_of_a_deal_are_among_the_drafts_and_kept_with_them(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto")
    otto.is_in("Issue statement")
    with offline(otto):
        otto.page.get_by_text("About the deal (optional)").click()
        otto.presses("Add a person")
        row = otto.page.get_by_role("group", name="Person 1")
        row.get_by_label("Name").fill("Karim")
        row.get_by_label("Influence").select_option("high")
        walk.does("Mia", "advance", anyway=True)
    otto.is_in("Clarifying questions: write in silence")
    otto.sees("Karim, High influence")
    otto.presses("Keep as a note")
    otto.waits_until(lambda: texts(walk, "Otto", "note") == ["Karim, High influence"])


# --- Put out, and gone for good -------------------------------------------------------------------------------------


def test_whoever_is_removed_still_has_what_they_were_writing(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    with offline(cara):
        cara.writes("Your idea", "Map the contacts")
        cara.presses("Add the idea")
        cara.writes("Your idea", "Half a thought")
        walk.does("Mia", "remove", seat=walk.seats["Cara"])
    cara.sees("You are no longer in this session")
    for words in ("Map the contacts", "Half a thought"):
        cara.sees(words)


@pytest.mark.parametrize(
    ("happens", "title"),
    [("forgotten", "Thank you, all of you"), ("erased", "You are erased from this session")],
)
def test_what_is_gone_for_good_while_somebody_is_offline_goes_from_their_tab_too(
    walk: Walk, enter: Enter, near: Flask, tmp_path: Path, happens: str, title: str
) -> None:
    near.instance_path = str(tmp_path)  # where it is noted what was erased
    it = walk.room()
    it.it.transcript = happens != "forgotten"
    it.rows.commit()
    walk.go_to("brainstorm")
    cara = enter("Cara")
    with offline(cara):
        cara.writes("Your idea", "Map the contacts")
        cara.presses("Add the idea")
        cara.writes("Your idea", "Half a thought")
        assert "Half a thought" in cara.page.evaluate(IN_THE_TAB)
        if happens == "erased":
            erasing.erase_person(walk.id, walk.seats["Cara"], words=True)
        else:
            walk.does("Mia", "stop")
    cara.sees(title)
    assert "Half a thought" not in cara.page.evaluate(IN_THE_TAB)
    assert "Map the contacts" not in cara.page.evaluate(IN_THE_TAB)
    assert not cara.page.evaluate(ASKS_BEFORE_IT_CLOSES)


# --- Keys, boxes and clocks -----------------------------------------------------------------------------------------


def test_the_enter_that_ends_a_composition_sends_nothing(walk: Walk, enter: Enter) -> None:
    walk.go_to("recommendations")
    giver = enter(walk.whose_turn())
    giver.writes("Your recommendation", "Draw the map")
    giver.writes("A first step", "カリムに電話")
    giver.field("A first step").evaluate(ENTER_OF_A_COMPOSITION)
    expect(giver.field("A first step")).to_have_value("カリムに電話")
    giver.field("A first step").press("Enter")
    giver.waits_until(lambda: len(texts(walk, "Mia", "recommendation")) == 1)


def test_a_box_that_was_ticked_in_vain_is_not_ticked(walk: Walk, enter: Enter) -> None:
    walk.opened("Cara", "Carl")
    mia = enter("Mia")
    box = mia.page.get_by_label("I also consult")
    expect(box).to_be_visible()
    with offline(mia):
        box.click()
        mia.sees("Try again when the connection is back.")
        expect(box).not_to_be_checked()


def test_the_keyboard_on_the_screen_of_a_tablet_does_not_close_what_is_typed_in(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    mia = enter("Mia")
    mia.presses("More about Cara")
    name = mia.page.get_by_role("textbox", name="Name")
    name.fill("Clara")
    mia.page.set_viewport_size({"width": 1440, "height": 450})
    mia.page.evaluate(PAINTED)
    expect(name).to_have_value("Clara")
    expect(name).to_be_focused()
    mia.page.set_viewport_size({"width": 800, "height": 450})
    expect(mia.page.locator(".room.is-narrow")).to_be_visible()


def test_a_device_whose_clock_is_wrong_does_not_say_that_a_minute_has_just_passed(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    walk.does("Mia", "set_time", seconds=40)
    cara = enter("Cara")
    cara.page.clock.install(time=now() - timedelta(hours=7))
    cara.page.reload()
    cara.sees("last minute")
    cara.page.evaluate(PAINTED)
    assert "One minute left." not in cara.page.get_by_role("log").inner_text()


def test_a_restart_that_does_not_end_is_no_restart_any_more(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    cara = enter("Cara")
    lines: list[WebSocketRoute] = []

    def join(line: WebSocketRoute) -> None:
        lines.append(line)
        if len(lines) == 1:
            line.connect_to_server()
        else:
            line.close()

    cara.page.route_web_socket(re.compile("/socket.io/"), join)
    cara.page.clock.install(time=now())
    cara.page.reload()
    cara.is_in("Brainstorm")
    cara.may_fail = True
    lines[0].send('42["restarting",{"in_ms":500}]')
    lines[0].close()
    cara.sees("Intervise restarts")
    cara.page.clock.run_for(31_000)
    cara.sees("You are offline")
