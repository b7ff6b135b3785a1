"""Telling everybody in a room what has changed, as far as they may see it."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence

import orjson
from flask import Flask, current_app

from app.extensions import db, socketio
from app.operations import metrics
from app.sessions import farewell, presence, standing, view
from app.sessions.access import Reader
from app.sessions.commands import Change, changed
from app.sessions.models import Intervision
from app.sessions.presence import Connection
from app.sessions.room import Room
from app.times import now

log = logging.getLogger(__name__)

GATHER_S = 0.1
_presence_due: set[int] = set()
"""The sessions in which people came or went in the last moment."""


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
    sids_of: dict[str, list[str]] = defaultdict(list)
    for sid, connection in presence.of(change.it.id).items():
        if reason := _why_out(None if change.gone else change.room, connection):
            farewell.say_goodbye(sid, reason)
        else:
            sids_of[connection.seat_id].append(sid)
    readers = [Reader(change.room.seat(seat_id)) for seat_id in sids_of]
    by_message: dict[bytes, list[str]] = defaultdict(list)
    for sids, seen in zip(sids_of.values(), _seen(change, readers), strict=True):
        by_message[orjson.dumps(seen)] += sids
    for encoded, sids in by_message.items():
        presence.send("snapshot" if change.everything else "patch", encoded, sids)
    if change.everything and not change.gone:
        presence.forget_typing(change.it.id)
        presence.tell(change.room)
        farewell.end_if_closed(change.it.id, change.it.step)


def _seen(change: Change, readers: Sequence[Reader]) -> Iterator[view.View]:
    if change.everything:
        return view.snapshots(change.room, readers, change.now)
    return (view.patch(change, reader, change.now) for reader in readers)


def _why_out(room: Room | None, connection: Connection) -> str:
    """Why this socket is cut now, or nothing."""
    seat = room.seat(connection.seat_id) if room else None
    if room is None or seat is None:
        return standing.why_gone(room and room.it, connection)
    if seat.erased:
        return "erased"
    if seat.status == "removed":
        return "removed"
    if seat.key_turn != connection.key_turn:
        return "elsewhere"
    return "ended" if room.it.step == "closed" and seat.status == "waiting" else ""


def tell_anew(intervision_id: int) -> None:
    """Another process has changed the session: everybody here gets all of it anew, as far as they may see it."""
    farewell.cut_fallen_of(presence.of(intervision_id))
    it = db.session.get(Intervision, intervision_id)
    room = Room(db.session, it) if it else None
    staying: dict[str, Reader] = {}
    for sid, connection in presence.of(intervision_id).items():
        if reason := _why_out(room, connection):
            farewell.say_goodbye(sid, reason)
        elif room:
            staying[sid] = Reader(room.seat(connection.seat_id))
    if room:
        for sid, seen in zip(staying, view.snapshots(room, list(staying.values()), now()), strict=True):
            presence.send("snapshot", orjson.dumps(seen), [sid])
    if room:
        presence.tell(room)  # who was let in has been told of nobody yet
        farewell.end_if_closed(intervision_id, room.it.step)


def tell_presence_soon(intervision_id: int) -> None:
    """The same in a moment: when many come or go together, everybody hears it once and not once for each of them."""
    if intervision_id not in _presence_due:
        _presence_due.add(intervision_id)
        socketio.start_background_task(_tell_gathered, current_app._get_current_object(), intervision_id)  # type: ignore[attr-defined]


def _tell_gathered(app: Flask, intervision_id: int) -> None:
    socketio.sleep(GATHER_S)
    _presence_due.discard(intervision_id)  # first: whoever comes from now on is told of anew
    try:
        with app.app_context():
            tell_presence(intervision_id)
    except Exception:
        log.exception("who is here could not be told")


def tell_presence(intervision_id: int) -> None:
    """Who is here, to everybody in this process."""
    it = db.session.get(Intervision, intervision_id)
    if it:
        presence.tell(Room(db.session, it))
