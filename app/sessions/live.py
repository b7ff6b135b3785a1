"""The room's sockets: who is connected, and what they ask.

Nothing here decides anything: rights are in `rules`, words in `view`. What is kept in memory is who is connected and
who is typing, and it may be lost at any time.
"""

import logging
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial, wraps
from typing import Any

from flask import current_app, request, session
from flask_socketio import ConnectionRefusedError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from app import gate
from app.accounts.auth import forget_if_signed_out
from app.accounts.models import Account
from app.extensions import db, socketio
from app.operations import work
from app.places import Places
from app.sessions import access, farewell, forms, pace, presence, pulse, seats, standing, telling, view
from app.sessions.access import Reader
from app.sessions.commands import Refused, perform
from app.sessions.models import Intervision, Seat
from app.sessions.phases import KIND_OF_ACT, N_, STEP
from app.sessions.presence import Connection, connections
from app.sessions.room import Room
from app.times import now

log = logging.getLogger(__name__)

PROTOCOL, OLDEST = 1, 1
"""What the room's scripts of today speak (docs/protocol.md), and the oldest that is still understood: that of the
release before. A page that was open over an upgrade goes on with that one, and is loaded anew with any older.
"""
ID_LENGTH = 36
SLOWED_S = 0.25
Answer = dict[str, Any]

WORDS = frozenset(act for act, kind in KIND_OF_ACT.items() if kind.name not in ("interest", "star")) | {"rename"}
"""Acts that put words on other people's screens, or fill the session."""

NOT_HERE = N_("You are no longer in this session.")

buckets = pace.Pace()

COMING_AT_ONCE = 8
_places = Places(COMING_AT_ONCE)
"""So many may come in at the same time. When a thousand come back together, their whole states stand in line, and not
the news and the pulses of those who are in already.
"""


@socketio.on("connect")
def on_connect(auth: object = None) -> bool | Answer | None:
    """Take the seat that the cookie holds; without one there is no connection."""
    if _sid() in connections:
        return on_anything_else("connect")
    if auth is not None and not isinstance(auth, dict):
        return False
    if not _is_understood(auth):
        raise ConnectionRefusedError("outdated")
    with _places, ExitStack() as undoing:
        # Of whoever fails or is cut off while they come in Socket.IO says nothing, and keeps them for ever.
        undoing.callback(socketio.server.manager.disconnect, _sid(), "/")
        undoing.callback(_leave)
        socketio.sleep(0)  # where the database holds up the whole process, the pulse has its turn between two people
        if _is_there() and _come_in(auth) and _is_there():
            if _sid() in connections:
                undoing.pop_all()
                return None
            gate.cut(socketio.server.eio, _eio_sid())  # let go meanwhile: it may try again
    return False


def _is_understood(auth: dict[str, Any] | None) -> bool:
    spoken = (auth or {}).get("protocol", 1)  # which had no number yet
    return type(spoken) is int and spoken >= OLDEST


def _come_in(auth: object) -> bool:
    forget_if_signed_out()
    it = db.session.scalar(select(Intervision).where(Intervision.code == request.args.get("room", "").upper()))
    seat = seats.current_seat(it) if it else None
    if it is None or seat is None:
        if reason := _why_not(it):
            raise ConnectionRefusedError(reason)
        return False
    if not access.may_enter(Reader(seat), it, now()):
        raise ConnectionRefusedError("ended")
    account = db.session.get(Account, seat.account_id) if seat.account_id else None
    account_turn = account.key_turn if account else None
    to_record = it.step == "closed"
    connection = Connection(
        it.id, seat.id, seat.key_turn, it.join_turn, account_turn, session.get("browser"), to_record
    )
    for oldest in presence.arrive(_sid(), connection):
        farewell.say_goodbye(oldest, "crowded")
    pulse.start()
    work.connected(auth)
    socketio.emit("snapshot", view.snapshot(Room(db.session, it), Reader(seat), now()), to=_sid())
    telling.tell_presence_soon(it.id)
    return True


def _why_not(it: Intervision | None) -> str | None:
    """Why the seat that the cookie names is theirs no longer, in the words of a goodbye, which nobody was connected to
    hear; None if it names no seat here.
    """
    held = next((seat for id_, seat, _turn in session.get("seats", ()) if it and id_ == it.id), None)
    if it is None or held is None:
        return None
    seat = db.session.get(Seat, held)
    if seat is None:
        return standing.how_ended(it) if it.step == "closed" else None
    if seat.erased:
        return "erased"
    if seat.status == "removed":
        return "removed"
    return None if seat.account_id else "elsewhere"


def _is_there() -> bool:
    """Whether the other side has not given up, or been cut off, while it waited."""
    return gate.is_there(socketio.server.eio, _eio_sid())


def _eio_sid() -> str | None:
    found: str | None = socketio.server.manager.eio_sid_from_sid(_sid(), "/")
    return found


@socketio.on("disconnect")
def on_disconnect(*_reason: object) -> None:
    socketio.server.disconnect(_sid(), namespace="/")  # should the browser only have said so
    _leave()


def _leave() -> None:
    connection = presence.leave(_sid())
    if connection:
        telling.tell_presence_soon(connection.intervision_id)


