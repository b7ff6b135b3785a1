"""The rhythm of the check-ins: pure, so in milliseconds."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.followup import cadence

CLOSE = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
FIRST = date(2026, 3, 4)


def test_they_fall_two_days_two_weeks_and_six_weeks_after_the_day_of_the_close_on_its_own_clock() -> None:
    assert cadence.days(CLOSE) == {1: FIRST, 2: date(2026, 3, 16), 3: date(2026, 4, 13)}
    in_brussels = CLOSE.astimezone(ZoneInfo("Europe/Brussels"))  # where it was past midnight already
    assert cadence.days(in_brussels)[1] == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("number", "last"), [(1, date(2026, 3, 15)), (2, date(2026, 4, 12)), (3, date(2026, 4, 13) + cadence.LAST_STAYS)]
)
def test_each_is_asked_until_the_next_one_comes_and_the_last_one_for_four_weeks(number: int, last: date) -> None:
    day = cadence.days(CLOSE)[number]
    assert day + cadence.stays(number) == last
    assert not cadence.is_asked(number, day, day - timedelta(days=1))
    assert cadence.is_asked(number, day, day)
    assert cadence.is_asked(number, day, last)
    assert not cadence.is_asked(number, day, last + timedelta(days=1))


def test_on_no_day_are_two_of_them_asked() -> None:
    days = cadence.days(CLOSE)
    for ahead in range(120):
        today = CLOSE.date() + timedelta(days=ahead)
        assert sum(cadence.is_asked(number, day, today) for number, day in days.items()) <= 1


def test_mail_goes_out_in_the_morning_where_the_session_was() -> None:
    assert cadence.mail_at(FIRST, "America/New_York").astimezone(UTC).hour == 14


def test_the_questions_are_open_and_two_each_and_one_check_in_asks_how_it_helped() -> None:
    for questions in cadence.QUESTIONS.values():
        assert len(questions.asked) == 2
        assert all(question.endswith("?") and not question.startswith("Did") for question in questions.asked)
    assert [number for number, questions in cadence.QUESTIONS.items() if questions.helped] == [2]
