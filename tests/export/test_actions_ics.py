"""The dated actions for a calendar, against a golden file and through a reader other than the library that wrote it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.sessions.exports import rows
from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, without_transcript

GOLDEN = Path(__file__).with_name("session_a.ics")
OURS = {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY", "DESCRIPTION", "TRANSP"}
Event = dict[str, str]


def test_session_a_is_as_in_the_golden_file():
    assert made(session_a.snapshot(), "plan", "ics") == GOLDEN.read_bytes()


def test_every_dated_action_is_a_whole_day_that_leaves_its_owner_free():
    events = read(session_a.snapshot())

    assert [event["SUMMARY"] for event in events] == [what for what, *_ in session_a.ACTIONS]
    assert [event["DTSTART;VALUE=DATE"] for event in events] == ["20260315", "20260320", "20260317", "20260326"]
    assert events[0]["DTEND;VALUE=DATE"] == "20260316"
    assert {event["TRANSP"] for event in events} == {"TRANSPARENT"}
    assert "First step: Call Karim on Friday morning\nSign of success: A drawing" in events[0]["DESCRIPTION"]


@pytest.mark.parametrize("timezone", ["Europe/Brussels", "Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu"])
@pytest.mark.parametrize("by", ["2026-03-29", "2026-10-25", "2026-12-31", "2028-02-29"])
def test_a_day_is_the_same_day_everywhere_also_when_the_clocks_change(timezone, by):
    snapshot = one_action(by)
    snapshot["session"]["timezone"] = timezone
    event = read(snapshot)[0]

    assert day(event["DTSTART;VALUE=DATE"]) == date.fromisoformat(by)
    assert (day(event["DTEND;VALUE=DATE"]) - date.fromisoformat(by)).days == 1
    assert event["DTSTAMP"] == "20260312T140000Z"


@pytest.mark.parametrize("by", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_can_be_typed_make_a_file(by):
    assert read(one_action(by))[0]["DTSTART;VALUE=DATE"] == by.replace("-", "")


def test_check_ins_are_days_in_the_sessions_own_time_zone():
    """The session closes on 27 March at 23:30 in Brussels; in the night to the 29th the clocks change."""
    snapshot = session_a.snapshot()
    snapshot["session"]["closed_at"] = 1774650600000  # 2026-03-27 22:30 UTC
    assert rows.plan(snapshot).check_ins == (date(2026, 3, 29), date(2026, 4, 10), date(2026, 5, 8))

    snapshot["session"]["timezone"] = "Asia/Tokyo"
    assert rows.plan(snapshot).check_ins[0] == date(2026, 3, 30)


def test_an_action_keeps_its_name_in_the_calendar():
    first = [event["UID"] for event in read(session_a.snapshot())]
    changed = session_a.snapshot()
    changed["items"]["p0"]["text"] = "Other words"
    changed["session"]["title"] = "Another title"

    assert [event["UID"] for event in read(changed)] == first
    assert len(set(first)) == 4


def test_an_action_without_a_date_is_left_out():
    snapshot = session_a.snapshot()
    snapshot["items"]["p1"]["data"]["by"] = ""

    assert [event["UID"] for event in read(snapshot)] == [f"action-p{number}@intervise" for number in (0, 2, 3)]


@pytest.mark.parametrize("name", [*corpus.CORPUS, "attach"])
def test_what_people_typed_never_becomes_a_line_of_its_own(name):
    words = (corpus.CORPUS | {"attach": 'x\r\nATTACH:http://x.example\r\nEND:VEVENT\nBEGIN:VALARM";CN="a\\nb'})[name]
    content = made(corpus.snapshot(words), "plan", "ics")
    events = read(corpus.snapshot(words))

    assert content.count(b"BEGIN:VEVENT\r\n") == len(events) == 4
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    for event in events:
        assert set(event) == OURS
        assert f"First step: {clean(words)}\n" in event["DESCRIPTION"]
        assert "\n" not in event["SUMMARY"]
        assert len(event["SUMMARY"]) <= 121


def test_without_a_transcript_the_actions_are_there():
    events = read(without_transcript(session_a.snapshot()))

    assert len(events) == 4
    assert "Came from" not in str(events)


def one_action(by: str) -> dict[str, Any]:
    snapshot = session_a.snapshot()
    snapshot["items"] = {"p0": snapshot["items"]["p0"]}
    snapshot["items"]["p0"]["data"]["by"] = by
    return snapshot


def day(digits: str) -> date:
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def read(snapshot: dict[str, Any]) -> list[Event]:
    """After RFC 5545: lines unfolded (3.1), each a name and a value, and texts unescaped (3.3.11)."""
    lines = made(snapshot, "plan", "ics").decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert {"VERSION:2.0", "METHOD:PUBLISH"} <= set(lines)
    events: list[Event] = []
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and line != "END:VEVENT":
            assert name not in events[-1]
            events[-1][name] = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)
    return events
