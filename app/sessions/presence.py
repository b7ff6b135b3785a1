"""Who is connected and who is typing, in this process's memory: told at once, never stored, and silent about a muted
role.
"""

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import orjson
from blinker import Signal

from app.extensions import socketio
from app.sessions.phases import STEP, Role
from app.sessions.room import Room


@dataclass(frozen=True)
class Connection:
    """One open socket: a device of the person in `seat_id`, and with which keys it came.

    `account_turn` is None where the seat is no account's; `browser` is the cookie's own name; `join_turn` is that of
    the session's link at the time.
    `to_record`: it came when the session was closed already.
    """

    intervision_id: int
    seat_id: str
    key_turn: int
    join_turn: int
    account_turn: int | None = None
    browser: str | None = None
    to_record: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """Who is in a room by way of another process, as it said at `heard_at` (monotonic)."""

    online: frozenset[str]
    typing: frozenset[str]
    heard_at: float


MOST_SOCKETS = 8
"""Tabs and devices of one person in one room."""

FORGOTTEN_S = 15
"""Who is in another process is told every few seconds; a process that says nothing for so long has nobody."""

told = Signal("Who is in a room was told; sent with the session's id.")

connections: dict[str, Connection] = {}
_rooms: defaultdict[int, dict[str, Connection]] = defaultdict(dict)
_typing: defaultdict[int, set[str]] = defaultdict(set)
_elsewhere: defaultdict[int, dict[str, Elsewhere]] = defaultdict(dict)
_coming_and_going = threading.Lock()
"""Whoever comes as the last one goes must not be put into the room that is just thrown away."""


def arrive(sid: str, connection: Connection) -> list[str]:
    """Remember a socket; returns those of the same seat that are too many now, the oldest first."""
    with _coming_and_going:
        connections[sid] = connection
        room = _rooms[connection.intervision_id]
        room[sid] = connection
        # Whoever types says so again soon; of a line that has died nobody else would take it back.
        _typing[connection.intervision_id].discard(connection.seat_id)
        same = [other for other, one in room.items() if one.seat_id == connection.seat_id]
    return same[:-MOST_SOCKETS]


def leave(sid: str) -> Connection | None:
    """Forget a socket; returns what it was."""
    with _coming_and_going:
        connection = connections.pop(sid, None)
        if connection is None:
            return None
        room = _rooms[connection.intervision_id]
        room.pop(sid, None)
        if connection.seat_id not in {other.seat_id for other in room.values()}:
            _typing[connection.intervision_id].discard(connection.seat_id)
        if not room:
            _rooms.pop(connection.intervision_id, None)
            _typing.pop(connection.intervision_id, None)
    return connection


def forget_everybody() -> None:
    """The server ends: nobody is told any more who leaves."""
    for everything in (connections, _rooms, _typing, _elsewhere):
        everything.clear()


def of(intervision_id: int) -> dict[str, Connection]:
    """The sockets in one room."""
    return dict(_rooms.get(intervision_id, {}))


def here(intervision_id: int) -> tuple[set[str], set[str]]:
    """The seats that are online in this process, and those that type."""
    online = {connection.seat_id for connection in of(intervision_id).values()}
    return online, set(_typing.get(intervision_id, ()))


def hear(process: str, intervision_id: int, online: Iterable[str], typing: Iterable[str]) -> bool:
    """Note who is in a room by way of another process; True if that is news."""
    others = _elsewhere[intervision_id]
    before = others.pop(process, None)
    now = Elsewhere(frozenset(online), frozenset(typing), time.monotonic())
    if now.online:
        others[process] = now
    if not others:
        del _elsewhere[intervision_id]
    return (before.online, before.typing) != (now.online, now.typing) if before else bool(now.online)


def forget_silent_processes() -> list[int]:
    """Forget who was in a process that says nothing any more; returns the sessions that this changes."""
    longest_ago = time.monotonic() - FORGOTTEN_S
    silent = [(id_, process) for id_, others in _elsewhere.items()
              for process, one in others.items() if one.heard_at < longest_ago]  # fmt: skip
    for id_, process in silent:
        hear(process, id_, (), ())
    return [id_ for id_, _ in silent]


def _everywhere(intervision_id: int) -> tuple[set[str], set[str]]:
    """The seats that are online, and those that type, in all processes."""
    online, typing = here(intervision_id)
    others = _elsewhere.get(intervision_id, {}).values()
    return online.union(*(one.online for one in others)), typing.union(*(one.typing for one in others))


def set_typing(connection: Connection, on: bool) -> bool:
    """Note that somebody types, or no longer; True if that is news."""
    typing = _typing[connection.intervision_id]
    if (connection.seat_id in typing) == on:
        return False
    (typing.add if on else typing.discard)(connection.seat_id)
    return True


def forget_typing(intervision_id: int) -> None:
    """A new step: nobody has begun to type in it."""
    _typing.pop(intervision_id, None)


def stop_typing(connection: Connection) -> bool:
    """Whoever gives a command has stopped; True if that is news."""
    return set_typing(connection, on=False)


def tell(room: Room) -> None:
    """Send everybody who is in the room who is here and who types, as far as they may know it."""
    sockets = of(room.it.id)
    online, typing = _everywhere(room.it.id)
    seats = {seat.id: seat for seat in room.seats}
    for hidden, sids in _by_what_is_hidden(room, sockets).items():
        data = _seen(room, online, typing, hidden)
        send("presence", orjson.dumps(data), [sid for sid in sids if seats[sockets[sid].seat_id].status == "in"])
    told.send(room.it.id)


def send(event: str, data: bytes, sids: list[str]) -> None:
    """Send JSON to these sockets. It is put into a packet once and not for each of them, which is half of the cost."""
    if sids:  # an empty list would mean everybody
        socketio.emit(event, orjson.Fragment(data), to=sids)


def _by_what_is_hidden(room: Room, sockets: dict[str, Connection]) -> dict[frozenset[str], list[str]]:
    """Sockets grouped by the seats that they may hear nothing of: the muted ones, and for all but moderators those who
    wait.
    """
    muted = {seat.id for seat in room.seats if Role(seat.role) in STEP[room.it.step].muted}
    waiting = {seat.id for seat in room.seats if seat.status != "in"}
    moderators = {seat.id for seat in room.present if seat.role == Role.MODERATOR}
    groups: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for sid, connection in sockets.items():
        groups[frozenset(muted if connection.seat_id in moderators else muted | waiting)].append(sid)
    return groups


def _seen(room: Room, online: set[str], typing: set[str], hidden: frozenset[str]) -> dict[str, object]:
    """While ideas are unattributed, the number of those who type is told, and not who they are."""
    shown = sorted(typing - hidden)
    unattributed = bool(STEP[room.it.step].muted)
    return {"online": sorted(online - hidden), "typing": [] if unattributed else shown, "typing_count": len(shown)}
