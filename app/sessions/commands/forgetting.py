"""What the close takes out for good where that was agreed: all but the plan and the lessons that may be shared, or the
names.
"""

import logging
import random
from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.models import Link
from app.database import fold_journal
from app.extensions import db
from app.privacy import erasures
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Journal, Pulse, Seat, Turn
from app.sessions.names import look, renamed
from app.sessions.phases import KINDS, NOBODY, STEPS, Kind, Role

log = logging.getLogger(__name__)

STEPS_TAKEN = ("open", "advance", "back", "time_up")
CLOCK_SET = ("pause", "resume", "extend", "set_time", "share_out", "move_on")
"""What the journal keeps without names: when the session went from step to step, and what was done to its clock."""


def forget(change: Change) -> None:
    """At the close: what does not stay goes, also from the disk, and does not come back with a backup."""
    if change.it.tells_who:
        return
    change.rows.flush()
    if change.it.transcript:
        _forget_names(change)
    else:
        _forget_words(change)
    fold_after(change)
    erasures.note("forgotten", change.it.id, made=change.it.created_at)


# --- All but the plan and what may be shared ------------------------------------------------------------------------


def _forget_words(change: Change) -> None:
    """Delete what was said and who was there, but for the owner, the moderators, and who is named with a lesson."""
    kept = [item for item in change.room.contributions("action", "lesson") if _stays(item)]
    for item in kept:
        item.parent_id = item.noted_by = None
        if item.kind == "lesson" and not item.data["named"]:
            item.seat_id = None
    staying = {seat.id for seat in change.room.seats if seat.role in (Role.OWNER, Role.MODERATOR) or seat.account_id}
    staying |= {item.seat_id for item in kept if item.seat_id}
    change.rows.flush()
    _delete_words(change, {item.id for item in kept})
    _delete_people(change, staying)


def _stays(item: Contribution) -> bool:
    return item.kind == "action" or bool(item.data["share"])


def _delete_words(change: Change, kept: set[str]) -> None:
    of_session = Contribution.intervision_id == change.it.id
    change.rows.execute(delete(Contribution).where(of_session, Contribution.id.not_in(kept)))
    change.rows.execute(delete(Pulse).where(Pulse.intervision_id == change.it.id))
    _delete_doings(change, STEPS_TAKEN)
    change.rows.execute(update(Journal).where(Journal.intervision_id == change.it.id).values(detail=None))


def _delete_people(change: Change, staying: set[str]) -> None:
    leaving = select(Seat.id).where(Seat.intervision_id == change.it.id, Seat.id.not_in(staying))
    change.rows.execute(delete(Link).where(Link.seat_id.in_(leaving)))
    change.rows.execute(
        delete(Seat).where(Seat.intervision_id == change.it.id, Seat.id.not_in(staying)),
        execution_options={"synchronize_session": False},
    )
    for seat in [seat for seat in change.room.seats if seat.id not in staying]:
        change.rows.expunge(seat)
        change.room.seats.remove(seat)


# --- The names ------------------------------------------------------------------------------------------------------


def _forget_names(change: Change) -> None:
    """Delete who said what, and the names of all but the moderators. A part in the session is no name: what only the
    owner can say stays the owner's, and everybody keeps a seat to read the record from.
    """
    owner, parts = change.room.owner, dict(_parts(change.room.seats))
    said = [item for item in change.room.contributions() if KINDS[item.kind].seen_by != NOBODY]
    for item in said:
        if not (item.kind in OWNERS and owner and item.seat_id == owner.id):
            item.seat_id = None
        if item.noted_by in parts:
            item.noted_by = None  # who noted it led the session then, and does not any more
        if "named" in item.data:
            item.data = {**item.data, "named": False}
    for kind in OF_ROUNDS:
        _shuffle([item for item in said if item.kind == kind])
    going = [seat for seat in change.room.seats if seat.id in parts]
    going.sort(key=lambda seat: seat.status == "in")  # of two with one name an action means who was there at the end
    new = {seat.name: parts[seat.id] for seat in going}
    for item in said:
        if "who" in item.data:
            item.data = {**item.data, "who": renamed(item.data["who"], new)}
    for seat in going:
        seat.name = parts[seat.id]
        seat.look = look(seat.name)
    _delete_doings(change, STEPS_TAKEN + CLOCK_SET)


def _only_owners(kind: Kind) -> bool:
    return not any(Role.CONSULTANT in step.may.get(kind.act, NOBODY) for step in STEPS)


OWNERS = frozenset(kind.name for kind in KINDS.values() if _only_owners(kind))
OF_ROUNDS = ("recommendation", "reaction", "lesson", "process")
"""Kinds in which everybody had their turn: the order of the round would say whose each is."""


def _shuffle(items: list[Contribution]) -> None:
    places = [item.place for item in items]
    random.SystemRandom().shuffle(places)
    for item, place in zip(items, places, strict=True):
        item.place = place


def _parts(seats: Iterable[Seat]) -> Iterable[tuple[str, str]]:
    """By seat, what stands in the place of its name; whoever leads the session at its close stays named."""
    consultants = 0
    for seat in seats:
        if seat.role == Role.MODERATOR or seat.account_id or seat.erased:
            continue
        if seat.role == Role.OWNER:
            yield seat.id, _("Issue owner")
        else:
            consultants += 1
            yield seat.id, _("Consultant %(number)s", number=consultants)


# --- Both -----------------------------------------------------------------------------------------------------------


def _delete_doings(change: Change, kept_acts: tuple[str, ...]) -> None:
    """Delete whose turn it was, and from the journal who did what; of `kept_acts` it stays when, and by nobody."""
    change.rows.execute(delete(Turn).where(Turn.intervision_id == change.it.id))
    of_session = Journal.intervision_id == change.it.id
    kept = Journal.act.in_(kept_acts) | (Journal.version == 0)
    change.rows.execute(delete(Journal).where(of_session, ~kept))
    change.rows.execute(update(Journal).where(of_session).values(seat_id=None, item_id=None))


def fold_after(change: Change) -> None:
    """Once this change is committed, leave no older pages in the journal beside SQLite's file: what it deletes stands
    there until somebody folds it. Whoever reads at that moment delays it to the next time.
    """
    event.listen(change.rows, "after_commit", _fold, once=True)


def _fold(_rows: Session) -> None:
    db.session.rollback()  # whoever still reads keeps the journal as it is: ourselves too
    try:
        fold_journal(db.engine)
    except SQLAlchemyError:  # what was committed stays so; the purge folds it
        log.warning("the journal could not be folded", exc_info=True)
