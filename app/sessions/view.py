"""What one person may see. Snapshots, patches, records and exports are all made here: one place to leak a secret.

The law: for any seat and any sequence of commands, old snapshot + patch = new snapshot. docs/protocol.md describes the
parts. How much somebody may read at all, `access` says.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _

from app.sessions import access, rules
from app.sessions.access import Level, Reader
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Seat
from app.sessions.phases import KINDS, POSITION, SECONDS_EACH, STEP, STEPS, Role
from app.sessions.room import Room

View = dict[str, Any]


def snapshot(room: Room, reader: Reader, now: datetime) -> View:
    """Everything that this reader may see now; of somebody without a seat, `access` says first that they may."""
    return next(snapshots(room, [reader], now))


def snapshots(room: Room, readers: Sequence[Reader], now: datetime) -> Iterator[View]:
    """The same for each of `readers`, in their order. What they see alike is read and made once: by the end of a
    session, making it for each of ten people held everybody up for a tenth of a second at every step.
    """
    if not readers:
        return
    of_session, reached = session(room), room.reached
    everything = [(item, _whole(item)) for item in room.contributions(private_to=[r.id for r in readers if r.id])]
    for reader in readers:
        full, sees = access.level(reader, room.it, now) >= Level.FULL, sight(reader, reached)
        yield {
            "version": room.it.version,
            "now": millis(now),
            "session": for_reader(of_session, reader),
            "me": me(reader),
            "can": can(room, reader),
            "people": {other.id: person(other) for other in room.seats if sees_person(reader, other)},
            "items": {
                item.id: _to(item, whole, reader)
                for item, whole in everything
                if (full or (reader.id and item.seat_id == reader.id)) and sees(item)
            },
        }


def patch(change: Change, reader: Reader, now: datetime) -> View:
    """What `change` has changed for this reader. Not for changes of everything: those are snapshots."""
    room = change.room
    new: View = {"version": room.it.version, "now": millis(now)}
    if change.session:
        change.seen_by_all = change.seen_by_all or session(room)
        new["session"] = for_reader(change.seen_by_all, reader)
    if change.session or change.people:
        # Whoever comes or goes may change what the others can do: in a small group the moderator may consult.
        new["can"] = can(room, reader)
    if reader.id in change.people:
        new["me"] = me(reader)
    people = [other for other in room.seats if other.id in change.people and sees_person(reader, other)]
    if people:
        new["people"] = {other.id: person(other) for other in people}
    sees = sight(reader, room.reached)
    items = {
        item.id: None if item.id in change.deleted else _to(item, _whole(item), reader)
        for item in change.items.values()
        if sees(item)
    }
    if items:
        new["items"] = items
    return new


def sight(reader: Reader, step: str) -> Callable[[Contribution], bool]:
    """Tells of any contribution whether this reader may see in this step that there is one."""
    opened = _open_kinds(reader.role, step) if reader.looks_on else frozenset()
    return lambda item: item.kind in opened or _has_a_part_in(item, reader)


@lru_cache
def _open_kinds(role: str, step: str) -> frozenset[str]:
    """The kinds of which this role sees other people's in this step."""
    reached = POSITION[step]
    return frozenset(kind.name for kind in KINDS.values() if role in kind.seen_by and reached >= POSITION[kind.since])


def _has_a_part_in(item: Contribution, reader: Reader) -> bool:
    """Whether they said it, or noted it down."""
    seat = reader.id
    return seat is not None and (item.seat_id == seat or item.noted_by == seat)


def _whole(item: Contribution) -> View:
    """A contribution as everybody sees it who may see it."""
    seen: View = {
        "id": item.id,
        "kind": item.kind,
        "parent": item.parent_id,
        "place": item.place,
        "text": _("Words erased at the author’s wish.") if item.erased else item.text,
        "data": item.data,
    }
    if KINDS[item.kind].attributed:
        seen["seat"] = item.seat_id
    if item.noted_by:
        seen["noted"] = True
    if item.aloud:
        seen["aloud"] = True
    return seen


