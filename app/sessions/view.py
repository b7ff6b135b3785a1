"""What one person may see. Snapshots, patches, records and exports are all made here: one place to leak a secret.

The law: for any seat and any sequence of commands, old snapshot + patch = new snapshot. docs/protocol.md describes the
parts.
"""

from datetime import datetime
from typing import Any

from app.sessions import rules
from app.sessions.commands.door import Change
from app.sessions.models import Contribution, Intervision, Seat
from app.sessions.phases import KINDS, POSITION, SECONDS_EACH, STEP, STEPS, Role
from app.sessions.room import Room

View = dict[str, Any]


def snapshot(room: Room, seat: Seat, now: datetime) -> View:
    """Everything that this seat may see now."""
    items = room.contributions()
    if not may_read(room.it, seat, now):
        items = [item for item in items if item.seat_id == seat.id]
    return {
        "version": room.it.version,
        "now": millis(now),
        "session": session(room),
        "me": me(seat),
        "can": can(room, seat),
        "people": {other.id: person(other) for other in room.seats if sees_person(seat, other)},
        "items": {item.id: seen for item in items if (seen := see(item, seat, room.reached)) is not None},
    }


def patch(change: Change, seat: Seat, now: datetime) -> View:
    """What `change` has changed for this seat. Not for changes of everything: those are snapshots."""
    room = change.room
    new: View = {"version": room.it.version, "now": millis(now)}
    if change.session:
        new["session"] = session(room)
    if change.session or change.people:
        # Whoever comes or goes may change what the others can do: in a small group the moderator may consult.
        new["can"] = can(room, seat)
    if seat.id in change.people:
        new["me"] = me(seat)
    people = [other for other in room.seats if other.id in change.people and sees_person(seat, other)]
    if people:
        new["people"] = {other.id: person(other) for other in people}
    items = {item.id: item for item in change.items.values() if may_see(item, seat, room.reached)}
    if items:
        new["items"] = {
            id_: None if id_ in change.deleted else see(item, seat, room.reached) for id_, item in items.items()
        }
    return new


def see(item: Contribution, seat: Seat, step: str) -> View | None:
    """A contribution as this seat may see it, or None."""
    if not may_see(item, seat, step):
        return None
    mine = seat.id in (item.seat_id, item.noted_by)
    seen: View = {
        "id": item.id,
        "kind": item.kind,
        "parent": item.parent_id,
        "place": item.place,
        "text": item.text,
        "data": item.data,
    }
    if KINDS[item.kind].attributed:
        seen["seat"] = item.seat_id
    if mine:
        seen["mine"] = True
    if item.noted_by:
        seen["noted"] = True
    if item.aloud:
        seen["aloud"] = True
    return seen


def may_see(item: Contribution, seat: Seat, step: str) -> bool:
    """Whether this seat may see that there is such a contribution."""
    if seat.id in (item.seat_id, item.noted_by):
        return True
    kind = KINDS[item.kind]
    return seat.status == "in" and seat.role in kind.seen_by and POSITION[step] >= POSITION[kind.since]


def sees_person(seat: Seat, other: Seat) -> bool:
    """Everybody sees themselves and who is in; who waits is for the moderators, and those who wait see nobody else."""
    if seat.id == other.id or (seat.role == Role.MODERATOR and seat.status == "in"):
        return True
    return seat.status == "in" and other.status != "waiting"


def may_read(it: Intervision, seat: Seat, now: datetime) -> bool:
    """Whether more of the session than one's own words is open to this seat; after the close it is for a time."""
    if seat.status != "in" or not is_kept_for(it, seat):
        return False
    keeps = seat.role == Role.MODERATOR or seat.account_id is not None
    return it.readable_until is None or keeps or now <= it.readable_until


def is_kept_for(it: Intervision, seat: Seat) -> bool:
    """What stays of a session without a transcript is for its owner and its moderators; some consultants keep a seat
    for their name under a lesson.
    """
    return it.transcript or it.closed_at is None or seat.role != Role.CONSULTANT or seat.account_id is not None


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
        "readable_until": millis(it.readable_until),
        "readable_days": it.readable_days,
        "clock": {"ends_at": millis(it.ends_at), "left_s": it.left_s},
        "steps": [_time(room, step.name) for step in STEPS if step.name in room.times],
        "buffer_s": 60 * it.minutes["buffer"],
        "turn": _turn(room),
        "spoken": sorted({turn.seat_id for turn in room.turns if turn.ended}),
    }


def _time(room: Room, step: str) -> View:
    time = room.times[step]
    return {"name": step, "planned_s": time.planned_s, "allotted_s": time.allotted_s, "used_s": time.used_s}


def _turn(room: Room) -> View | None:
    turn = room.turn
    if turn is None:
        return None
    seconds = SECONDS_EACH[STEP[room.it.step].slot or ""]
    return {"seat": turn.seat_id, "item": turn.contribution_id, "began_s": turn.began_s, "seconds": seconds}


def me(seat: Seat) -> View:
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
        "name": seat.name,
        "role": seat.role,
        "consults": seat.consults,
        "status": seat.status,
        "accepted": seat.accepted_at is not None,
        "number": seat.number,
    }


def can(room: Room, seat: Seat) -> View:
    """act → True for what this person may do now; and for a moderator the acts that may be noted down for others."""
    situation = room.situation(seat)
    acts: View = {act: True for act in sorted(rules.ACTS) if rules.may(situation, act)}
    if seat.role == Role.MODERATOR and rules.is_live(room.it.step):
        noted = [k.act for k in KINDS.values() if k.noted and k.attributed and k.act in STEP[room.it.step].may]
        acts |= {"note_down": dict.fromkeys(noted, True)} if noted else {}
    return acts


def millis(moment: datetime | None) -> int | None:
    """Milliseconds since 1970 UTC, as the browser counts."""
    return None if moment is None else round(moment.timestamp() * 1000)
