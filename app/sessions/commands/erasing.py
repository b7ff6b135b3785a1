"""Taking out for good: a person from a session, or a whole session. The caller knows who may; here it is done, in any
step, after the close too.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select

from app.accounts.models import Link
from app.deliveries import Delivery
from app.privacy import audit, erasures
from app.sessions import rules
from app.sessions.commands import following, moving, people, theming, turning
from app.sessions.commands.door import Change, change
from app.sessions.models import Archived, Contribution, Journal, Pulse, Seat, StepTime, Turn
from app.sessions.phases import KINDS, N_, NOBODY, Role
from app.sessions.rules import Refused

KEPT = frozenset({"how", "verdict", "sort"})
"""What of a contribution's data is no words: whether a question was answered, how advice was sorted."""


def delete(intervision_id: int) -> None:
    """Delete a session with all that belongs to it; whoever is connected is told. Raises Refused."""
    with change(intervision_id, "delete") as under_way:
        _note_deletion(under_way, "delete")
        take_out(under_way)
        erasures.note("session", intervision_id, made=under_way.it.created_at)


def purge(intervision_id: int, is_due: Callable[[Change], bool]) -> bool:
    """The same for a session whose time is over; False if, looked at again under the lock, it is not, or is gone.

    It is noted for no restore: what comes back with an old backup is due again.
    """
    try:
        with change(intervision_id, "purge") as under_way:
            if not is_due(under_way):
                raise Refused("stale", N_("The group has already moved on."))
            _note_deletion(under_way, "purge")
            take_out(under_way)
    except Refused as refused:
        if refused.code in ("gone", "stale"):
            return False
        raise
    return True


def take_out(under_way: Change) -> None:
    """Take a session out of the database, whatever it holds."""
    mine = under_way.it.id
    under_way.unseal()
    theming.forget_themes(under_way)
    following.forget(under_way)
    seats = select(Seat.id).where(Seat.intervision_id == mine)
    under_way.rows.execute(sql_delete(Link).where(Link.seat_id.in_(seats)))
    for table in (Archived, Journal, Turn, Contribution, Pulse, StepTime, Seat, Delivery):
        under_way.rows.execute(sql_delete(table).where(table.intervision_id == mine))
    under_way.rows.delete(under_way.it)
    under_way.gone = True


def forget_prepared(intervision_id: int) -> bool:
    """Of a session that is only planned: what was prepared for it, and the guests who wait for it. Their plan stays."""
    with change(intervision_id, "replan") as under_way:
        for seat in [each for each in under_way.room.seats if each.account_id is None]:
            if seat.role == Role.CONSULTANT:
                people.forget_seat(under_way, seat)
        for prepared in under_way.room.contributions():
            under_way.delete(prepared)
        under_way.everything = True
    return True


def _note_deletion(under_way: Change, act: str) -> None:
    """With the day on which it was held, if it was closed: the dashboard tells less of its quarter from then on."""
    it = under_way.it
    archived = under_way.rows.get(Archived, it.id)
    day = archived.held_on.isoformat() if archived else ""
    audit.record(act, rows=under_way.rows, intervision_id=it.id, team_id=it.team_id, detail=day)


def erase_person(intervision_id: int, seat_id: str, *, words: bool) -> None:
    """Take a person out of a session: name, links, keys and private notes, and with `words` all that they said.

    What they said keeps its place, so that the others' words stay readable. Done once, the same again changes nothing.
    Raises Refused.
    """
    with change(intervision_id, "erase") as under_way:
        seat = under_way.room.seat(seat_id)
        if seat is None:
            raise Refused("gone", N_("That person is not here any more."))
        account_id = seat.account_id
        under_way.unseal()
        _leave(under_way, seat)
        following.forget_person(under_way, seat, words=words)
        _forget_name(under_way, seat)
        if words:
            _forget_words(under_way, seat)
        under_way.detail = {"seat": seat_id}
        under_way.everything = True
        audit.record(
            "erase",
            rows=under_way.rows,
            intervision_id=intervision_id,
            seat_id=seat_id,
            account_id=account_id,
            detail="words" if words else "name",
        )
        erasures.note("seat", seat_id, words=words)


def _leave(under_way: Change, seat: Seat) -> None:
    """Out of a room that is not closed yet. One that loses the owner of its case, or who leads it, is stopped."""
    if under_way.it.step == "closed":
        return
    had = seat.status
    seat.status = "removed"
    if seat.role == Role.OWNER and "choose_owner" in under_way.step.may:
        people.unmake_owner(under_way, seat)
    if not rules.is_live(under_way.it.step) or had != "in":
        return
    leads = any(other.role == Role.MODERATOR for other in under_way.room.present)
    if not leads or seat.role == Role.OWNER:
        moving.stop(under_way, {})
    else:
        turning.put_right(under_way)


def _forget_name(under_way: Change, seat: Seat) -> None:
    if under_way.room.owner is seat:
        under_way.it.exported_at = None  # nobody is left who could end it
    seat.name = seat.look = ""
    seat.account_id = None
    seat.key_turn += 1
    under_way.rows.execute(sql_delete(Link).where(Link.seat_id == seat.id))
    for item in _of(under_way, seat):
        if KINDS[item.kind].seen_by == NOBODY:
            under_way.delete(item)
        elif "named" in item.data:
            item.data = {**item.data, "named": False}
    under_way.rows.flush()


def _forget_words(under_way: Change, seat: Seat) -> None:
    for item in _of(under_way, seat):
        if has_words(item):
            item.text, item.data, item.due, item.erased = "", emptied(item.data), None, True


def _of(under_way: Change, seat: Seat) -> list[Contribution]:
    """What a person said, written down by themselves or for them."""
    return [item for item in under_way.room.contributions() if item.seat_id == seat.id]


def has_words(item: Contribution) -> bool:
    """Whether there is anything to erase in a contribution."""
    return bool(item.text or item.due) or emptied(item.data) != item.data


def emptied(data: dict[str, Any]) -> dict[str, Any]:
    """The same fields without words, names, days and consent."""
    return {name: value if name in KEPT else type(value)() for name, value in data.items()}
