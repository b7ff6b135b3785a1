"""The actions as CSV, against a golden file and read back with the standard library."""

import csv
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from app.sessions.exports import actions_csv
from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, without_transcript

GOLDEN = Path(__file__).with_name("session_a.csv")
TITLES = ["What", "Who", "By when", "When …, I will …", "First step", "Sign of success", "Came from", "Session"]


def test_session_a_is_as_in_the_golden_file():
    assert made(session_a.snapshot(), "plan", "csv") == GOLDEN.read_bytes()


def test_a_spreadsheet_knows_the_letters_and_the_lines():
    content = made(session_a.snapshot(), "plan", "csv")

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == content.count(b"\n") == 5


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "\0x", "  =1+1", "＝1+1"])
def test_a_cell_that_a_spreadsheet_would_reckon_with_is_text(words):
    assert actions_csv.cell(words) == "'" + words


@pytest.mark.parametrize("words", ["1+1", "a=b", "", "'quoted'", "5 - 3", "mia@example.org"])
def test_any_other_cell_stays_as_it_is(words):
    assert actions_csv.cell(words) == words


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_is_in_its_cell(name):
    words = clean(corpus.CORPUS[name])
    rows = parse(corpus.snapshot(corpus.CORPUS[name]))

    assert [len(row) for row in rows] == [8] * 5
    for row in rows[1:]:
        for cell in (row[0], row[1], row[3], row[4], row[5]):
            assert cell.removeprefix("'") == words.removeprefix("'")
            assert cell[:1] not in tuple("=+-@\t\r\0")


def test_without_actions_there_are_the_titles():
    empty = session_a.snapshot()
    empty["items"] = {}

    assert parse(empty) == [TITLES]


def test_an_action_without_a_date_has_an_empty_cell():
    snapshot = session_a.snapshot()
    snapshot["items"]["p0"] |= {"parent": None, "data": {"by": ""}}

    assert parse(snapshot)[1] == ["Sketch the last approval with Karim", *[""] * 6, "Lost in the hospital group"]


def test_without_a_transcript_the_actions_are_there():
    rows = parse(without_transcript(session_a.snapshot()))

    assert [row[2] for row in rows[1:]] == ["2026-03-15", "2026-03-20", "2026-03-17", "2026-03-26"]
    assert {row[6] for row in rows[1:]} == {""}


def parse(snapshot: dict[str, Any]) -> list[list[str]]:
    return list(csv.reader(StringIO(made(snapshot, "plan", "csv").decode("utf-8-sig"), newline=""), strict=True))
