"""What is deleted because its time is over, and the run that does it every day."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import CursorResult, delete, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Link
from app.api import tokens
from app.database import begin_write, fold_journal
from app.deliveries import worker
from app.extensions import db, socketio
from app.followup import addresses
from app.privacy.audit import Line
from app.sessions.commands import erasing
from app.sessions.commands.door import Change
from app.sessions.models import Intervision, Journal
from app.teams.models import Team
from app.times import now

log = logging.getLogger(__name__)

SHORTEST_DAYS, LONGEST_DAYS = 30, 3650
ABANDONED = timedelta(days=90)
"""A session that never started goes this long after the moment for which it was planned."""
TRAIL = timedelta(days=730)
"""Lines of the audit trail stay for two years."""

FIRST_AFTER_S, EVERY_S = 300, 24 * 3600


@dataclass(frozen=True)
class Due:
    """A session whose time is over."""

    id: int
    code: str
    day: date
    team: str


@dataclass(frozen=True)
class Purged:
    """What a purge has deleted, or would delete; `links` and `lines` count one-time links and lines of the trail."""

    sessions: tuple[Due, ...]
    links: int
    lines: int


def goes_at(it: Intervision, latest: datetime | None, retention_days: int) -> datetime:
    """When a session is deleted: its team's time after the close; if it was never closed, after the `latest` that was
    done in it; if it never started, a while after the moment for which it was planned.
    """
    kept = timedelta(days=retention_days)
    if it.closed_at:
        return it.closed_at + kept
    if it.started_at is None:
        return max(it.starts_at, latest or it.starts_at) + ABANDONED
    return (latest or it.started_at) + kept


def due(team: Team | None = None, retention_days: int | None = None) -> Iterator[Due]:
    """The sessions whose time is over (of one team, as if it kept them for so many days)."""
    soonest = now() - timedelta(days=retention_days or SHORTEST_DAYS)
    query = select(Intervision).where(or_(Intervision.closed_at < soonest, Intervision.closed_at.is_(None)))
    if team:
        query = query.where(Intervision.team_id == team.id)
    for it in db.session.scalars(query.order_by(Intervision.id)).all():
        if _is_due(db.session, it, retention_days or it.team.retention_days):
            yield Due(it.id, it.code, (it.started_at or it.starts_at).date(), it.team.name)


def purge(*, dry_run: bool = False) -> Purged:
    """Delete what is due: each session in a transaction of its own, looked at again there. `dry_run` changes nothing.

    Two at once do no harm: whoever comes second to a session finds it gone.
    """
    found = list(due())
    db.session.rollback()
    if dry_run:
        return Purged(tuple(found), _count(Link, _old_links()), _count(Line, _old_lines()))
    gone = tuple(each for each in found if _purge_one(each))
    begin_write(db.session)
    worker.forget_given_up(db.session)
    addresses.forget_unneeded(db.session)
    links, lines = _delete(Link, _old_links()), _delete(Line, _old_lines())
    tokens.forget_old(db.session)
    db.session.commit()
    fold_journal(db.engine)
    return Purged(gone, links, lines)


def purge_daily(app: Flask) -> None:
    """Let the running server purge every day, so that what the join page says holds without anything being set up."""
    socketio.start_background_task(_purge_daily, app)


def _purge_daily(app: Flask) -> None:
    socketio.sleep(FIRST_AFTER_S)
    while True:
        try:
            with app.app_context():
                gone = purge()
            if gone.sessions:
                log.info("purged %d sessions", len(gone.sessions))
        except Exception:
            log.exception("the daily purge failed; it is tried again tomorrow")
        socketio.sleep(EVERY_S)


def _purge_one(each: Due) -> bool:
    socketio.sleep(0)  # the rooms that are live come first

    def is_due(under_way: Change) -> bool:
        return _is_due(under_way.rows, under_way.it, under_way.it.team.retention_days)

    return erasing.purge(each.id, is_due)


def _is_due(rows: Session, it: Intervision, retention_days: int) -> bool:
    latest = None
    if it.closed_at is None:
        latest = rows.scalar(select(func.max(Journal.at)).where(Journal.intervision_id == it.id))
    return goes_at(it, latest, retention_days) < now()


def _old_links() -> Any:
    return Link.expires_at < now()


def _old_lines() -> Any:
    return Line.at < now() - TRAIL


def _count(table: type[Any], condition: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(condition)) or 0


def _delete(table: type[Any], condition: Any) -> int:
    done = db.session.execute(delete(table).where(condition))
    assert isinstance(done, CursorResult)
    return done.rowcount
