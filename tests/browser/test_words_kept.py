"""What somebody types is theirs: refused, half done, offline, or when another person sits down at the same browser."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server
from tests.sessions.sockets import cookie_of


@contextmanager
def offline(person: Person) -> Iterator[None]:
    person.may_fail = True
    expect(person.page.locator(".room")).to_be_visible()
    person.context.set_offline(True)
    person.sees("You are offline")
    yield
    person.context.set_offline(False)


def ideas(walk: Walk) -> list[str]:
    return [idea["text"] for idea in walk.sees_kind("Carl", "idea")]


def test_everything_that_is_refused_at_once_comes_back(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("brainstorm")
    cara = enter("Cara")
    cara.is_in("Brainstorm")
    with offline(cara):
        for idea in ("Draw the last approval", "Ask the works council"):
            cara.writes("Your idea", idea)
            cara.presses("Add the idea")
        cara.writes("Your idea", "Half a thought")
        walk.does("Mia", "advance", anyway=True)
    cara.is_in("Recommendations")
    drafts = cara.page.get_by_role("listitem").filter(has_text="Half a thought")
    for words in ("Draw the last approval", "Ask the works council"):
        expect(drafts).to_contain_text(words)


def test_what_otto_was_still_writing_of_his_case_is_among_his_drafts(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto", phone=True)
    otto.is_in("Issue statement")
    with offline(otto):
        otto.writes("The situation is…", "Nine contacts, and nobody decides")
        walk.does("Mia", "advance", anyway=True)
    otto.is_in("Clarifying questions: write in silence")
    otto.sees("Your drafts")
    otto.sees("Nine contacts, and nobody decides")


def test_what_was_saved_just_before_the_group_moved_on_is_no_draft(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto")
    otto.writes("The situation is…", "Nine contacts, and nobody decides")
    otto.presses("Show it now")
    otto.sees("Saved.")
    walk.does("Mia", "advance", anyway=True)
    otto.is_in("Clarifying questions: write in silence")
    otto.does_not_see("Your drafts")


def test_a_change_saved_twice_while_the_line_is_down_is_the_change(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    walk.does("Cara", "idea", text="Map the contacts")
    cara = enter("Cara")
    cara.presses("Change")
    with offline(cara):
        cara.writes("Your words", "Map the contacts by role")
        for _twice in range(2):
            cara.page.get_by_role("button", name="Save", exact=True).click()
        expect(cara.field("Your words")).to_have_value("Map the contacts by role")
    expect(cara.page.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    cara.sees("Map the contacts by role")
    assert ideas(walk) == ["Map the contacts by role"]
    cara.does_not_see("Your drafts")


def test_what_is_saved_while_the_words_before_it_are_under_way_follows_them(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("ask")
    otto = enter("Otto")
    expected = otto.field("What I expect from you is…")
    with offline(otto):
        for words in ("One reason to meet", "One reason to meet me"):
            expected.fill(words)
            otto.page.get_by_role("button", name=re.compile("^Save the ")).click()
    otto.sees("Saved.")
    expect(expected).to_have_value("One reason to meet me")
    assert walk.sees_kind("Cara", "ask")[0]["text"] == "One reason to meet me"


def test_what_is_written_after_the_second_save_is_not_closed_away(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    walk.does("Cara", "idea", text="Map the contacts")
    cara = enter("Cara")
    cara.presses("Change")
    with offline(cara):
        for words in ("Map them", "Map them all"):
            cara.writes("Your words", words)
            cara.page.get_by_role("button", name="Save", exact=True).click()
        cara.writes("Your words", "Map them all by role")
    cara.waits_until(lambda: ideas(walk) == ["Map them all"])
    cara.hears(walk.room().it.version)
    expect(cara.field("Your words")).to_have_value("Map them all by role")


def test_a_change_that_was_saved_before_a_reload_is_no_draft_afterwards(walk: Walk, enter: Enter) -> None:
    walk.go_to("brainstorm")
    walk.does("Cara", "idea", text="Map the contacts")
    cara = enter("Cara")
    down = [True]
    reconnect = re.compile("/socket.io/")
    cara.page.route_web_socket(reconnect, lambda line: line.close() if down else line.connect_to_server() and None)
    cara.presses("Change")
    with offline(cara):
        cara.writes("Your words", "Map them all")
        cara.page.get_by_role("button", name="Save", exact=True).click()
    down.clear()
    cara.page.reload()
    cara.waits_until(lambda: ideas(walk) == ["Map them all"])
    cara.is_in("Brainstorm")
    cara.sees("Map them all")
    cara.does_not_see("Your drafts")


def test_the_choice_made_last_stands_though_the_line_was_down(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("feedback")
    recommendation = walk.sees_kind("Otto", "recommendation")[0]["id"]
    walk.does("Otto", "sort", parent=recommendation, verdict="helps")
    otto = enter("Otto")
    sorting = otto.page.locator(".sorting").first
    with offline(otto):
        sorting.get_by_role("button", name="Not now").click()
        sorting.get_by_label("A word about it").fill("Too early")
        otto.page.keyboard.press("Tab")
    otto.waits_until(lambda: [each["text"] for each in walk.sees_kind("Mia", "verdict")] == ["Too early"])
    assert walk.sees_kind("Mia", "verdict")[0]["data"]["verdict"] == "not_now"


def test_a_person_left_blank_makes_no_draft_of_a_case_that_is_saved(walk: Walk, enter: Enter) -> None:
    walk.go_to("statement")
    otto = enter("Otto")
    otto.writes("The situation is…", "Nine contacts")
    otto.page.get_by_text("About the deal (optional)").click()
    otto.presses("Add a person")
    otto.presses("Show it now")
    otto.sees("Saved.")
    walk.does("Mia", "advance", anyway=True)
    otto.is_in("Clarifying questions: write in silence")
    otto.does_not_see("Your drafts")


def test_a_note_is_added_to_the_question_that_is_half_written(walk: Walk, enter: Enter) -> None:
    walk.go_to("questions")
    asker = walk.whose_turn()
    walk.does(asker, "note", text="Who signed last time?")
    person = enter(asker)
    person.writes("Your question", "When was that?")
    person.page.get_by_role("group", name="From your notes").get_by_role("button", name="Who signed last time?").click()
    expect(person.field("Your question")).to_have_value("When was that?\nWho signed last time?")


def test_whoever_sits_down_at_the_same_browser_finds_nothing_of_the_one_before(
    walk: Walk, enter: Enter, near: Flask, server: Server
) -> None:
    walk.go_to("brainstorm")
    page = enter("Cara")
    page.writes("Your idea", "Cara’s half a thought")
    name, value = cookie_of(near, walk, "Carl").split("=", 1)
    with offline(page):
        page.presses("Add the idea")
        page.writes("Your idea", "And another half")
        page.context.add_cookies([{"name": name, "value": value, "url": server.url}])
    page.sees("Carl (you)")
    expect(page.field("Your idea")).to_have_value("")
    assert walk.sees_kind("Mia", "idea") == []
