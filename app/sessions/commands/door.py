"""The one door through which a session changes.

`change()` raises the version first: that is the lock. Then the rule is asked, the rows are written and one line goes
into the journal, all in one transaction. Only after the commit are the answer given and the others told.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from blinker import Signal
from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from app.durable import wait_for_disk
from app.extensions import db
from app.operations import metrics
from app.places import Places
from app.privacy import audit
from app.sessions import pace, rules, sealing
from app.sessions.commands import archiving
from app.sessions.commands.kept import kept
from app.sessions.commands.written import adopt_row, insert_row, update_row
from app.sessions.models import Contribution, Intervision, Journal, Seat, Turn
from app.sessions.phases import KIND_OF_ACT, N_, STEP, Role, Step
from app.sessions.room import Room
from app.sessions.rules import Refused
from app.times import now

log = logging.getLogger(__name__)
_table = cast(Table, Intervision.__table__)
BUMP = (
    update(_table)
    .where(_table.c.id == bindparam("session"))
    .values(version=_table.c.version + 1)
    .returning(_table.c.version)
)
AT_ONCE = 20
PATIENCE_S = 5.0
_places = Places(AT_ONCE)
"""So many changes may be under way in one process: half as many as there are connections to the database. The other
half is for those who read, and for the pulse. When they had none either, everybody took the server for gone, left, came
back at once, and made it worse.
"""
_refusals = pace.Pace()
"""Which lines about a refusal the trail has had lately."""
changed = Signal("A session has changed; sent after the commit with the Change.")


Guard = Callable[[Session], None]
"""Looks at the rows under the lock, and raises Refused if the change is not to be."""


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
    seen_by_all: dict[str, Any] | None = None
    """What everybody is shown alike, once somebody has been shown it (view.py)."""

    @property
    def step(self) -> Step:
        return STEP[self.it.step]

    def touch(self, contribution: Contribution) -> None:
        self.items[contribution.id] = contribution

    def insert(self, row: Contribution | Turn) -> None:
        """Write a new one, whole."""
        insert_row(self.rows, row)
        adopt_row(self.rows, row)

    def update(self, turn: Turn, **values: Any) -> None:
        update_row(self.rows, turn, **values)

    def delete(self, contribution: Contribution) -> None:
        self.items[contribution.id] = contribution
        self.deleted.add(contribution.id)
        self.room.forget(contribution)
        self.rows.delete(contribution)

    def unseal(self) -> None:
        """Let the words of a closed session be changed, until the end of this change: for erasing them alone."""
        sealing.unseal(self.rows, self.it)


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
    guard: Guard | None = None,
) -> Iterator[Change]:
    """Change one session: `with change(id, "idea", by=seat_id, command_id=uuid) as it: …`.

    `by`: the seat that acts, whose right is checked; None for what an account or a newcomer does (the caller checks).
    `base`: the step that the command believes it is leaving. `noting`: a moderator writes down what somebody else
    said; the command then asks the rule for that person. `editing`: it changes what is there already. `guard`: is
    called under the lock, before anything else.

    Raises Refused (nothing changed) or AlreadyDone (this command id was carried out before).
    """
    with ExitStack() as ending:
        place = ending.enter_context(_place())
        found = kept().take(intervision_id)
        rows = found.rows if found else db.sessionmaker(expire_on_commit=False)
        ending.callback(rows.close)
        try:
            room = _lock(rows, intervision_id, found)
            it = room.it
            if guard:
                guard(rows)
            under_way = Change(act, rows, it, room, room.seat(by) if by else None, now())
            if base is not None and base != it.step:
                raise Refused("stale", N_("The group has already moved on."))
            if by is not None:
                _check(under_way, noting, editing)
            yield under_way
            if not under_way.gone:
                rows.flush()
                insert_row(rows, _journal(under_way, command_id))
                _audit(under_way)
                if it.step == "closed":
                    archiving.archive(room)
                    sealing.seal(rows, it)
            rows.commit()
        except Refused as refused:
            rows.rollback()
            _answer_again(rows, intervision_id, command_id, by)
            rows.rollback()
            if refused.code == "forbidden" and by is not None and _refusals.take(f"{by} {act}", pace.REFUSALS):
                audit.record("refused", by_seat=by, intervision_id=intervision_id, detail=act)
            raise
        except IntegrityError as error:
            rows.rollback()
            _answer_again(rows, intervision_id, command_id, by)
            raise Refused("invalid", N_("That could not be saved. Please reload the page.")) from error
        except (DBAPIError, NoConnection, OSError) as error:  # the last one from the disk
            rows.rollback()
            log.warning("a change could not be saved", exc_info=True)
            raise _not_saved() from error
        place.close()
        changed.send(under_way)
        if act in KIND_OF_ACT and not (under_way.everything or under_way.gone):
            if rows.in_transaction():
                rows.commit()  # something was read for telling: an open transaction would see the past for ever
            ending.pop_all()
            kept().keep(room)


@contextmanager
def _place() -> Iterator[ExitStack]:
    """One of the few places; `close()` gives it back before the end."""
    if not _places.acquire(timeout=PATIENCE_S):
        raise _not_saved()
    with ExitStack() as place:
        place.callback(_places.release)
        yield place


def _not_saved() -> Refused:
    metrics.commit_failures.inc()
    return Refused("not_saved", N_("This is not saved yet. We keep trying."), retryable=True)


def _lock(rows: Session, intervision_id: int, found: Room | None) -> Room:
    """Raise the version, which is the lock; then the room as it is: what is kept of it, or read anew."""
    version = rows.connection().execute(BUMP, {"session": intervision_id}).scalar_one_or_none()
    if version is None:
        raise Refused("gone", N_("This session is not there any more."))
    if found and found.it.version == version - 1:
        set_committed_value(found.it, "version", version)
        return found
    rows.expunge_all()
    return Room(rows, rows.get_one(Intervision, intervision_id))


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
    forgets = under_way.it.step == "closed" and not under_way.it.tells_who
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


def _audit(under_way: Change) -> None:
    """The trail, too, holds who was let in, taken out or given a role."""
    if under_way.act in audit.OF_SESSIONS:
        audit.record(
            under_way.act,
            rows=under_way.rows,
            by_seat=under_way.seat.id if under_way.seat else None,
            intervision_id=under_way.it.id,
            seat_id=(under_way.detail or {}).get("seat"),
            detail=(under_way.detail or {}).get("role", ""),
        )


def _answer_again(rows: Session, intervision_id: int, command_id: str | None, by: str | None) -> None:
    """A command that comes again is refused by the rules or by the unique id; its first answer still holds."""
    if command_id is None:
        return
    first = rows.scalars(
        select(Journal).where(Journal.intervision_id == intervision_id, Journal.command_id == command_id)
    ).one_or_none()
    # Where it is not kept who did what, the journal does not keep whose command it was; its id is known to nobody else.
    if first and first.seat_id in (by, None):
        try:
            wait_for_disk(db.engine)  # the first one may be committed and still on its way there
        except OSError as error:
            raise _not_saved() from error
        raise AlreadyDone(Done(first.version, first.item_id))
