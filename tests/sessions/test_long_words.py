"""What is typed is made clean in time that grows with its length, and no faster, whoever sends it."""

import sys
import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from app.sessions import names, words
from app.sessions.rules import Refused
from app.sessions.shapes import Text
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import Visitor, path_of

BELOW_AND_ABOVE = "e" + "\u0301" * 15_000 + "\u0323" * 15_000
"""Normalizing would put every mark below before every mark above, one place at a time."""


class Normalizer:
    """`unicodedata`, and what it was asked to normalize."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.module = SimpleNamespace(**vars(unicodedata) | {"normalize": self.normalize})

    def normalize(self, form: Any, text: str) -> str:
        self.asked.append(text)
        assert longest_run(text) <= 400, "this would take very long"
        return unicodedata.normalize(form, text)


def longest_run(text: str) -> int:
    run = longest = 0
    for char in text:
        run = run + 1 if begins_with_mark(char) else 0
        longest = max(longest, run)
    return longest


def begins_with_mark(char: str) -> bool:
    return unicodedata.combining(unicodedata.normalize("NFKD", char)[0]) > 0


@pytest.fixture
def normalizer(monkeypatch: pytest.MonkeyPatch) -> Normalizer:
    watched = Normalizer()
    for module in (words, names):
        monkeypatch.setattr(module, "unicodedata", watched.module)
    return watched


def test_marks_that_pile_up_without_end_are_cut_before_they_are_put_in_order(normalizer: Normalizer) -> None:
    cleaned = words.clean(BELOW_AND_ABOVE + " and on")
    assert cleaned.startswith("é")
    assert cleaned.endswith(" and on")
    assert [longest_run(text) for text in normalizer.asked] == [words.MARKS_IN_A_ROW]


@pytest.mark.parametrize(
    "text", ["Ça va, Zoë?", "Tiếng Việt", "हिन्दी में", "ไม่รู้จัก", "བསྒྲུབས", "Зачем?", "מְנַהֵל", "👩‍👩‍👧‍👦"]
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert words.clean(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFC", text)


def test_every_character_that_can_be_put_elsewhere_counts_as_a_mark() -> None:
    movable = [char for char in map(chr, range(sys.maxunicode + 1)) if begins_with_mark(char)]
    assert len(movable) > 900
    for char in movable:
        assert len(words.cut_marks("e" + char * 100)) == 1 + words.MARKS_IN_A_ROW


def test_a_field_far_beyond_its_length_is_not_even_made_clean(normalizer: Normalizer) -> None:
    for text in ("é" * 30_000, BELOW_AND_ABOVE):
        with pytest.raises(Refused, match="too_long"):
            Text(300).take(text)
    assert normalizer.asked == []


def test_a_name_far_too_long_is_refused_before_it_is_looked_at(app: Flask, cast: Cast, normalizer: Normalizer) -> None:
    stan = Visitor(app)
    page = stan.send(path_of(stan.get(link(cast.room().it))), name=BELOW_AND_ABOVE)
    assert "at most 40 characters" in page.text
    assert all(len(text) <= 400 for text in normalizer.asked)


def test_a_name_with_marks_of_its_own_may_be_typed_in_pieces() -> None:
    assert names.clean_name(unicodedata.normalize("NFD", "ế" * names.LONGEST)) == "ế" * names.LONGEST
