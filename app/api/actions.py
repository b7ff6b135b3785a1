"""The actions that leave: those of plans whose owners exported them, as they stand now."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import g
from sqlalchemy import Select, func, select

from app.addresses import public_url
from app.api.answers import ExportedAction, ExportedActions
from app.api.asked import Asked
from app.api.paging import following
from app.extensions import db
from app.followup import story
from app.privacy import audit
from app.sessions.access import Level, readable
from app.sessions.models import Intervision
from app.sessions.room import Room
from app.teams.models import Team
from app.times import now

PAGE = 20
"""Sessions; each has a handful of actions."""

READ = "actions (API)"
"""How the audit trail names it."""


def exported(asked: Asked) -> ExportedActions:
    """Of the sessions whose record the account reads; what its owner did not export is not here."""
    number = asked["page"] or 1
    count = db.session.scalar(_wanted(asked, select(func.count(Intervision.id)))) or 0
    newest = (Intervision.closed_at.desc(), Intervision.id.desc())
    query = _wanted(asked, select(Intervision)).order_by(*newest).offset((number - 1) * PAGE).limit(PAGE)
    found = db.session.scalars(query).all()
    items = tuple(action for it in found for action in _actions(it))
    _note(found)
    return ExportedActions(items, count, following(asked, number, max(1, -(-count // PAGE))))


def _wanted(asked: Asked, query: Select[Any]) -> Select[Any]:
    query = query.where(Intervision.exported_at.is_not(None), readable(g.account, Level.FULL))
    if asked["team"]:
        query = query.join(Team, Team.id == Intervision.team_id).where(Team.name == asked["team"])
    if asked["session"]:
        query = query.where(Intervision.code == asked["session"])
    return query


def _actions(it: Intervision) -> Iterator[ExportedAction]:
    assert it.exported_at
    room = Room(db.session, it)
    for action in story.of(room, now()).actions:
        yield ExportedAction(
            id=action.id,
            session=it.code,
            page=public_url("sessions.record", code=it.code),
            title=it.title,
            team=it.team.name,
            owner=room.owner.name if room.owner else "",
            what=action.what,
            who=action.who,
            by=action.by,
            trigger=action.details.get("trigger", ""),
            first_step=action.details.get("first_step", ""),
            sign=action.details.get("sign", ""),
            state=action.state.value,
            exported_at=it.exported_at,
        )


def _note(found: Sequence[Intervision]) -> None:
    """Into the trail, where those who were there see it; once for each export, for a tool asks every few minutes."""
    read = (audit.Line.by_account == g.account.id, audit.Line.act == "downloaded", audit.Line.detail == READ)
    lines = select(audit.Line.intervision_id, func.max(audit.Line.at)).where(
        audit.Line.intervision_id.in_([it.id for it in found]), *read
    )
    noted = dict(db.session.execute(lines.group_by(audit.Line.intervision_id)).all())
    for it in found:
        if it.exported_at and (it.id not in noted or noted[it.id] < it.exported_at):
            audit.record("downloaded", intervision_id=it.id, detail=READ)
