"""Is there enough time for everybody? Pure sums over the tables of the method."""

import pytest

from app.sessions import minutes
from app.sessions.phases import LENGTHS, MINUTES, SECONDS_EACH


@pytest.mark.parametrize(
    ("people", "length"), [(3, 45), (4, 45), (5, 60), (8, 60), (9, 75), (10, 75), (11, 90), (12, 90)]
)
def test_a_bigger_group_is_offered_a_longer_session(people: int, length: int) -> None:
    assert minutes.suggested_length(people) == length


@pytest.mark.parametrize(("length", "holds"), [(45, 8), (60, 11), (75, 12), (90, 12)])
def test_the_usual_minutes_hold_so_many_people_and_no_more(length: int, holds: int) -> None:
    fits = [people for people in range(3, 13) if not minutes.shortages(minutes.usual(length), people)]
    assert fits == list(range(3, holds + 1))


def test_the_suggested_length_is_always_enough() -> None:
    for people in range(minutes.FEWEST, minutes.MOST + 1):
        assert not minutes.shortages(minutes.usual(minutes.suggested_length(people)), people)


def test_the_usual_minutes_add_up_to_the_length() -> None:
    assert [sum(minutes.usual(length).values()) for length in LENGTHS] == list(LENGTHS)


def test_a_slot_that_is_too_short_says_for_how_many_and_what_they_need() -> None:
    short = minutes.usual(60) | {"recommendations": 3}
    [shortage] = minutes.shortages(short, 8)
    assert shortage == minutes.Shortage("recommendations", minutes=3, needed=5, people=6)


def test_in_a_small_group_the_moderator_is_counted_in() -> None:
    assert [minutes.speakers("questions", people) for people in (3, 4, 5, 12)] == [2, 3, 3, 10]


def test_everybody_has_a_lesson() -> None:
    assert minutes.speakers("lessons", 7) == 7


def test_exactly_enough_is_enough() -> None:
    exact = minutes.usual(60) | {"questions": 10}
    assert not minutes.shortages(exact, 10)
    assert minutes.shortages(exact | {"questions": 9}, 10)


def test_a_longer_session_is_offered_only_where_it_helps() -> None:
    assert minutes.long_enough(10, after=45) == 60
    assert minutes.long_enough(12, after=60) == 75
    assert minutes.long_enough(12, after=90) is None


def test_every_slot_that_can_fall_short_has_minutes_and_a_title() -> None:
    assert set(SECONDS_EACH) <= set(MINUTES)
    assert all(minutes.slot_title(slot) for slot in MINUTES)


def test_the_phases_follow_each_other_between_lobby_and_buffer() -> None:
    for length in LENGTHS:
        usual, spans = minutes.usual(length), minutes.spans(length)
        starts = [start for start, _ in spans.values()]
        ends = [start + count for start, count in spans.values()]
        assert list(spans) == [1, 2, 3, 4, 5, 6]
        assert starts == [usual["lobby"], *ends[:-1]]
        assert ends[-1] == length - usual["buffer"]