def _to(item: Contribution, whole: View, reader: Reader) -> View:
    return whole | {"mine": True} if _has_a_part_in(item, reader) else whole


def sees_person(reader: Reader, other: Seat) -> bool:
    """Everybody sees themselves and who is in; who waits is for the moderators, and those who wait see nobody else."""
    if reader.id == other.id or reader.role == Role.MODERATOR:
        return True
    return reader.looks_on and other.status != "waiting"


def session(room: Room) -> View:
    """What everybody may know of the session itself: step, clock, turn."""
    it = room.it
    return {
        "code": it.code,
        "title": it.title,
        "team": it.team.name,
        "language": it.language,
        "call_url": it.call_url,
        "length": it.length,
        "starts_at": millis(it.starts_at),
        "timezone": it.timezone,
        "step": it.step,
        "started_at": millis(it.started_at),
        "closed_at": millis(it.closed_at),
        "stopped": it.stopped,
        "move_on": it.move_on,
        "overridden": it.overridden,
        "transcript": it.transcript,
        "names": it.names,
        "readable_until": millis(it.readable_until),
        "readable_days": it.readable_days,
        "kept_days": it.team.retention_days,
        "visibility": access.open_to(it).value,
        "themes": room.themes,
        "clock": {"ends_at": millis(it.ends_at), "left_s": it.left_s},
        "steps": [_time(room, step.name) for step in STEPS if step.name in room.times],
        "buffer_s": 60 * it.minutes["buffer"],
        "turn": _turn(room),
        "spoken": sorted({turn.seat_id for turn in room.turns if turn.ended}),
    }


def for_reader(session: View, reader: Reader) -> View:
    """The same for who waits at the door: without the way into the call, and what is going on inside."""
    return session if reader.looks_on else session | {"call_url": "", "themes": [], "turn": None, "spoken": []}


def _time(room: Room, step: str) -> View:
    time = room.times[step]
    return {"name": step, "planned_s": time.planned_s, "allotted_s": time.allotted_s, "used_s": time.used_s}


def _turn(room: Room) -> View | None:
    turn = room.turn
    if turn is None:
        return None
    seconds = SECONDS_EACH[STEP[room.it.step].slot or ""]
    return {"seat": turn.seat_id, "item": turn.contribution_id, "began_s": turn.began_s, "seconds": seconds}


def me(reader: Reader) -> View | None:
    seat = reader.seat
    if seat is None:
        return None
    return {
        "seat": seat.id,
        "name": seat.name,
        "role": seat.role,
        "consults": seat.consults,
        "status": seat.status,
        "accepted": seat.accepted_at is not None,
        "pulsed": seat.pulsed,
        "account": seat.account_id is not None,
    }


def person(seat: Seat) -> View:
    return {
        "id": seat.id,
        "name": name(seat),
        "role": seat.role,
        "consults": seat.consults,
        "status": seat.status,
        "accepted": seat.accepted_at is not None,
        "number": seat.number,
    }


def name(seat: Seat) -> str:
    """A person's name, or what stands in its place once they were erased."""
    return seat.name or _("Someone who left")


def can(room: Room, reader: Reader) -> View:
    """act → True for what this person may do now; and for a moderator the acts that may be noted down for others."""
    seat = reader.seat
    if seat is None:
        return {}
    situation = room.situation(seat)
    acts: View = dict.fromkeys(rules.acts_of(situation), True)
    if reader.is_in and seat.role == Role.MODERATOR and rules.is_live(room.it.step):
        noted = [k.act for k in KINDS.values() if k.noted and k.attributed and k.act in STEP[room.it.step].may]
        acts |= {"note_down": dict.fromkeys(noted, True)} if noted else {}
    return acts


def millis(moment: datetime | None) -> int | None:
    """Milliseconds since 1970 UTC, as the browser counts."""
    return None if moment is None else round(moment.timestamp() * 1000)
