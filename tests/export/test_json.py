"""Plan and record as JSON: golden files, and the fields that docs/exports.md describes."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.sessions.exports import data, formats, process_document
from app.sessions.exports.sheet import clean
from app.sessions.process import PhaseOfGroup, Process, Share
from tests.export import corpus, session_a
from tests.export.papers import made, stopped_early, two_hundred_recommendations, without_transcript

DOCUMENTS = ("plan", "record")
HANDBOOK = Path(__file__).parents[2] / "docs" / "exports.md"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_session_a_is_as_in_the_golden_file(document):
    golden = Path(__file__).with_name(f"session_a_{document}.json")

    assert made(session_a.snapshot(), document, "json") == golden.read_bytes()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_same_session_gives_the_same_bytes_whenever_it_is_asked(document):
    later = session_a.snapshot()
    later["now"] += 1_000_000
    later["items"] = dict(reversed(later["items"].items()))
    later["me"] = {}

    assert made(later, document, "json") == made(session_a.snapshot(), document, "json")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_field_is_described(document):
    described = set(re.findall(r"`(\w+)`", HANDBOOK.read_text(encoding="utf-8")))

    assert keys(parse(session_a.snapshot(), document)) - {str(number) for number in range(1, 7)} - described == set()


def test_dates_are_days_and_moments_carry_their_offset():
    plan = parse(session_a.snapshot(), "plan")

    assert plan["actions"][0]["by"] == "2026-03-15"
    assert plan["held_at"] == "2026-03-12T14:01:00+01:00"
    assert plan["check_ins"] == ["2026-03-14", "2026-03-26", "2026-04-23"]


def test_an_idea_has_no_author_and_a_verdict_is_a_code():
    record = parse(session_a.snapshot(), "record")

    assert set(record["ideas"][0]) == {"text", "noted", "built"}
    assert [advice["verdict"] for advice in record["recommendations"]] == ["helps"] * 3 + ["maybe", "not_now"]
    assert "private note" not in json.dumps(record)


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_comes_out_as_they_typed_it(name):
    words = clean(corpus.CORPUS[name])
    record = parse(corpus.snapshot(corpus.CORPUS[name]), "record")

    assert {action["what"] for action in record["plan"]["actions"]} == {words}
    assert {idea["text"] for idea in record["ideas"]} == {words}
    assert record["questions"][0]["answer"]["text"] == words
    assert record["contacts"][0]["role"] == words


def test_two_hundred_recommendations_are_all_there():
    assert len(parse(two_hundred_recommendations(session_a.snapshot()), "record")["recommendations"]) == 205


def test_what_was_not_reached_has_no_minutes():
    phases = parse(stopped_early(session_a.snapshot()), "record")["phases"]

    assert [phases[number]["used_s"] is None for number in "123456"] == [False, False, True, True, True, True]


def test_without_a_transcript_everything_else_is_empty():
    record = parse(without_transcript(session_a.snapshot()), "record")

    assert not record["plan"]["transcript"]
    assert [lesson["said"]["name"] for lesson in record["lessons"]] == ["Pieter", ""]
    for part in ("cases", "statement", "contacts", "questions", "ideas", "recommendations", "strengths", "process"):
        assert not record[part]
    assert record["plan"]["consultants"] == []


def parse(snapshot: dict[str, Any], document: str) -> dict[str, Any]:
    found = json.loads(made(snapshot, document, "json"))
    assert (found["format"], found["version"]) == (f"intervise.{document}", 1)
    assert isinstance(found, dict)
    return found


def keys(value: object) -> set[str]:
    if isinstance(value, dict):
        return {str(key) for key in value} | {key for each in value.values() for key in keys(each)}
    return {key for each in value for key in keys(each)} if isinstance(value, list) else set()


def test_how_it_went_is_as_in_the_golden_file_and_described():
    made = data.render(process_document.cleaned(PROCESS))
    described = set(re.findall(r"`(\w+)`", HANDBOOK.read_text(encoding="utf-8")))

    assert made == Path(__file__).with_name("process.json").read_bytes()
    assert keys(json.loads(made)) - described == set()


def test_how_it_went_in_words(app):
    with app.test_request_context():
        made = formats.of("process")["md"].write(process_document.cleaned(PROCESS))()

    assert made == Path(__file__).with_name("process.md").read_bytes()


PROCESS = Process(
    code="HXK4TQ",
    team="Team North | *",
    language="en",
    method="intervision",
    held_at=datetime(2026, 3, 12, 14, 1, tzinfo=ZoneInfo("Europe/Brussels")),
    moderator="Lotte",
    stopped=True,
    overridden=True,
    transcript=True,
    names=True,
    themes=("Several deciders", "Hospitals"),
    people=7,
    phases=(
        PhaseOfGroup(1, "Issue statement", 480.0, 525.0, 1),
        PhaseOfGroup(2, "Clarifying questions", 600.0, 610.0, 6),
        PhaseOfGroup(3, "Brainstorm", 600.0, None, None),
    ),
    answered=Share(4, 5),
    kept=Share(None, 2),
    lessons=("Count roles, not contacts.", "=1+1"),
)
