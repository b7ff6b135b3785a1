"""Planning a session, before anybody is in the room: made and changed by the account that moderates it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Account, next_turn
from app.database import begin_write
from app.extensions import db
from app.privacy import audit
from app.sessions import join_links, names
from app.sessions.commands import theming
from app.sessions.commands.door import Change, change
from app.sessions.commands.people import forget_seat, free_name, new_seat, unmake_owner
from app.sessions.models import Intervision, Journal, Seat, StepTime, Visibility, new_code, new_id
from app.sessions.phases import MINUTES, N_, STEPS, TIMED, Role, Step
from app.sessions.room import Room
from app.sessions.rules import Refused
from app.teams.models import MemberKind, Membership, Team
from app.times import now

PLANNED = ("title", "language", "call_url", "starts_at", "timezone", "expected", "length", "move_on")
KEPT = ("transcript", "names", "readable_days", "visibility")
Also = Callable[[Session, Intervision], None]


def plan(account: Account, fields: dict[str, Any], also: Also | None = None) -> Intervision:
    """Make a session with its times, the moderator's seat and, if a name is given, the owner's.

    `fields`: title, team (a name), language, call_url, starts_at (aware), timezone, expected, length, minutes (slot →
    minutes), move_on, transcript, names, readable_days, visibility, owner_name ("" if unknown), and perhaps theme (""
    for none). `also` is called before the commit, for what is to be written together with the session. Raises Refused
    for an owner's name that cannot be, and for a team that the account does not moderate.
    """
    with db.sessionmaker(expire_on_commit=False) as rows:
        begin_write(rows)
        code = new_code()
        it = Intervision(
            code=code,
            join_code=code,
            account_id=account.id,
            team_id=_team(rows, account, fields["team"]).id,
            join_hash=new_id(),
            step="planned",
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
        _put_theme(under_way, fields)
        rows.add(Journal(intervision_id=it.id, version=0, act="plan", step="planned", at=under_way.now))
        audit.record("plan", rows=rows, by_account=account.id, intervision_id=it.id, team_id=it.team_id)
        if also:
            also(rows, it)
        rows.commit()
        return it


def replan(intervision_id: int, fields: dict[str, Any]) -> Intervision:
    """Plan anew, as long as the room has not been opened. Raises Refused."""
    with change(intervision_id, "replan") as under_way:
        _still_planned(under_way)
        if fields["team"] != under_way.it.team.name:
            theming.forget_themes(under_way)
            under_way.it.team_id = _team(under_way.rows, under_way.it.account, fields["team"]).id
        _put(under_way.it, fields)
        for time in _times(under_way.it):
            under_way.rows.merge(time)
        _put_owner(under_way, fields["owner_name"])
        _put_theme(under_way, fields)
        under_way.everything = True
    return under_way.it


def rotate_join_link(intervision_id: int) -> None:
    """Make a new join link and a new code; the old ones lead nowhere from now on. Who is in stays in.

    Who waits has come by the old ones, and goes; only the owner's seat has a link of its own.
    """
    with change(intervision_id, "rotate") as under_way:
        under_way.it.join_turn = next_turn(under_way.it.join_turn)
        under_way.it.join_hash = join_links.hash_of(join_links.token(under_way.it))
        under_way.it.join_code = new_code()
        for seat in [seat for seat in under_way.room.seats if seat.status == "waiting" and seat.role != Role.OWNER]:
            forget_seat(under_way, seat)
        under_way.everything = True


def narrow(intervision_id: int, visibility: Visibility) -> None:
    """Let fewer people come to read the session than its plan said, at any time. Raises Refused for letting in more,
    once the room has been opened: those who came in had been told otherwise.
    """
    with change(intervision_id, "visibility") as under_way:
        order = list(Visibility)
        wider = order.index(visibility) > order.index(Visibility(under_way.it.visibility))
        if wider and under_way.it.step != "planned":
            raise Refused("forbidden", N_("People came in on the word that fewer would read it, and that word stays."))
        under_way.it.visibility = visibility
        under_way.session = True
        audit.record("visibility", rows=under_way.rows, intervision_id=intervision_id, detail=visibility)


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
        if _is_somebody(under_way, owner):
            unmake_owner(under_way, owner)
        else:
            forget_seat(under_way, owner)
    elif owner and names.look(owner.name) == names.look(name):
        owner.name = free_name(under_way, name, owner)
    elif name:
        # Another name is another person, who gets neither the seat nor the link nor what was prepared.
        if owner:
            _put_owner(under_way, "")
        new_seat(under_way, name, Role.OWNER)


def _put_theme(under_way: Change, fields: dict[str, Any]) -> None:
    if "theme" in fields:
        theming.give_themes(under_way, {"themes": [fields["theme"]] if fields["theme"] else []})


def _is_somebody(under_way: Change, seat: Seat) -> bool:
    """Whether a person came by themselves, or did something in this seat; else it is only a name in the plan."""
    lines = select(Journal).where(Journal.intervision_id == under_way.it.id)
    done = or_(Journal.seat_id == seat.id, Journal.act.in_(("join", "take_seat")))
    return any(
        line.seat_id == seat.id or (line.detail or {}).get("seat") == seat.id
        for line in under_way.rows.scalars(lines.where(done))
    )


def _team(rows: Session, account: Account, name: str) -> Team:
    """The team of this name, which the account moderates; or a new one, whose moderator it becomes."""
    team = rows.scalars(select(Team).where(Team.name == name)).one_or_none()
    if team is None:
        team = Team(name=name)
        rows.add(team)
        rows.flush()
        rows.add(Membership(account_id=account.id, team_id=team.id, kind=MemberKind.MODERATOR))
        audit.record(
            "membership_given",
            rows=rows,
            by_account=account.id,
            account_id=account.id,
            team_id=team.id,
            detail=MemberKind.MODERATOR,
        )
    elif not rows.get(Membership, (account.id, team.id, MemberKind.MODERATOR)):
        raise Refused(
            "team",
            N_("Somebody else’s team has this name. Choose another one, or ask to be added to that team."),
        )
    return team
