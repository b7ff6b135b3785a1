"""The room's sockets: who is connected, what they ask, and telling everybody what has changed.

Nothing here decides anything: rights are in `rules`, words in `view`. What is kept in memory is who is connected and
who is typing, and it may be lost at any time.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial, wraps
from itertools import cycle
from typing import Any

import orjson
from flask import current_app, request, session
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from app.accounts.auth import current_account, forget_if_signed_out, shut_out
from app.extensions import db, socketio
from app.operations import metrics, work
from app.sessions import forms, pace, presence, seats, standing, view
from app.sessions.access import Reader
from app.sessions.commands import Change, Refused, changed, perform
from app.sessions.commands.kept import kept
from app.sessions.models import Intervision, Seat
from app.sessions.phases import KIND_OF_ACT, N_, STEP
from app.sessions.presence import Connection, connections
from app.sessions.room import Room
from app.times import now

log = logging.getLogger(__name__)

PULSE_S = 5
BEATS = 10
"""Parts of a pulse, one after the other: telling everybody at once would hold up whoever speaks at that moment."""
ID_LENGTH = 36
SLOWED_S = 0.25
Answer = dict[str, Any]

WORDS = frozenset(act for act, kind in KIND_OF_ACT.items() if kind.name not in ("interest", "star")) | {"rename"}
"""Acts that put words on other people's screens, or fill the session."""

NOT_HERE = N_("You are no longer in this session.")

buckets = pace.Pace()


@socketio.on("connect")
def on_connect(auth: object = None) -> bool | Answer | None:
    """Take the seat that the cookie holds; without one there is no connection."""
    if _sid() in connections:
        return on_anything_else("connect")
    if auth is not None and not isinstance(auth, dict):
        return False
    forget_if_signed_out()
    it = db.session.scalar(select(Intervision).where(Intervision.code == request.args.get("room", "").upper()))
    seat = seats.current_seat(it) if it else None
    if it is None or seat is None:
        return False
    account = current_account()
    account_turn = account.key_turn if account and account.id == seat.account_id else None
    to_record = it.step == "closed"
    connection = Connection(it.id, seat.id, seat.key_turn, account_turn, session.get("browser"), to_record)
    for oldest in presence.arrive(_sid(), connection):
        _say_goodbye(oldest, "crowded")
    _start_pulse()
    work.connected(auth)
    room = Room(db.session, it)
    socketio.emit("snapshot", view.snapshot(room, Reader(seat), now()), to=_sid())
    presence.tell(room)
    return None


@socketio.on("disconnect")
def on_disconnect(*_reason: object) -> None:
    connection = presence.leave(_sid())
    socketio.server.disconnect(_sid(), namespace="/")  # should the browser only have said so
    if connection:
        tell_presence(connection.intervision_id)


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
            socketio.start_background_task(_cut_soon, _sid(), shut_out.reason)
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
    presence.stop_typing(connection)
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


@changed.connect
def after_commit(change: Change) -> None:
    """What is committed is answered as saved, whatever happens here; the pulse tells who was not told."""
    try:
        tell(change)
    except Exception:
        metrics.telling_failures.inc()
        log.exception("a change could not be told")


def tell(change: Change) -> None:
    """After a commit: everybody in the room gets the difference, as far as they may see it. Those who see the same get
    the same.
    """
    listening = presence.of(change.it.id)
    by_message: dict[tuple[str, bytes], list[str]] = defaultdict(list)
    messages: dict[str, tuple[str, bytes]] = {}
    for sid, connection in listening.items():
        seat = None if change.gone else change.room.seat(connection.seat_id)
        if seat is None or (reason := _why_out(change.it, seat, connection)):
            _say_goodbye(sid, _why_gone(change) if seat is None else reason)
            continue
        if seat.id not in messages:
            event, data = _message(change, seat)
            messages[seat.id] = event, orjson.dumps(data)
        by_message[messages[seat.id]].append(sid)
    for (event, encoded), sids in by_message.items():
        presence.send(event, encoded, sids)
    if change.everything and not change.gone:
        presence.forget_typing(change.it.id)
        presence.tell(change.room)
        _end_if_closed(change.it.id, change.it.step)


def _message(change: Change, seat: Seat) -> tuple[str, view.View]:
    if change.everything:
        return "snapshot", view.snapshot(change.room, Reader(seat), change.now)
    return "patch", view.patch(change, Reader(seat), change.now)


