"""Quarters, and from how many on a figure is told."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dashboard.quarters import Quarter
from app.dashboard.telling import ANSWERS, settled

TODAY = date(2026, 8, 15)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_every_day_is_in_its_quarter_and_in_no_other(day: date) -> None:
    quarter = Quarter.of(day)
    assert quarter.first <= day <= quarter.last
    assert quarter.after(-1).last < day < quarter.after(1).first


@given(st.integers(-50, 50), st.integers(-50, 50))
def test_going_on_and_on_is_going_on_at_once(some: int, more: int) -> None:
    assert Quarter(2026, 3).after(some).after(more) == Quarter(2026, 3).after(some + more)


@pytest.mark.parametrize("name", ["2026-Q3", "2025-Q4"])
def test_a_quarter_has_a_name(name: str) -> None:
    found = Quarter.named(name, TODAY)
    assert found
    assert found.name == name


@pytest.mark.parametrize("name", ["", "2026-Q4", "2026-Q5", "2026-Q0", "26-Q1", "2026-3", "x", "२०२६-Q1", "0000-Q1"])
def test_what_is_no_quarter_or_has_not_begun_is_none(name: str) -> None:
    assert Quarter.named(name, TODAY) is None


@given(st.lists(st.lists(st.integers(1, 5), max_size=8), max_size=12))
def test_answers_are_told_from_five_on_and_never_fewer_than_five_more(batches: list[list[int]]) -> None:
    told = [settled(batches[:count]) for count in range(len(batches) + 1)]
    for before, after in pairwise(told):
        assert after[: len(before)] == before
        assert len(after) - len(before) == 0 or len(after) - len(before) >= ANSWERS
    everything = [each for batch in batches for each in batch]
    assert told[-1] == everything[: len(told[-1])]
    assert len(everything) - len(told[-1]) < ANSWERS + max([0, *map(len, batches)])


def test_four_answers_are_not_told_and_five_are() -> None:
    assert settled([[5, 5], [4, 4]]) == []
    assert settled([[5, 5], [4, 4], [1]]) == [5, 5, 4, 4, 1]
    assert settled([[5] * 5, [1]]) == [5] * 5
