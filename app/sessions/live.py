"""The room's sockets: who is connected, what they ask, and telling everybody what has changed.

Nothing here decides anything: rights are in `rules`, words in `view`. What is kept in memory is who is connected and
who is typing, and it may be lost at any time.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from flask import current_app, request
from flask_socketio import disconnect
from sqlalchemy import select

from app.extensions import db, socketio
from app.sessions import forms, presence, seats, view
from app.sessions.commands import Change, Refused, changed, perform
from app.sessions.models import Intervision, Seat
from app.sessions.phases import N_, STEP
from app.sessions.presence import Connection, connections
from app.sessions.room import Room
from app.times import now

log = logging.getLogger(__name__)

PULSE_S = 5
ID_LENGTH = 36
Answer = dict[str, Any]


@socketio.on("connect")
def on_connect(auth: object = None) -> bool | None:
    """Take the seat that the cookie holds; without one there is no connection."""
    if auth is not None and not isinstance(auth, dict):
        return False
    it = db.session.scalar(select(Intervision).where(Intervision.code == request.args.get("room", "").upper()))
    seat = seats.current_seat(it) if it else None
    if it is None or seat is None:
        return False
    presence.arrive(_sid(), Connection(it.id, seat.id, seat.key_turn))
    _start_pulse()
    room = Room(db.session, it)
    socketio.emit("snapshot", view.snapshot(room, seat, now()), to=_sid())
    presence.tell(room)
    return None


@socketio.on("disconnect")
def on_disconnect(*_reason: object) -> None:
    connection = presence.leave(_sid())
    if connection:
        _tell_presence(connection.intervision_id)


def _answered(handler: Callable[[Connection, Any], Answer]) -> Callable[..., Answer]:
    """Every packet gets an answer: the refused, the malformed, and the one that we fail at."""

    @wraps(handler)
    def answer(*packets: Any) -> Answer:
        connection = connections.get(_sid())
        if connection is None:
            return _refusal(Refused("forbidden", N_("You are no longer in this session.")))
        try:
            return {"ok": True, **handler(connection, packets[0] if len(packets) == 1 else None)}
        except Refused as refused:
            return _refusal(refused)
        except Exception:
            log.exception("a packet could not be handled")
            return _refusal(
                Refused("failed", N_("Something went wrong on our side. Your text is kept; please try again."))
            )

    return answer


def _refusal(refused: Refused) -> Answer:
    return {"ok": False, "code": refused.code, "message": refused.sentence(), "retryable": refused.retryable}


@socketio.on("command")
@_answered
def on_command(connection: Connection, packet: Any) -> Answer:
    """Shape, then rule and rows behind the one door."""
    packet = packet if isinstance(packet, dict) else {}
    command_id, act, base = packet.get("id"), packet.get("name"), packet.get("base")
    data = forms.check(act, packet.get("data"))
    if not isinstance(command_id, str) or len(command_id) != ID_LENGTH or not (base is None or isinstance(base, str)):
        raise Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))
    assert isinstance(act, str)
    presence.stop_typing(connection)
    done = perform(connection.intervision_id, connection.seat_id, act, data, command_id=command_id, base=base)
    return {"version": done.version, "item": done.item}


@socketio.on("sync")
@_answered
def on_sync(connection: Connection, packet: Any) -> Answer:
    """The whole state: the one way back after a gap, a reconnect, a tab that slept."""
    room, seat = _read(connection)
    if room is None or seat is None:
        raise Refused("gone", N_("This session is not there any more."))
    return {"snapshot": view.snapshot(room, seat, now())}


@socketio.on("typing")
@_answered
def on_typing(connection: Connection, packet: Any) -> Answer:
    """Somebody types, or has stopped. Never stored; never told of a muted role."""
    if not isinstance(packet, dict) or type(packet.get("on")) is not bool:
        raise Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))
    room, seat = _read(connection)
    heard = room and seat and seat.status == "in" and seat.role not in STEP[room.it.step].muted
    if room and heard and presence.set_typing(connection, packet["on"]):
        presence.tell(room)
    return {}


@socketio.on("probe")
@_answered
def on_probe(connection: Connection, packet: Any) -> Answer:
    """The server's time, for the browser's clock."""
    return {"now": view.millis(now())}


@socketio.on("*")
def on_anything_else(event: str, *packets: Any) -> Answer:
    return _refusal(Refused("unknown_event", N_("This page is out of date. Please reload it.")))


@changed.connect
def after_commit(change: Change) -> None:
    """What is committed is answered as saved, whatever happens here; the pulse tells who was not told."""
    try:
        tell(change)
    except Exception:
        log.exception("a change could not be told")


def tell(change: Change) -> None:
    """After a commit: everybody in the room gets the difference, as far as they may see it. Those who see the same get
    the same.
    """
    listening = presence.of(change.it.id)
    by_message: dict[bytes, list[str]] = defaultdict(list)
    messages: dict[str, bytes] = {}
    for sid, connection in listening.items():
        seat = None if change.gone else change.room.seat(connection.seat_id)
        if seat is None or seat.status == "removed" or seat.key_turn != connection.key_turn:
            _say_goodbye(sid, "removed" if change.it.transcript or change.it.step != "closed" else "forgotten")
            continue
        if seat.id not in messages:
            messages[seat.id] = orjson.dumps(_message(change, seat))
        by_message[messages[seat.id]].append(sid)
    for message, sids in by_message.items():
        event, data = orjson.loads(message)
        for sid in sids:
            socketio.emit(event, data, to=sid)
    if change.everything and not change.gone:
        presence.forget_typing(change.it.id)
        presence.tell(change.room)


def _message(change: Change, seat: Seat) -> tuple[str, view.View]:
    if change.everything:
        return "snapshot", view.snapshot(change.room, seat, change.now)
    return "patch", view.patch(change, seat, change.now)


def _say_goodbye(sid: str, reason: str) -> None:
    socketio.emit("goodbye", {"reason": reason}, to=sid)
    presence.leave(sid)
    disconnect(sid=sid, namespace="/")


def _read(connection: Connection) -> tuple[Room | None, Seat | None]:
    it = db.session.get(Intervision, connection.intervision_id)
    room = Room(db.session, it) if it else None
    return room, room.seat(connection.seat_id) if room else None


def _tell_presence(intervision_id: int) -> None:
    it = db.session.get(Intervision, intervision_id)
    if it:
        presence.tell(Room(db.session, it))


def _sid() -> str:
    return request.sid  # type: ignore[attr-defined]


_pulse_started = False


def _start_pulse() -> None:
    global _pulse_started
    if not _pulse_started:
        _pulse_started = True
        socketio.start_background_task(_pulse, current_app._get_current_object())  # type: ignore[attr-defined]


def _pulse(app: Any) -> None:
    """Every few seconds every browser hears which version is the newest: whoever missed something notices, and asks."""
    while True:
        socketio.sleep(PULSE_S)
        try:
            with app.app_context():
                pulse_once()
        except Exception:
            log.exception("no pulse this time")


def pulse_once() -> None:
    """Tell all connected browsers the version that the database has."""
    in_rooms = {connection.intervision_id for connection in connections.values()}
    if not in_rooms:
        return
    query = select(Intervision.id, Intervision.version).where(Intervision.id.in_(in_rooms))
    versions = dict(db.session.execute(query).tuples().all())
    moment = view.millis(now())
    for sid, connection in list(connections.items()):
        if connection.intervision_id in versions:
            socketio.emit("pulse", {"version": versions[connection.intervision_id], "now": moment}, to=sid)
