"""Shape and length of what a browser sends: nothing is coerced, nothing ignored."""

from typing import Any

import pytest

from app.sessions import forms, words
from app.sessions.rules import Refused


def refused(act: object, data: object) -> str:
    with pytest.raises(Refused) as refusal:
        forms.check(act, data)
    return refusal.value.code


@pytest.mark.parametrize("act", ["nonsense", "", None, 7, ["idea"], {"idea": 1}])
def test_an_unknown_command_is_unknown(act: object) -> None:
    assert refused(act, {}) == "unknown_event"


@pytest.mark.parametrize(
    "data", [None, [], "text", 7, {"text": 7}, {"text": None}, {"text": ["a"]}, {"text": {"a": "b"}}]
)
def test_a_wrong_type_is_invalid(data: object) -> None:
    assert refused("idea", data) == "invalid"


@pytest.mark.parametrize("extra", ["role", "author_id", "seq", "seat", "version", "data"])
def test_extra_fields_are_refused_and_not_ignored(extra: str) -> None:
    assert refused("idea", {"text": "An idea", extra: "x"}) == "invalid"


@pytest.mark.parametrize("seconds", [9, -1, 10**9, 2**63, 1.5, float("nan"), float("inf"), "60", True, None])
def test_a_clock_is_set_to_whole_seconds_between_ten_and_a_day(seconds: Any) -> None:
    assert refused("set_time", {"seconds": seconds}) == "invalid"
    assert forms.check("set_time", {"seconds": 600}) == {"seconds": 600}


def test_text_of_4000_characters_fits_and_one_more_does_not() -> None:
    assert forms.check("idea", {"text": "a" * 4000})["text"] == "a" * 4000
    assert refused("idea", {"text": "a" * 4001}) == "too_long"


@pytest.mark.parametrize("by", ["tomorrow", "2026-13-01", "2026-02-30", "20 March"])
def test_a_date_is_a_date(by: str) -> None:
    assert refused("plan", {"text": "Call", "by": by}) == "invalid"


@pytest.mark.parametrize("data", [{}, {"verdict": ""}, {"verdict": "great"}])
def test_a_choice_is_one_of_the_choices(data: dict[str, Any]) -> None:
    assert refused("sort", {"parent": "x", **data}) == "invalid"


def test_the_people_of_a_deal_are_checked_like_everything_else() -> None:
    karim = {"name": "Karim", "role": "Planner", "influence": "low", "stage": "interested"}
    assert forms.check("statement", {"people": [karim]})["people"] == [karim]
    assert refused("statement", {"people": [karim | {"stage": "in love"}]}) == "invalid"
    assert refused("statement", {"people": [karim | {"salary": "1"}]}) == "invalid"
    assert refused("statement", {"people": ["Karim"]}) == "invalid"
    assert refused("statement", {"people": [karim] * 11}) == "invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  a  ", "a"),
        ("a\x00b\x07c", "abc"),
        ("a\ud800b", "ab"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("e\u0301", "é"),
        ("\u200b\u200d\ufeff", ""),
        ("\u202eevil", "\u202eevil"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\tindented\n\nlines", "indented\n\nlines"),
    ],
)
def test_text_is_cleaned_so_that_every_database_and_document_takes_it(typed: str, kept: str) -> None:
    assert words.clean(typed) == kept
