"""What the live regions of the room say while a session goes on: enough, and never a flood."""

import re

import pytest

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server

LISTEN = """() => {
    window.told = [];
    const live = "[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], [role=log]";
    const regionOf = ({ target }) => (target.closest ? target : target.parentElement)?.closest(live);
    new MutationObserver((changes) => {
        for (const region of new Set(changes.map(regionOf))) {
            const words = region?.innerText.trim();
            if (words) told.push(words);
        }
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def otto(walk: Walk, enter: Enter) -> Person:
    walk.go_to("silent_questions")
    return listening(walk, enter("Otto", phone=True))


@pytest.fixture
def cara(walk: Walk, enter: Enter) -> Person:
    walk.go_to("silent_questions")
    return listening(walk, enter("Cara"))


def listening(walk: Walk, person: Person) -> Person:
    person.hears(walk.room().it.version)
    person.page.evaluate(LISTEN)
    return person


def told(person: Person, last: str) -> list[str]:
    """What was said since the last time, once `last` has been said."""
    person.page.wait_for_function("last => told.includes(last)", arg=last)
    words: list[str] = person.page.evaluate("told.splice(0)")
    return [re.sub(r"[\u2066-\u2069]", "", each) for each in words]


def test_each_hears_the_phase_what_it_asks_of_them_and_whose_turn_it_is(walk: Walk, otto: Person, cara: Person) -> None:
    walk.go_to("questions")
    phase = "Phase 2 of 6: Clarifying questions. "
    assert told(cara, "It is your turn.") == [
        phase + "Understand the case, do not steer it. One open, factual question on your turn.",
        "It is your turn.",
    ]
    walk.does("Cara", "pass_turn")
    assert told(otto, "\u2068Carl\u2069 has the turn.") == [
        phase + "Answer briefly, one question at a time. You may pass.",
        "Cara has the turn.",
        "Carl has the turn.",
    ]
    assert told(cara, "\u2068Carl\u2069 has the turn.") == ["Carl has the turn."]


def test_the_owner_hears_that_they_are_listening(walk: Walk, otto: Person) -> None:
    walk.go_to("ask")
    walk.does("Otto", "ask", text="Help me find who decides")
    walk.go_to("silent_brainstorm")
    listen = (
        "Phase 3 of 6: Brainstorm: write in silence. "
        "You are listening. The group is thinking for you; nothing is asked of you."
    )
    assert listen in told(otto, listen)


def test_one_minute_left_and_time_is_up_are_said_each_time(walk: Walk, cara: Person, server: Server) -> None:
    walk.go_to("ask")
    cara.hears(walk.room().it.version)
    cara.page.evaluate("told.length = 0")
    allotted = walk.room().times["ask"].allotted_s
    server.set_clock(allotted - 40)
    assert "One minute left." in told(cara, "One minute left.")
    walk.does("Mia", "extend", seconds=60)
    server.set_clock(allotted + 20)
    assert told(cara, "One minute left.") == ["One minute left."], "the same words are said again"
    server.set_clock(allotted + 65)
    assert told(cara, "The time for this step is up.") == ["The time for this step is up."]


def test_ten_ideas_at_once_are_one_announcement(walk: Walk, cara: Person) -> None:
    walk.go_to("brainstorm")
    cara.hears(walk.room().it.version)
    for number in range(10):
        walk.does("Carl", "idea", text=f"Idea number {number}")
    ten = "10 new contributions."
    assert [words for words in told(cara, ten) if "contribution" in words] == [ten]
