"""A record without names, as the people in the room read it."""

import os
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server


@pytest.fixture
def walk(near: Flask, server: Server) -> Iterator[Walk]:
    walk = Walk(near, server.url, names=False)
    yield walk
    walk.leave()


def test_it_is_said_before_anybody_accepts_and_kept_at_the_close(walk: Walk, enter: Enter) -> None:
    walk.come("Cara", "Carl")
    walk.does("Mia", "open")
    cara, otto = enter("Cara", phone=True), enter("Otto")
    for person in (cara, otto):
        expect(person.page.locator(".agreement").get_by_text("It names nobody but the moderator")).to_be_visible()
        person.finds_nothing_wrong()
    look(cara, "lobby")

    for who in ("Otto", "Cara"):
        walk.does(who, "accept")
    walk.go_to("feedback")
    walk.does("Otto", "plan", text="Draw the map", who="Otto, with Cara")
    walk.go_to("lessons")
    cara.is_in("Lessons learned")
    expect(cara.page.get_by_label("It may be shared with the team")).to_be_visible()
    cara.does_not_see("With my name")
    cara.writes("What I will use myself", "Count roles, not contacts")
    cara.page.get_by_label("It may be shared with the team").check()
    cara.presses("Add my lesson")
    cara.sees("Count roles, not contacts")
    expect(cara.page.locator(".entry-who").get_by_text("Cara")).to_be_visible()

    walk.does("Mia", "advance", anyway=True)
    for person in (cara, otto):
        person.sees("Thank you, all of you.")
        person.sees("Issue owner, with Consultant 1")
        person.sees("Count roles, not contacts")
        for name in ("Cara", "Otto"):
            expect(person.page.locator(".entry-who").get_by_text(name)).to_have_count(0)
        person.finds_nothing_wrong()
    people = otto.page.locator(".person-name")
    expect(people).to_contain_text(["Mia", "Issue owner (you)", "Consultant 1", "Consultant 2"])
    look(cara, "closed")
    look(otto, "closed")

    cara.presses("Read the whole record")
    cara.sees("This record names nobody but the moderator")
    cara.finds_nothing_wrong()
    look(cara, "record")


def look(person: Person, name: str) -> None:
    if folder := os.environ.get("INTERVISE_LOOK"):
        person.page.screenshot(path=f"{folder}/{name}-{person.name}.png", full_page=True)
