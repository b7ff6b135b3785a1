"""The check-ins that wait for an answer now, for the moderator who brings them up."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import g
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.accounts.models import Account
from app.extensions import db
from app.followup import cadence
from app.followup.models import CheckIn
from app.sessions.models import Contribution, Intervision, Seat
from app.sessions.names import named
from app.sessions.phases import Role
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


def of(account: Account) -> list[Due]:
    """What this account should bring up: in the sessions that they planned or led, the oldest first."""
    query = _waiting(account, select(Intervision, CheckIn)).options(selectinload(Intervision.seats))
    found = db.session.execute(query.order_by(CheckIn.due_on, Intervision.id)).all()
    asked_for = _who_is_asked({it.id for it, _check_in in found})
    return [_due(it, check_in, asked_for[it.id]) for it, check_in in found]


def count() -> int:
    """How many there are for whoever is signed in."""
    query = select(func.count()).select_from(Intervision)
    return db.session.scalar(_waiting(g.account, query)) or 0 if g.account else 0


def waits(now: datetime) -> ColumnElement[bool]:
    """The condition that a row of CheckIn is asked now and has no answer, where its Intervision stands beside it: the
    day is that of the session's clock.
    """
    zones = defaultdict(list)
    for zone in db.session.scalars(select(Intervision.timezone).distinct()):
        zones[now.astimezone(ZoneInfo(zone)).date()].append(zone)
    asked = [
        and_(
            Intervision.timezone.in_(there),
            CheckIn.number == number,
            CheckIn.due_on.between(today - cadence.stays(number), today),
        )
        for today, there in zones.items()
        for number in cadence.AFTER
    ]
    owner = and_(Seat.role == Role.OWNER, Seat.status == "in", Seat.name != "")
    return and_(CheckIn.answered_at.is_(None), or_(False, *asked), Intervision.seats.any(owner))


def asked(rows: Session, intervision_id: int | None, number: int | None) -> CheckIn | None:
    """This check-in, answered or not, if it is asked now: what waited for long is not to bring old questions."""
    it, found = rows.get(Intervision, intervision_id), rows.get(CheckIn, (intervision_id, number))
    if it is None or found is None:
        return None
    today = now().astimezone(ZoneInfo(it.timezone)).date()
    return found if cadence.is_asked(found.number, found.due_on, today) else None


def _waiting(account: Account, query: Any) -> Select[Any]:
    led = select(Seat.intervision_id).where(
        Seat.account_id == account.id, Seat.role == Role.MODERATOR, Seat.status == "in", Seat.name != ""
    )
    mine = or_(Intervision.account_id == account.id, Intervision.id.in_(led))
    found: Select[Any] = query.join(CheckIn, CheckIn.intervision_id == Intervision.id)
    return found.where(mine, waits(now()))


def _who_is_asked(ids: set[int]) -> dict[int, list[str]]:
    """Whom the actions of these sessions name, in their owners' words."""
    who = defaultdict(list)
    actions = select(Contribution.intervision_id, Contribution.data).where(
        Contribution.intervision_id.in_(ids), Contribution.kind == "action"
    )
    for id_, data in db.session.execute(actions):
        who[id_].append(str(data.get("who", "")))
    return who


def _due(it: Intervision, check_in: CheckIn, asked_for: Sequence[str]) -> Due:
    present = [seat for seat in it.seats if seat.status == "in"]
    names = [seat.name for seat in it.seats]
    helpers = {name for who in asked_for for name in named(who, names)}
    others = [seat.name for seat in present if seat.role != Role.OWNER]
    return Due(
        it=it,
        owner=next(seat.name for seat in present if seat.role == Role.OWNER),
        number=check_in.number,
        due_on=check_in.due_on,
        mailed=check_in.sent_at is not None,
        supporters=tuple(name for name in others if name in helpers),
    )
