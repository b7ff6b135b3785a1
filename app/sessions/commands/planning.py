"""Planning a session, before anybody is in the room: made, changed and deleted by the account that moderates it."""

from typing import Any

from sqlalchemy import delete as sql_delete
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Account, Link, Team
from app.extensions import db
from app.sessions import join_links, names
from app.sessions.commands.door import Change, change
from app.sessions.commands.people import forget_seat, free_name, new_seat, unmake_owner
from app.sessions.models import Archived, Contribution, Intervision, Journal, Pulse, Seat, StepTime, Turn, new_id
from app.sessions.phases import MINUTES, N_, STEPS, TIMED, Role, Step
from app.sessions.room import Room
from app.sessions.rules import Refused
from app.times import now

PLANNED = ("title", "language", "call_url", "starts_at", "timezone", "expected", "length", "move_on")
KEPT = ("transcript", "readable_days")


def plan(account: Account, fields: dict[str, Any]) -> Intervision:
    """Make a session with its times, the moderator's seat and, if a name is given, the owner's.

    `fields`: title, team (a name), language, call_url, starts_at (aware), timezone, expected, length, minutes (slot →
    minutes), move_on, transcript, readable_days, owner_name ("" if unknown). Raises Refused for an owner's name that
    cannot be.
    """
    with db.sessionmaker(expire_on_commit=False) as rows:
        it = Intervision(
            account_id=account.id, team_id=_team(rows, fields["team"]).id, join_hash=new_id(), step="planned"
        )
        _put(it, fields)
        rows.add(it)
        rows.flush()
        it.join_hash = join_links.hash_of(join_links.token(it))
        rows.add_all(_times(it))
        under_way = Change("plan", rows, it, Room(rows, it), None, now())
        moderator = Seat(
            intervision_id=it.id,
            account_id=account.id,
            number=1,
            name=account.name,
            look=names.look(account.name),
            role=Role.MODERATOR,
            status="in",
        )
        rows.add(moderator)
        rows.flush()
        _put_owner(under_way, fields["owner_name"])
        rows.add(Journal(intervision_id=it.id, version=0, act="plan", step="planned", at=under_way.now))
        rows.commit()
        return it


def replan(intervision_id: int, fields: dict[str, Any]) -> Intervision:
    """Plan anew, as long as the room has not been opened. Raises Refused."""
    with change(intervision_id, "replan") as under_way:
        _still_planned(under_way)
        under_way.it.team_id = _team(under_way.rows, fields["team"]).id
        _put(under_way.it, fields)
        for time in _times(under_way.it):
            under_way.rows.merge(time)
        _put_owner(under_way, fields["owner_name"])
        under_way.everything = True
    return under_way.it


def delete(intervision_id: int) -> None:
    """Delete a session that was never opened, with all that belongs to it. Raises Refused."""
    with change(intervision_id, "delete") as under_way:
        _still_planned(under_way)
        erase(under_way)


def erase(under_way: Change) -> None:
    """Take a session out of the database, whatever it holds; the caller knows that it may go."""
    mine = under_way.it.id
    seats = select(Seat.id).where(Seat.intervision_id == mine)
    under_way.rows.execute(sql_delete(Link).where(Link.seat_id.in_(seats)))
    for table in (Archived, Journal, Turn, Contribution, Pulse, StepTime, Seat):
        under_way.rows.execute(sql_delete(table).where(table.intervision_id == mine))
    under_way.rows.delete(under_way.it)
    under_way.gone = True


def rotate_join_link(intervision_id: int) -> None:
    """Make a new join link; the old one leads nowhere from now on. Who is in stays in."""
    with change(intervision_id, "rotate") as under_way:
        under_way.it.join_turn += 1
        under_way.it.join_hash = join_links.hash_of(join_links.token(under_way.it))


def step_seconds(step: Step, minutes: dict[str, int]) -> float:
    """The seconds of a step: its share of its slot's minutes, in half minutes; the last step takes the rest."""
    steps = [other for other in STEPS if other.slot == step.slot]
    whole = 60.0 * minutes[step.slot or ""]
    first = round(whole * steps[0].share / 30) * 30.0
    if len(steps) == 1:
        return whole
    return first if step is steps[0] else whole - first


def _still_planned(under_way: Change) -> None:
    if under_way.it.step != "planned":
        raise Refused("stale", N_("This session has been opened already; its plan stays as it is."))


def _put(it: Intervision, fields: dict[str, Any]) -> None:
    for name in PLANNED:
        setattr(it, name, fields[name])
    for name in KEPT:
        setattr(it, name, fields.get(name, getattr(it, name)))
    it.minutes = {slot: int(fields["minutes"][slot]) for slot in MINUTES}


def _times(it: Intervision) -> list[StepTime]:
    seconds = {step.name: step_seconds(step, it.minutes) for step in TIMED}
    return [
        StepTime(intervision_id=it.id, step=name, planned_s=planned, allotted_s=planned)
        for name, planned in seconds.items()
    ]


def _put_owner(under_way: Change, name: str) -> None:
    owner = under_way.room.owner
    if owner and not name:
        if _has_done_something(under_way, owner):
            unmake_owner(under_way, owner)
        else:
            forget_seat(under_way, owner)
    elif owner and owner.name != name:
        owner.name = free_name(under_way, name, owner)
        owner.look = names.look(owner.name)
    elif name and not owner:
        new_seat(under_way, name, Role.OWNER)


def _has_done_something(under_way: Change, seat: Seat) -> bool:
    return bool(under_way.rows.scalar(select(Journal.version).where(Journal.seat_id == seat.id).limit(1)))


def _team(rows: Session, name: str) -> Team:
    team = rows.scalars(select(Team).where(Team.name == name)).one_or_none()
    if team is None:
        team = Team(name=name)
        rows.add(team)
        rows.flush()
    return team
