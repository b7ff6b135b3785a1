"""When the owner is asked how it goes, and what. Pure.

The rhythm and the questions follow docs/method.md: open ones, for "Did you do it?" asks for an excuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.sessions.phases import N_

AFTER = {1: timedelta(days=2), 2: timedelta(weeks=2), 3: timedelta(weeks=6)}
"""By the number of a check-in: so long after the day of the close."""

LAST_STAYS = timedelta(weeks=4)
"""The last one is there to be answered for so long; each other one until the next."""

MAILS_AT = 9
"""The hour, on the clock of the session, at which mail goes out on the day."""


@dataclass(frozen=True)
class Questions:
    """`title` is for a heading, `asked` the open questions of one check-in; `helped`: whether it asks that too."""

    title: str
    asked: tuple[str, ...]
    helped: bool = False


QUESTIONS: Mapping[int, Questions] = {
    1: Questions(N_("After two days"), (N_("What has started?"), N_("What is in the way?"))),
    2: Questions(
        N_("After two weeks"),
        (N_("What did you do, and what happened then?"), N_("What has changed in the plan?")),
        helped=True,
    ),
    3: Questions(
        N_("After six weeks"),
        (N_("Where does the deal stand?"), N_("What would you tell a colleague who is where you were?")),
    ),
}

HELPED: Mapping[int, str] = {
    1: N_("Not so far"),
    2: N_("A little"),
    3: N_("Somewhat"),
    4: N_("A good deal"),
    5: N_("Very much"),
}
"""How the session helped, as the owner answers after two weeks."""


def days(closed_at: datetime) -> dict[int, date]:
    """The day of each check-in, on the clock on which `closed_at` is given."""
    return {number: closed_at.date() + after for number, after in AFTER.items()}


def mail_at(day: date, timezone: str) -> datetime:
    """The moment at which mail goes out on a day."""
    return datetime(day.year, day.month, day.day, MAILS_AT, tzinfo=ZoneInfo(timezone))


def stays(number: int) -> timedelta:
    """From its day to the last one on which a check-in is asked: then the next one comes."""
    following = AFTER.get(number + 1)
    return following - AFTER[number] - timedelta(days=1) if following else LAST_STAYS


def is_asked(number: int, day: date, today: date) -> bool:
    """Whether a check-in that falls due on `day` is asked today."""
    return day <= today <= day + stays(number)
