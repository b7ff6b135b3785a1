"""Whether an open socket still stands for somebody who may be in: the seat, the account and the cookie it came with."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, exists, select
from sqlalchemy.orm import Session

from app.accounts.models import Account, SignOut
from app.sessions.models import Intervision, Seat
from app.sessions.presence import Connection

DROPPED = ""
"""No reason is told: the page connects again, with whatever cookie its browser has by now, and finds out."""


def of(rows: Session, connection: Connection) -> str | None:
    """None, or why this socket is to be cut: "removed", "elsewhere", "erased", DROPPED or one of `why_gone`."""
    found = {"seat": connection.seat_id, "browser": connection.browser}
    seat = rows.connection().execute(ONE, found).one_or_none()
    if seat is None:
        return why_gone(rows.execute(_sessions({connection.intervision_id})).one_or_none(), connection)
    return _why(connection, seat, seat.signed_out)


def fallen(rows: Session, connections: Mapping[str, Connection]) -> dict[str, str]:
    """Those sockets (by their ids) that are to be cut, and why; three queries for however many."""
    if not connections:
        return {}
    seats = {row.id: row for row in rows.execute(_seats({c.seat_id for c in connections.values()}))}
    names = {c.browser for c in connections.values() if c.browser}
    signed_out = set(rows.scalars(select(SignOut.browser).where(SignOut.browser.in_(names))))
    gone = {c.intervision_id for c in connections.values() if c.seat_id not in seats}
    sessions = {row.id: row for row in rows.execute(_sessions(gone))} if gone else {}
    verdicts = {
        sid: _why(c, seats[c.seat_id], c.browser in signed_out)
        if c.seat_id in seats
        else why_gone(sessions.get(c.intervision_id), c)
        for sid, c in connections.items()
    }
    return {sid: why for sid, why in verdicts.items() if why is not None}


def why_gone(it: Any, connection: Connection) -> str:
    """Why there is no such seat any more: "ended", "forgotten", "renewed" or "removed". `it`: the session, None where
    that is gone as well.
    """
    if it is None:
        return "ended"
    if it.step == "closed":
        return how_ended(it)
    return "removed" if it.join_turn == connection.join_turn else "renewed"


def how_ended(it: Any) -> str:
    return "ended" if it.transcript else "forgotten"


COLUMNS = (Seat.id, Seat.name, Seat.status, Seat.key_turn, Seat.account_id, Account.key_turn.label("account_turn"))
SIGNED_OUT = exists().where(SignOut.browser == bindparam("browser")).label("signed_out")
ONE = (
    select(*COLUMNS, SIGNED_OUT)
    .outerjoin_from(Seat, Account, Account.id == Seat.account_id)
    .where(Seat.id == bindparam("seat"))
)
"""Asked before every packet, so it is put together once."""


def _seats(ids: set[str]) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).outerjoin_from(Seat, Account, Account.id == Seat.account_id).where(Seat.id.in_(ids))


def _sessions(ids: set[int]) -> Select[*tuple[Any, ...]]:
    columns = (Intervision.id, Intervision.step, Intervision.transcript, Intervision.join_turn)
    return select(*columns).where(Intervision.id.in_(ids))


def _why(connection: Connection, seat: Any, signed_out: bool) -> str | None:
    if not seat.name:
        return "erased"
    if seat.status == "removed":
        return "removed"
    if signed_out or (connection.account_turn is not None and connection.account_turn != seat.account_turn):
        return DROPPED
    return "elsewhere" if seat.key_turn != connection.key_turn else None
