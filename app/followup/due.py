"""The check-ins that wait for an answer now, for the moderator who brings them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy import ColumnElement, and_, or_, select

from app.accounts.models import Account
from app.extensions import db
from app.followup import cadence, story
from app.followup.models import CheckIn
from app.sessions.models import Intervision, Seat
from app.sessions.names import names_in
from app.sessions.phases import Role
from app.sessions.room import Room
from app.times import now


@dataclass(frozen=True)
class Due:
    """A check-in to bring up; never what was answered to an earlier one."""

    it: Intervision
    owner: str
    number: int
    due_on: date
    mailed: bool
    supporters: tuple[str, ...]

    @property
    def questions(self) -> cadence.Questions:
        return cadence.QUESTIONS[self.number]


def waits(today: date) -> ColumnElement[bool]:
    """The condition that a row of CheckIn is asked on this day and has no answer."""
    spans = [
        and_(CheckIn.number == number, CheckIn.due_on > today - _stays(number), CheckIn.due_on <= today)
        for number in cadence.AFTER
    ]
    return and_(CheckIn.answered_at.is_(None), or_(*spans))


def of(account: Account) -> list[Due]:
    """What this account should bring up: in the sessions that they planned or led, the oldest first."""
    found = []
    for it, check_in in _rows(account):
        owner = next((seat for seat in it.seats if seat.role == Role.OWNER and seat.status == "in"), None)
        if owner and not owner.erased and _is_asked(it, check_in):
            found.append(_due(it, check_in, owner))
    return found


def count() -> int:
    """How many there are for whoever is signed in."""
    return sum(_is_asked(it, check_in) for it, check_in in _rows(g.account)) if g.account else 0


def _rows(account: Account) -> Sequence[tuple[Intervision, CheckIn]]:
    """With a day to spare on both sides, for it is not the same day everywhere."""
    led = select(Seat.intervision_id).where(
        Seat.account_id == account.id, Seat.role == Role.MODERATOR, Seat.status == "in", Seat.name != ""
    )
    mine = or_(Intervision.account_id == account.id, Intervision.id.in_(led))
    today = now().date()
    days = or_(waits(today - timedelta(days=1)), waits(today), waits(today + timedelta(days=1)))
    query = select(Intervision, CheckIn).join(CheckIn, CheckIn.intervision_id == Intervision.id)
    rows = db.session.execute(query.where(mine, days).order_by(CheckIn.due_on, Intervision.id)).all()
    return [(it, check_in) for it, check_in in rows]


def _is_asked(it: Intervision, check_in: CheckIn) -> bool:
    return cadence.is_asked(check_in.number, check_in.due_on, now().astimezone(ZoneInfo(it.timezone)).date())


def _due(it: Intervision, check_in: CheckIn, owner: Seat) -> Due:
    actions = story.of(Room(db.session, it), now()).actions
    named = [seat for seat in it.seats if seat.status == "in" and seat.id != owner.id]
    return Due(
        it=it,
        owner=owner.name,
        number=check_in.number,
        due_on=check_in.due_on,
        mailed=check_in.sent_at is not None,
        supporters=tuple(seat.name for seat in named if any(names_in(action.who, seat.name) for action in actions)),
    )


def _stays(number: int) -> timedelta:
    day = date(2000, 1, 1)
    return cadence.last_day(number, day) - day + timedelta(days=1)
