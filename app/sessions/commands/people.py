"""Who is in the room, as what, under which name."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.accounts import links
from app.accounts.models import Link
from app.privacy import erasures
from app.sessions import names, rules
from app.sessions.commands import forgetting, mailing, turning
from app.sessions.commands.door import Change, change
from app.sessions.deal import INFLUENCES, STAGES
from app.sessions.models import Contribution, Journal, Seat, new_id
from app.sessions.phases import N_, Role
from app.sessions.rules import Refused
from app.sessions.shapes import LONGEST

OF_A_PERSON = {"influence": INFLUENCES, "stage": STAGES}


def join(intervision_id: int, name: str, turn: int | None = None) -> Seat:
    """A newcomer takes a seat: at once in the lobby, otherwise they wait to be let in. Raises Refused.

    `turn`: the `join_turn` of the link or code that they came by. Since somebody was removed, all wait: that person
    could come back under another name.
    """
    with change(intervision_id, "join") as under_way:
        it = under_way.it
        if turn is not None and turn != it.join_turn:  # there has been a new link while they waited for the lock
            raise Refused("gone", N_("This link leads nowhere any more. Ask the person who sent it for the new one."))
        if it.step == "closed":
            raise Refused("archived", N_("This session is closed. Ask its moderator for the record."))
        seat = new_seat(under_way, name, Role.CONSULTANT)
        seat.status = "in" if it.step == "lobby" and not under_way.room.guarded else "waiting"
        under_way.detail = {"seat": seat.id}
    return seat


def take_seat(intervision_id: int, seat_id: str, link: Link) -> Seat:
    """Use up a personal link that somebody else has made: whoever has it takes the seat, and other devices lose it.

    With it goes what those devices could come back by: every other link to the seat, those in mails too, and the
    address for mail. Raises Refused.
    """
    with change(intervision_id, "take_seat") as under_way:
        seat = _somebody(under_way, seat_id)
        if not links.use(link, under_way.rows):
            raise Refused("gone", N_("This link has been used, or it is too old. Ask the moderator for a new one."))
        under_way.rows.execute(delete(Link).where(Link.seat_id == seat.id))
        seat.key_turn += 1
        under_way.detail = {"seat": seat.id}
        if mailing.forget_address(under_way, seat):
            forgetting.fold_after(under_way)
            erasures.note("address", seat.id)  # a backup of before is not to bring it back
    return seat


def new_seat(under_way: Change, name: str, role: Role) -> Seat:
    """Add a seat under a name that nobody else has."""
    seats = under_way.room.seats
    if role != Role.MODERATOR and len([s for s in seats if s.status != "removed"]) >= current_app.config["SEATS_MAX"]:
        raise Refused("too_many", N_("This session is full. Ask the moderator."))
    name = free_name(under_way, name, None)
    seat = Seat(
        intervision_id=under_way.it.id,
        number=max((s.number for s in seats), default=0) + 1,
        name=name,
        look=names.look(name),
        role=role,
        status="waiting",
    )
    under_way.rows.add(seat)
    under_way.rows.flush()
    seats.append(seat)
    under_way.people.add(seat.id)
    return seat


def free_name(under_way: Change, raw: str, own: Seat | None) -> str:
    """`raw` cleaned, if nobody else here has a name that looks like it. Raises Refused."""
    name = names.clean_name(raw)
    look = names.look(name)
    if not name or not look:
        raise Refused("empty", N_("Please type your name."))
    if names.reserved(look) and not (own and own.account_id):
        raise Refused("taken", N_("That name stands for a role here. Please use your own name."))
    if any(s.look == look and s is not own and s.status != "removed" for s in under_way.room.seats):
        raise Refused(
            "taken",
            N_("Somebody here has that name already. Add your surname; or ask the moderator for your own link."),
        )
    return name


def accept(change: Change, data: dict[str, Any]) -> None:
    """I accept the agreement."""
    assert change.seat is not None
    change.seat.accepted_at = change.seat.accepted_at or change.now
    change.people.add(change.seat.id)


def set_role(change: Change, data: dict[str, Any]) -> None:
    """Give somebody a role. There is one owner at most, chosen before the questions, and always a moderator."""
    seat = _somebody(change, data["seat"])
    role = Role(data["role"])
    owner = change.room.owner
    if Role.OWNER in (role, seat.role) and "choose_owner" not in change.step.may:
        raise Refused("forbidden", N_("The issue owner stays the same from the questions on."))
    if seat.role == Role.MODERATOR and not any(s.role == Role.MODERATOR for s in change.room.present if s is not seat):
        raise Refused("forbidden", N_("Make somebody else moderator first."))
    if rules.is_live(change.it.step) and seat.status != "in":
        raise Refused("forbidden", N_("Let this person in first."))
    if owner and (role == Role.OWNER) != (owner is seat):
        unmake_owner(change, owner)
    seat.role = role
    seat.consults = seat.consults and role == Role.MODERATOR
    turning.put_right(change)
    change.detail = {"seat": seat.id, "role": role}
    change.everything = True


def unmake_owner(change: Change, owner: Seat) -> None:
    """Somebody else's case is up, or nobody's yet. What this person had prepared stays with them, all of it, as a
    private note; as several where one would be too long to be changed again.
    """
    owner.role = Role.CONSULTANT
    mine = (Contribution.intervision_id == change.it.id) & (Contribution.seat_id == owner.id)
    for statement in change.rows.scalars(select(Contribution).where(mine, Contribution.kind == "statement")).all():
        first, *more = _as_notes(statement)
        statement.kind, statement.text, statement.data = "note", first, {}
        change.touch(statement)
        for number, text in enumerate(more, 1):
            note = Contribution(
                id=new_id(),
                intervision_id=change.it.id,
                seat_id=owner.id,
                noted_by=statement.noted_by,
                kind="note",
                parent_id=None,
                place=statement.place + number,
                text=text,
                data={},
                due=None,
                aloud=False,
                erased=False,
            )
            change.insert(note)
            change.touch(note)


def _as_notes(statement: Contribution) -> list[str]:
    """What a statement says, part by part, in texts that are no longer than a note may be."""
    told = [statement.text, *(value for value in statement.data.values() if isinstance(value, str))]
    told += [_in_one_line(person) for person in statement.data.get("people", ())]
    notes = [""]
    for part in filter(None, told):
        both = f"{notes[-1]}\n{part}" if notes[-1] else part
        if len(both) <= LONGEST:
            notes[-1] = both
        else:
            notes.append(part)
    return notes


def _in_one_line(person: dict[str, str]) -> str:
    """Somebody of the deal map: who that is, and where they stand."""
    known = [_(words[value]) for field, words in OF_A_PERSON.items() if (value := person.get(field)) in words]
    return ", ".join(filter(None, [person.get("name"), person.get("role"), *known]))


def take_back(change: Change, data: dict[str, Any]) -> None:
    """Whoever planned the session can always moderate it again, whomever they handed it to."""
    assert change.seat is not None
    if change.seat.role == Role.OWNER:
        raise Refused("forbidden", N_("You are the issue owner of this session; somebody else moderates it."))
    change.seat.role = Role.MODERATOR
    turning.put_right(change)
    change.everything = True


def consult(change: Change, data: dict[str, Any]) -> None:
    """In a small group the moderator may also consult."""
    assert change.seat is not None
    change.seat.consults = data["on"]
    turning.put_right(change)
    change.everything = True


def admit(change: Change, data: dict[str, Any]) -> None:
    """Let somebody in."""
    seat = _somebody(change, data["seat"])
    seat.status = "in"
    turning.put_right(change)
    change.detail = {"seat": seat.id}
    change.everything = True


def remove(change: Change, data: dict[str, Any]) -> None:
    """Take somebody out of the session; what they contributed stays."""
    seat = _somebody(change, data["seat"])
    if seat is change.seat:
        raise Refused("forbidden", N_("Hand the session over before you leave."))
    if seat.account_id is not None:
        raise Refused("forbidden", N_("The moderator who planned the session stays."))
    if seat.role == Role.OWNER and "choose_owner" not in change.step.may:
        raise Refused("forbidden", N_("The case needs its owner. You can stop the session instead."))
    if seat.status == "waiting" and rules.is_live(change.it.step):
        forget_seat(change, seat)
    else:
        seat.status = "removed"
        seat.key_turn += 1
    turning.put_right(change)
    change.detail = {"seat": seat.id}
    change.everything = True


def forget_seat(change: Change, seat: Seat) -> None:
    """Whoever was never let in leaves no trace: what they prepared while they waited goes as well."""
    for own in change.rows.scalars(select(Contribution).where(Contribution.seat_id == seat.id)).all():
        change.delete(own)
    change.rows.flush()
    change.rows.execute(delete(Link).where(Link.seat_id == seat.id))
    change.rows.execute(update(Journal).where(Journal.seat_id == seat.id).values(seat_id=None))
    change.rows.delete(seat)
    change.rows.flush()  # its number is free for the next one
    change.room.seats.remove(seat)


def rename(change: Change, data: dict[str, Any]) -> None:
    """Another name: for anybody by a moderator, for oneself until the session starts."""
    assert change.seat is not None
    seat = _somebody(change, data["seat"])
    if seat is not change.seat and change.seat.role != Role.MODERATOR:
        raise Refused("forbidden", N_("You can only change your own name."))
    seat.name = free_name(change, data["name"], seat)
    seat.look = names.look(seat.name)
    change.detail = {"seat": seat.id}
    change.people.add(seat.id)


def _somebody(change: Change, seat_id: str) -> Seat:
    seat = change.room.seat(seat_id)
    if seat is None or seat.status == "removed":
        raise Refused("gone", N_("That person is not here any more."))
    return seat
