"""The API's sessions: those that are planned, past ones, their records, and how they went."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import abort, g
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.models import Account
from app.addresses import public_url
from app.api import plans
from app.api.answers import (
    Me,
    PastSession,
    PastSessions,
    PlannedSession,
    PlannedSessions,
    RecordAnswer,
    Team,
    Teams,
)
from app.api.asked import Asked
from app.api.paging import following
from app.api.problems import refuse
from app.archive import search
from app.extensions import db
from app.sessions import access, invitations, seats
from app.sessions.access import Level
from app.sessions.exports import record as minutes
from app.sessions.exports.rows import Plan
from app.sessions.models import Intervision, Visibility
from app.sessions.planning_forms import ZONES, PlanForm, stays
from app.sessions.process import Process
from app.sessions.record import Opened
from app.sessions.room import Room
from app.sessions.rules import is_live
from app.sessions.sessions_found import ahead_of, by_code, themes_of_team
from app.times import now


def me(asked: Asked) -> Me:
    token = g.token
    return Me(g.account.name, g.account.kind, token.name, tuple(token.scopes), token.expires_at)


def teams(asked: Asked) -> Teams:
    """The teams of the account, by name."""
    mine: dict[int, Team] = {}
    for each in sorted(g.account.memberships, key=lambda each: (each.team.name, each.kind)):
        before = mine[each.team_id].you_are if each.team_id in mine else ()
        themes = tuple(themes_of_team(each.team_id, access.readable(g.account)))
        mine[each.team_id] = Team(each.team_id, each.team.name, (*before, each.kind), themes)
    return Teams(tuple(mine.values()))


def past(asked: Asked) -> PastSessions:
    """The archive's search."""
    wanted = search.Wanted(
        words=asked["q"] or "",
        team=asked["team"] or "",
        owner=asked["owner"] or "",
        since=asked["since"],
        until=asked["until"],
        theme=asked["theme"] or "",
        sort=asked["sort"] or "newest",
    )
    number = asked["page"] or 1
    page = search.find(g.account, wanted, number)
    items = tuple(_past(found) for found in page.sessions) if number <= page.last else ()
    return PastSessions(items, page.count, following(asked, number, page.last))


def _past(found: search.Found) -> PastSession:
    return PastSession(
        code=found.code,
        page=public_url("sessions.record", code=found.code),
        reads="full" if found.full else "process",
        title=found.name if found.full else None,
        team=found.team,
        language=found.language,
        held_on=found.held_on,
        moderator=found.moderator,
        owner=found.owner if found.full else None,
        actions=found.actions,
        themes=tuple("".join(piece for piece, _hit in theme) for theme in found.themes),
    )


def record(asked: Asked) -> RecordAnswer:
    opened = _opened(asked["code"], Level.FULL)
    opened.note("downloaded", "record (API)")
    found = minutes.record(opened.snapshot)
    exported_at = opened.it.exported_at
    if exported_at is None:
        found = replace(found, plan=_without_actions(found.plan))
    return RecordAnswer(exported_at, found)


def _without_actions(plan: Plan) -> Plan:
    """They leave only when their owner exported them; those who help with them, and when, say as much."""
    return replace(plan, actions=(), supporters=(), check_ins=())


def how_it_went(asked: Asked) -> Process:
    opened = _opened(asked["code"], Level.PROCESS)
    opened.note("process_opened")
    return opened.process


def _opened(code: str, least: Level) -> Opened:
    """A closed session that the account may read so much of; for anybody else there is none."""
    it = by_code(code)
    reader = seats.reader(it)
    level = access.level(reader, it, now())
    if level < least:
        abort(404)
    if it.step != "closed":
        refuse(409, _("This session is not closed yet. Its record is there from the close on."))
    return Opened(it, reader, level)


def planned(asked: Asked) -> PlannedSessions:
    return PlannedSessions(tuple(_planned(it) for it in ahead_of(g.account)))


def one_planned(asked: Asked) -> PlannedSession:
    it = by_code(asked["code"])
    if it.account_id != g.account.id:
        abort(404)
    if it.step == "closed":
        refuse(409, _("This session is closed. Its record has an address of its own."))
    return _planned(it)


def plan(asked: Asked) -> PlannedSession:
    """Plan a session: all of it or nothing, and the same key once more gives the same session."""
    account: Account = g.account
    if not account.plans:
        refuse(403, _("Your account looks after sessions and does not plan them. Ask a moderator to plan this one."))
    before = plans.already(account, asked["Idempotency-Key"], asked.body)
    return _planned(before or plans.make(account, asked["Idempotency-Key"], asked.body, _checked(asked)))


def _checked(asked: Asked) -> PlanForm:
    """The body as the planning form takes it; the form's own sentences say what is wrong."""
    body = dict(asked.body)
    minutes_of_slots = {f"minutes_{slot}": str(count) for slot, count in body.pop("minutes").items()}
    if unknown := [name for name in minutes_of_slots if name not in PlanForm.__dict__]:
        refuse(422, _("There is no slot “%(name)s”.", name=unknown[0].removeprefix("minutes_")[:60]))
    starts_at = _local(body.pop("starts_at"), body["timezone"])
    move_on, kept = body.pop("move_on"), stays(body.pop("transcript"), body.pop("names"))
    sent = {name: str(value) for name, value in body.items()} | minutes_of_slots
    sent |= {"stays": kept, "date": starts_at.date().isoformat(), "time": starts_at.strftime("%H:%M")}
    form = PlanForm(MultiDict(sent | ({"move_on": "y"} if move_on else {})), meta={"csrf": False})
    if not form.validate():
        errors = {IN_API.get(name, name): str(said[0]) for name, said in form.errors.items() if name}
        name, sentence = next(iter(errors.items()))
        refuse(422, f"{name}: {sentence}", errors)
    return form


IN_API = {"date": "starts_at", "time": "starts_at"}
"""The form's fields that have another name in the API."""


def _local(typed: str, zone: str) -> datetime:
    """The moment on the clock of its time zone."""
    try:
        moment = datetime.fromisoformat(typed)
        if zone not in ZONES:
            raise ValueError(zone)
        return moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        sentence = _("This is no moment such as 2026-03-02T10:00, or there is no such time zone.")
        refuse(422, f"starts_at: {sentence}", {"starts_at": sentence})


def _planned(it: Intervision) -> PlannedSession:
    owner = Room(db.session, it).owner
    return PlannedSession(
        code=it.code,
        page=public_url("sessions.invitation", code=it.code),
        state="open" if is_live(it.step) else it.step,
        title=it.title,
        team=it.team.name,
        language=it.language,
        starts_at=it.starts_at.astimezone(UTC),
        timezone=it.timezone,
        expected=it.expected,
        length=it.length,
        minutes=dict(it.minutes),
        move_on=it.move_on,
        call_url=it.call_url,
        owner_name=owner.name if owner else "",
        transcript=it.transcript,
        names=it.names,
        readable_days=it.readable_days,
        visibility=Visibility(it.visibility),
        join_link=invitations.join_link(it),
    )