def _why_gone(change: Change) -> str:
    """Why somebody has no seat any more."""
    if change.gone:
        return "ended"
    if change.it.step == "closed":
        return "ended" if change.it.transcript else "forgotten"
    return "renewed" if change.act == "rotate" else "removed"


def _why_out(it: Intervision, seat: Seat, connection: Connection) -> str:
    """Why this socket of somebody with a seat is cut now, or nothing."""
    if seat.erased:
        return "erased"
    if seat.status == "removed":
        return "removed"
    if seat.key_turn != connection.key_turn:
        return "elsewhere"
    return "ended" if it.step == "closed" and seat.status == "waiting" else ""


def tell_anew(intervision_id: int) -> None:
    """Another process has changed the session: everybody here gets all of it anew, as far as they may see it."""
    kept().drop(intervision_id)
    _cut_fallen_of(presence.of(intervision_id))
    it = db.session.get(Intervision, intervision_id)
    room = Room(db.session, it) if it else None
    for sid, connection in presence.of(intervision_id).items():
        seat = room.seat(connection.seat_id) if room else None
        if room is None or seat is None or (reason := _why_out(room.it, seat, connection)):
            _say_goodbye(sid, "ended" if room is None or seat is None else reason)
        else:
            presence.send("snapshot", orjson.dumps(view.snapshot(room, Reader(seat), now())), [sid])
    if room:
        _end_if_closed(intervision_id, room.it.step)


def _end_if_closed(intervision_id: int, step: str) -> None:
    """The end of a session is the end of its sockets. Whose page still has a right to look on comes back by itself."""
    if step == "closed":
        for sid, connection in presence.of(intervision_id).items():
            if not connection.to_record:
                socketio.start_background_task(_cut_soon, sid, standing.DROPPED)


def _cut_soon(sid: str, reason: str) -> None:
    socketio.sleep(0.1)  # what there is still to say goes first
    _say_goodbye(sid, reason)


def _say_goodbye(sid: str, reason: str) -> None:
    if reason:
        socketio.emit("goodbye", {"reason": reason}, to=sid)
    presence.leave(sid)
    socketio.server.disconnect(sid, namespace="/")


@shut_out.connect
def cut_the_fallen(_sender: object = None) -> None:
    """Cut every socket whose seat, account or cookie is worth nothing any more; with the pulse, in any process."""
    _cut_fallen_of(dict(connections))


def _cut_fallen_of(sockets: dict[str, Connection]) -> None:
    for sid, reason in standing.fallen(db.session, sockets).items():
        _say_goodbye(sid, reason)


def _read(connection: Connection) -> tuple[Room | None, Seat | None]:
    _still_belongs(connection, db.session)
    it = db.session.get(Intervision, connection.intervision_id)
    room = Room(db.session, it) if it else None
    return room, room.seat(connection.seat_id) if room else None


def tell_presence(intervision_id: int) -> None:
    """Who is here, to everybody in this process."""
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
    due, unbroken = time.monotonic(), 0
    for beat in cycle(range(BEATS)):
        due = max(due, time.monotonic() - PULSE_S) + PULSE_S / BEATS  # a beat that was late makes no other one late
        socketio.sleep(max(0.0, due - time.monotonic()))
        try:
            with app.app_context():
                pulse_once(beat)
            unbroken += 1
            if unbroken >= BEATS:  # all rooms have been told: one that cannot be shows in the age of the pulse
                metrics.pulsed()
        except Exception:
            unbroken = 0
            log.exception("no pulse this time")


def pulse_once(beat: int) -> None:
    """Tell the browsers in the rooms of this beat the version that the database has."""
    sockets = {sid: one for sid, one in list(connections.items()) if one.intervision_id % BEATS == beat}
    _cut_fallen_of(sockets)
    in_rooms = {one.intervision_id for sid, one in sockets.items() if sid in connections}
    if not in_rooms:
        return
    query = select(Intervision.id, Intervision.version, Intervision.step).where(Intervision.id.in_(in_rooms))
    moment = view.millis(now())
    for intervision_id, version, step in db.session.execute(query).all():
        _end_if_closed(intervision_id, step)
        presence.send("pulse", orjson.dumps({"version": version, "now": moment}), list(presence.of(intervision_id)))
