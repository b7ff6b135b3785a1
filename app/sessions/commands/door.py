"""The one door through which a session changes.

`change()` raises the version first: that is the lock. Then the rule is asked, the rows are written and one line goes
into the journal, all in one transaction. Only after the commit are the answer given and the others told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from blinker import Signal
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from app.extensions import db
from app.sessions import rules
from app.sessions.commands import archiving
from app.sessions.models import Contribution, Intervision, Journal, Seat
from app.sessions.phases import N_, STEP, Role, Step
from app.sessions.room import Room
from app.sessions.rules import Refused
from app.times import now

changed = Signal("A session has changed; sent after the commit with the Change.")


@dataclass
class Change:
    """One change under way: the rows under the lock, and what it has touched so far, for the people who look on."""

    act: str
    rows: Session
    it: Intervision
    room: Room
    seat: Seat | None
    now: datetime
    item: str | None = None
    detail: dict[str, Any] | None = None
    items: dict[str, Contribution] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    people: set[str] = field(default_factory=set)
    session: bool = False
    everything: bool = False
    gone: bool = False

    @property
    def step(self) -> Step:
        return STEP[self.it.step]

    def touch(self, contribution: Contribution) -> None:
        self.items[contribution.id] = contribution

    def delete(self, contribution: Contribution) -> None:
        self.items[contribution.id] = contribution
        self.deleted.add(contribution.id)
        self.rows.delete(contribution)


@dataclass(frozen=True)
class Done:
    """The answer to an accepted command."""

    version: int
    item: str | None


class AlreadyDone(Exception):
    """The same command again: here is the first answer."""

    def __init__(self, done: Done) -> None:
        super().__init__()
        self.done = done


@contextmanager
def change(
    intervision_id: int,
    act: str,
    *,
    by: str | None = None,
    command_id: str | None = None,
    base: str | None = None,
    noting: bool = False,
    editing: bool = False,
) -> Iterator[Change]:
    """Change one session: `with change(id, "idea", by=seat_id, command_id=uuid) as it: …`.

    `by`: the seat that acts, whose right is checked; None for what an account or a newcomer does (the caller checks).
    `base`: the step that the command believes it is leaving. `noting`: a moderator writes down what somebody else
    said; the command then asks the rule for that person. `editing`: it changes what is there already.

    Raises Refused (nothing changed) or AlreadyDone (this command id was carried out before).
    """
    with db.sessionmaker(expire_on_commit=False) as rows:
        try:
            it = _lock(rows, intervision_id)
            room = Room(rows, it)
            under_way = Change(act, rows, it, room, room.seat(by) if by else None, now())
            if base is not None and base != it.step:
                raise Refused("stale", N_("The group has already moved on."))
            if by is not None:
                _check(under_way, noting, editing)
            yield under_way
            if not under_way.gone:
                rows.add(_journal(under_way, command_id))
                if it.step == "closed":
                    archiving.archive(room)
            rows.commit()
        except Refused:
            rows.rollback()
            _answer_again(rows, intervision_id, command_id, by)
            raise
        except IntegrityError as error:
            rows.rollback()
            _answer_again(rows, intervision_id, command_id, by)
            raise Refused("invalid", N_("That could not be saved. Please reload the page.")) from error
        except DBAPIError as error:
            rows.rollback()
            raise Refused("not_saved", N_("This is not saved yet. We keep trying."), retryable=True) from error
        changed.send(under_way)


def _lock(rows: Session, intervision_id: int) -> Intervision:
    bump = (
        update(Intervision)
        .where(Intervision.id == intervision_id)
        .values(version=Intervision.version + 1)
        .returning(Intervision)
    )
    it = rows.scalars(bump).one_or_none()
    if it is None:
        raise Refused("gone", N_("This session is not there any more."))
    return it


def _check(under_way: Change, noting: bool, editing: bool) -> None:
    if under_way.seat is None:
        raise Refused("forbidden", N_("You are no longer in this session."))
    moderates = under_way.seat.role == Role.MODERATOR and under_way.seat.status == "in"
    if noting and moderates and rules.is_live(under_way.it.step):
        return
    refusal = rules.why_not(under_way.room.situation(under_way.seat), under_way.act, editing=editing)
    if refusal:
        raise refusal


def _journal(under_way: Change, command_id: str | None) -> Journal:
    forgets = under_way.it.step == "closed" and not under_way.it.transcript
    return Journal(
        intervision_id=under_way.it.id,
        version=under_way.it.version,
        command_id=command_id,
        act=under_way.act,
        seat_id=under_way.seat.id if under_way.seat and not forgets else None,
        step=under_way.it.step,
        at=under_way.now,
        item_id=under_way.item,
        detail=None if forgets else under_way.detail,
    )


def _answer_again(rows: Session, intervision_id: int, command_id: str | None, by: str | None) -> None:
    """A command that comes again is refused by the rules or by the unique id; its first answer still holds."""
    if command_id is None:
        return
    first = rows.scalars(
        select(Journal).where(Journal.intervision_id == intervision_id, Journal.command_id == command_id)
    ).one_or_none()
    if first and first.seat_id == by:
        raise AlreadyDone(Done(first.version, first.item_id))
