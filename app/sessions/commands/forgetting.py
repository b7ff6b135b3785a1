"""Leaving no transcript: at the close nothing stays but the plan and the lessons that may be shared."""

import logging

from sqlalchemy import delete, event, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.models import Link
from app.database import fold_journal
from app.extensions import db
from app.privacy import erasures
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Journal, Pulse, Seat, Turn
from app.sessions.phases import Role

log = logging.getLogger(__name__)

KEPT_ACTS = ("open", "advance", "back", "time_up")
"""What the journal keeps: when the session went from step to step, and by nobody."""


def forget(change: Change) -> None:
    """Delete what was said and who was there, but for the owner, the moderators, and who is named with a lesson."""
    change.rows.flush()
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
    fold_after(change)
    erasures.note("forgotten", change.it.id, made=change.it.created_at)


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


def _stays(item: Contribution) -> bool:
    return item.kind == "action" or bool(item.data["share"])


def _delete_words(change: Change, kept: set[str]) -> None:
    of_session = Contribution.intervision_id == change.it.id
    change.rows.execute(delete(Contribution).where(of_session, Contribution.id.not_in(kept)))
    change.rows.execute(delete(Turn).where(Turn.intervision_id == change.it.id))
    change.rows.execute(delete(Pulse).where(Pulse.intervision_id == change.it.id))
    of_session = Journal.intervision_id == change.it.id
    kept_lines = Journal.act.in_(KEPT_ACTS) | (Journal.version == 0)
    change.rows.execute(delete(Journal).where(of_session, ~kept_lines))
    change.rows.execute(update(Journal).where(of_session).values(seat_id=None, item_id=None, detail=None))


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
