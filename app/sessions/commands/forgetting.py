"""Leaving no transcript: at the close nothing stays but the plan and the lessons that may be shared."""

from sqlalchemy import delete, select, update

from app.accounts.models import Link
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Journal, Pulse, Seat, Turn
from app.sessions.phases import Role

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
