"""What somebody reads and writes stays where it is, while ten others contribute."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask

from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.conftest import Server
from tests.sessions import sockets
from tests.sessions.cast import Cast

WRITERS = ("Cara", "Carl", "Dora", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jana", "Kim")
READER = "Zoe"
SHIFT_MAX = 0.02
LATEST = "The latest word"
"""In the last contribution, so that the test knows when everything has arrived."""

# Before the page's own scripts. Every shift counts, also those that browsers excuse because of an input just before.
COUNT_SHIFTS = """
window.shifts = [];
const note = (entries) => window.shifts.push(...entries.map(({ value, sources }) => (
  { value, what: sources.map(({ node }) => (node?.closest ? node : node?.parentElement)?.className ?? "?") }
)));
const observer = new PerformanceObserver((list) => note(list.getEntries()));
observer.observe({ type: "layout-shift" });
window.noteShifts = () => note(observer.takeRecords());
"""
SHIFTS = """async () => {
  for (let frame = 0; frame < 3; frame += 1) await new Promise(requestAnimationFrame);
  window.noteShifts();
  return window.shifts;
}"""
FORGET_SHIFTS = f"async () => {{ (await ({SHIFTS})()).length = 0; }}"
FIELD = """() => {
  const field = document.activeElement;
  return [field.localName, field.value, field.selectionStart, Math.round(field.getBoundingClientRect().top)];
}"""

Contribute = Callable[[dict[str, sockets.Person], int, str], None]


def ideas(people: dict[str, sockets.Person], number: int, words: str) -> None:
    assert people[WRITERS[number % 10]].command("idea", "brainstorm", text=words)["ok"]


def lessons(people: dict[str, sockets.Person], number: int, words: str) -> None:
    assert people[WRITERS[number % 10]].command("lesson", "lessons", text=words, share=True)["ok"]


def reactions(people: dict[str, sockets.Person], number: int, words: str) -> None:
    sort = ("strength", "risk")[number % 2]
    assert people[WRITERS[number]].command("reaction", "reactions", text=words, sort=sort)["ok"]


def questions(people: dict[str, sockets.Person], number: int, words: str) -> None:
    """Each asks in turn, and the owner answers; whose turn it is, and what happens, is told above what is read."""
    asked = people[WRITERS[number]].command("question", "questions", text=words)
    assert asked["ok"]
    assert people["Otto"].command("answer", "questions", parent=asked["item"], text="Nobody", how="written")["ok"]


@pytest.mark.parametrize(
    ("contribute", "step", "phone"),
    [
        (ideas, "brainstorm", True),
        (ideas, "brainstorm", False),
        (questions, "questions", True),
        (reactions, "reactions", True),
        (lessons, "lessons", True),
    ],
)
def test_the_page_stays_as_it_is_while_ten_people_write(
    contribute: Contribute, step: str, phone: bool, cast: Cast, near: Flask, server: Server, meet: Meet
):
    cast.opened(*WRITERS, READER).go_to(step)
    reader = enters(meet, cast, near, server, phone)
    with sockets_of(cast, near, server) as people:
        for number in range(4):
            contribute(people, number, f"Word {number} of somebody who knows the customer well")
        reader.sees("Word 3 of somebody")
        half_a_thought(reader, step)
        before = reader.page.evaluate(FIELD)
        reader.page.evaluate(FORGET_SHIFTS)
        last = 8 if step == "questions" else 9  # after the tenth question it is the reader's own turn, and a new form
        for number in range(4, last):
            contribute(people, number, f"Word {number} of somebody who knows the customer well")
        contribute(people, last, LATEST)
        reader.page.get_by_text(LATEST).wait_for()

    shifts = reader.page.evaluate(SHIFTS)
    assert sum(shift["value"] for shift in shifts) < SHIFT_MAX, shifts
    assert reader.page.evaluate(FIELD) == before
    assert before[:3] == ["textarea", "Half a thought", 4]


def test_ones_own_turn_leaves_the_note_in_hand_where_it_is(cast: Cast, near: Flask, server: Server, meet: Meet) -> None:
    cast.opened(*WRITERS, READER).go_to("questions")
    reader = enters(meet, cast, near, server, phone=True)
    with sockets_of(cast, near, server) as people:
        for number in range(9):
            questions(people, number, f"Word {number} of somebody who knows the customer well")
        reader.sees("Word 8 of somebody")
        half_a_thought(reader, "questions")
        before = reader.page.evaluate(FIELD)
        questions(people, 9, LATEST)
        reader.sees("It is your turn.")
        reader.page.get_by_label("Your question").wait_for()

    assert reader.page.evaluate(FIELD) == before
    assert before[:3] == ["textarea", "Half a thought", 4]


def enters(meet: Meet, cast: Cast, near: Flask, server: Server, phone: bool) -> Person:
    reader = meet(READER, phone=phone)
    reader.page.add_init_script(COUNT_SHIFTS)
    name, value = sockets.cookie_of(near, cast, READER).split("=", 1)
    reader.context.add_cookies([{"name": name, "value": value, "url": server.url}])
    reader.goes_to(f"/sessions/{cast.room().it.code}/room")
    reader.page.locator(".room .stage-body").wait_for()
    return reader


@contextmanager
def sockets_of(cast: Cast, near: Flask, server: Server) -> Iterator[dict[str, Any]]:
    code = cast.room().it.code
    people = {
        who: sockets.Person(server.url, code, sockets.cookie_of(near, cast, who)) for who in ("Mia", "Otto", *WRITERS)
    }
    yield people
    for person in people.values():
        person.leave()


def half_a_thought(reader: Person, step: str) -> None:
    """Half a text in the step's field, the caret in its middle. Who has no turn to ask takes a note instead."""
    if step == "questions":
        reader.page.locator(".notes > summary").click()
    field = reader.page.locator(".stage-body textarea").filter(visible=True).first
    field.click()
    reader.page.keyboard.type("Half a thought")
    for _ in range(10):
        reader.page.keyboard.press("ArrowLeft")