def _answered(handler: Callable[[Connection, Any], Answer]) -> Callable[..., Answer]:
    """Every packet gets an answer: the refused, the malformed, and the one that we fail at."""

    @wraps(handler)
    def answer(*packets: Any) -> Answer:
        connection = connections.get(_sid())
        if connection is None:
            return _refusal(Refused("forbidden", NOT_HERE))
        try:
            _slow_down(connection, pace.PACKETS)
            return {"ok": True, **handler(connection, packets[0] if len(packets) == 1 else None)}
        except ShutOut as shut_out:
            socketio.start_background_task(farewell.cut_soon, _sid(), shut_out.reason)
            return _refusal(shut_out)
        except Refused as refused:
            return _refusal(refused)
        except (DBAPIError, NoConnection):
            log.exception("the database did not answer")
            return _refusal(Refused("not_saved", N_("This is not saved yet. We keep trying."), retryable=True))
        except Exception:
            log.exception("a packet could not be handled")
            return _refusal(
                Refused("failed", N_("Something went wrong on our side. Your text is kept; please try again."))
            )

    return answer


def _slow_down(connection: Connection, limit: pace.Limit) -> None:
    """Refuse what is too much. Of one who sends on regardless, fewer packets are read: it holds up nobody else."""
    if not buckets.take(connection.seat_id, limit):
        if limit is pace.PACKETS:
            socketio.sleep(SLOWED_S)
        sentence = N_("That was a lot at once. Please wait a moment; your text is kept.")
        raise Refused("rate_limited", sentence, retryable=True)


def _still_belongs(connection: Connection, rows: Session) -> None:
    """Refuse, and cut off, whose seat, account or cookie is worth nothing any more."""
    reason = standing.of(rows, connection)
    if reason is not None:
        raise ShutOut(reason)


def _expect_only(packet: Any, *names: str) -> None:
    """What nobody asked for is refused and not ignored: it would look as if it had counted."""
    if not isinstance(packet, dict) or not packet.keys() <= set(names):
        raise _malformed()


def _malformed() -> Refused:
    return Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))


class ShutOut(Refused):
    """Refused, and cut off after the answer."""

    def __init__(self, reason: str) -> None:
        super().__init__("forbidden", NOT_HERE)
        self.reason = reason


def _refusal(refused: Refused) -> Answer:
    return {"ok": False, "code": refused.code, "message": refused.sentence(), "retryable": refused.retryable}


@socketio.on("command")
@work.command
@_answered
def on_command(connection: Connection, packet: Any) -> Answer:
    """Shape, then rule and rows behind the one door."""
    packet = packet if isinstance(packet, dict) else {}
    _expect_only(packet, "id", "name", "base", "data")
    command_id, act, base = packet.get("id"), packet.get("name"), packet.get("base")
    data = forms.check(act, packet.get("data"))
    if not isinstance(command_id, str) or len(command_id) != ID_LENGTH or not (base is None or isinstance(base, str)):
        raise _malformed()
    assert isinstance(act, str)
    if act in WORDS:
        _slow_down(connection, pace.contributions(current_app.config["CONTRIBUTIONS_PER_MINUTE"]))
    if presence.stop_typing(connection):
        telling.tell_presence_soon(connection.intervision_id)  # the page says so itself only where a form was sent
    done = perform(
        connection.intervision_id,
        connection.seat_id,
        act,
        data,
        command_id=command_id,
        base=base,
        guard=partial(_still_belongs, connection),
    )
    return {"version": done.version, "item": done.item}


@socketio.on("sync")
@work.sync
@_answered
def on_sync(connection: Connection, packet: Any) -> Answer:
    """The whole state: the one way back after a gap, a reconnect, a tab that slept."""
    _expect_only(packet, "version")
    _slow_down(connection, pace.SYNCS)
    room, seat = _read(connection)
    if room is None or seat is None:
        raise Refused("gone", N_("This session is not there any more."))
    return {"snapshot": view.snapshot(room, Reader(seat), now())}


@socketio.on("typing")
@_answered
def on_typing(connection: Connection, packet: Any) -> Answer:
    """Somebody types, or has stopped. Never stored; never told of a muted role."""
    _expect_only(packet, "on")
    if type(packet.get("on")) is not bool:
        raise _malformed()
    _slow_down(connection, pace.TYPING)
    room, seat = _read(connection)
    heard = room and seat and seat.status == "in" and seat.role not in STEP[room.it.step].muted
    if room and heard and presence.set_typing(connection, packet["on"]):
        presence.tell(room)
    return {}


@socketio.on("probe")
@_answered
def on_probe(connection: Connection, packet: Any) -> Answer:
    """The server's time, for the browser's clock."""
    _expect_only(packet)
    return {"now": view.millis(now())}


@socketio.on("*")
def on_anything_else(event: str, *packets: Any) -> Answer:
    connection = connections.get(_sid())
    if connection and not buckets.take(connection.seat_id, pace.PACKETS):
        socketio.sleep(SLOWED_S)
    return _refusal(Refused("unknown_event", N_("This page is out of date. Please reload it.")))


def _read(connection: Connection) -> tuple[Room | None, Seat | None]:
    _still_belongs(connection, db.session)
    it = db.session.get(Intervision, connection.intervision_id)
    room = Room(db.session, it) if it else None
    return room, room.seat(connection.seat_id) if room else None


def _sid() -> str:
    return request.sid  # type: ignore[attr-defined]
