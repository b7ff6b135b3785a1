"""Who is connected and who is typing, in this process's memory: told at once, never stored, and silent about a muted
role.
"""

from collections import defaultdict
from dataclasses import dataclass

from app.extensions import socketio
from app.sessions.phases import STEP, Role
from app.sessions.room import Room


@dataclass(frozen=True)
class Connection:
    """One open socket: a device of the person in `seat_id`."""

    intervision_id: int
    seat_id: str
    key_turn: int


connections: dict[str, Connection] = {}
_rooms: defaultdict[int, dict[str, Connection]] = defaultdict(dict)
_typing: defaultdict[int, set[str]] = defaultdict(set)


def arrive(sid: str, connection: Connection) -> None:
    connections[sid] = connection
    _rooms[connection.intervision_id][sid] = connection


def leave(sid: str) -> Connection | None:
    """Forget a socket; returns what it was."""
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


def of(intervision_id: int) -> dict[str, Connection]:
    """The sockets in one room."""
    return dict(_rooms.get(intervision_id, {}))


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


def stop_typing(connection: Connection) -> None:
    _typing[connection.intervision_id].discard(connection.seat_id)


def tell(room: Room) -> None:
    """Send everybody who is in the room who is here and who types, as far as they may know it."""
    here = of(room.it.id)
    seats = {seat.id: seat for seat in room.seats}
    for hidden, sids in _by_what_is_hidden(room, here).items():
        data = _seen(room, {connection.seat_id for connection in here.values()}, hidden)
        for sid in sids:
            if seats[here[sid].seat_id].status == "in":
                socketio.emit("presence", data, to=sid)


def _by_what_is_hidden(room: Room, here: dict[str, Connection]) -> dict[frozenset[str], list[str]]:
    """Sockets grouped by the seats that they may hear nothing of: the muted ones, and for all but moderators those who
    wait.
    """
    muted = {seat.id for seat in room.seats if Role(seat.role) in STEP[room.it.step].muted}
    waiting = {seat.id for seat in room.seats if seat.status != "in"}
    moderators = {seat.id for seat in room.present if seat.role == Role.MODERATOR}
    groups: defaultdict[frozenset[str], list[str]] = defaultdict(list)
    for sid, connection in here.items():
        groups[frozenset(muted if connection.seat_id in moderators else muted | waiting)].append(sid)
    return groups


def _seen(room: Room, online: set[str], hidden: frozenset[str]) -> dict[str, object]:
    """While ideas are unattributed, the number of those who type is told, and not who they are."""
    typing = sorted((_typing.get(room.it.id) or set()) - hidden)
    unattributed = bool(STEP[room.it.step].muted)
    return {"online": sorted(online - hidden), "typing": [] if unattributed else typing, "typing_count": len(typing)}
