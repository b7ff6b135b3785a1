"""The record as Markdown, against a golden file and through an independent parser."""

from pathlib import Path
from typing import Any

import pytest
from markdown_it.token import Token

from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, stopped_early, two_hundred_recommendations, without_transcript
from tests.export.test_markdown_plan import OURS, OURS_INLINE, inline, parse, skeleton, squeezed, text_of

GOLDEN = Path(__file__).with_name("session_a_record.md")
OURS_TOO = OURS | {"ordered_list"}


def test_session_a_is_as_in_the_golden_file():
    assert record_of(session_a.snapshot()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_is_text_in_the_same_shape_as_ever(name):
    words = corpus.CORPUS[name]
    tokens = parse(record_of(corpus.snapshot(words)))
    as_ever = skeleton(parse(record_of(corpus.snapshot("x"))))

    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= OURS_TOO
    for token in inline(tokens):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in OURS_INLINE or (kind, token.content) == ("html_inline", "<br>"), token
    assert skeleton(tokens) == as_ever
    told = squeezed("".join(text_of(token) for token in tokens if token.type == "inline"))
    assert told.count(squeezed(clean(words))) >= 70


def test_an_idea_stands_without_a_name():
    full = session_a.snapshot()
    full["items"]["i1"]["seat"] = "s-mei"

    assert "- Map contacts by role\n" in record_of(full)


def test_a_private_note_is_not_in_it():
    assert "private note" not in record_of(session_a.snapshot())


def test_a_record_that_was_stopped_early_says_what_was_not_reached():
    document = record_of(stopped_early(session_a.snapshot()))

    assert "**This session was stopped before its end.**" in document
    assert document.count("The session did not get to this phase.") == 4
    assert "Who asked for the first meeting?" in document
    for unseen in ("Map contacts by role", "Propose a 40-minute", "Count roles", "No ideas were written down."):
        assert unseen not in document


def test_without_a_transcript_there_is_the_plan_and_what_may_be_shared():
    document = record_of(without_transcript(session_a.snapshot()))

    assert headings(parse(document)) == [
        "Record: Lost in the hospital group",
        *("In the room", "Actions", "Check-ins", "Lessons"),
    ]
    assert document.count("This session leaves no transcript") == 1
    assert "- **Pieter:** A friendly planner can beat a title." in document
    assert "- Count roles, not contacts." in document
    assert "Consultants" not in document


def test_the_plan_without_a_transcript_does_not_say_that_something_is_missing():
    document = made(without_transcript(session_a.snapshot()), "plan", "md").decode()

    assert "This session leaves no transcript" in document
    assert "not written down" not in document
    assert "Lessons" not in document
    assert "| Sketch the last approval with Karim | Ines |" in document


def test_two_hundred_recommendations_are_numbered_and_all_there():
    document = record_of(two_hundred_recommendations(session_a.snapshot()))
    advice = document.split("## 4")[1].split("## 5")[0]
    lists = [token for token in parse(advice) if token.type == "ordered_list_open"]

    assert len(lists) == 1
    assert "\n205. **Sam:** Advice number 199!\n     - **First step:**" in advice
    assert [number for number in range(200) if f"Advice number {number}!" not in advice] == []


def test_a_session_in_which_nothing_was_written_has_minutes_all_the_same():
    empty = session_a.snapshot()
    empty["items"] = {}
    document = record_of(empty)

    for nothing in ("questions", "ideas", "recommendations", "reactions", "lessons", "actions"):
        assert f"No {nothing} were written down." in document
    assert "Check-ins" not in document


def record_of(snapshot: dict[str, Any]) -> str:
    return made(snapshot, "record", "md").decode()


def headings(tokens: list[Token]) -> list[str]:
    return [text_of(tokens[at + 1]) for at, token in enumerate(tokens) if token.type == "heading_open"]
