"""What is deleted because its time is over, and the run that does it every day."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, current_app
from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.accounts.models import Link
from app.api import tokens
from app.api.models import ApiToken
from app.database import begin_write, fold_journal
from app.deliveries import Delivery, worker
from app.extensions import db, socketio
from app.followup import addresses
from app.followup.models import MailAddress
from app.operations import old_copies
from app.operations.backup import sqlite_path
from app.privacy.audit import Line
from app.sessions.commands import erasing
from app.sessions.commands.door import Change
from app.sessions.models import Intervision, Journal
from app.sessions.rules import Refused
from app.teams.models import Team
from app.times import now

log = logging.getLogger(__name__)

SHORTEST_DAYS, LONGEST_DAYS = 30, 3650
ABANDONED = timedelta(days=90)
"""A session that never started goes this long after the moment for which it was planned."""
TRAIL = timedelta(days=730)
"""Lines of the audit trail stay for two years."""

FIRST_AFTER_S, EVERY_S, AGAIN_S = 300, 24 * 3600, 600
"""After the start, after a purge, and after one that has left something."""


@dataclass(frozen=True)
class Due:
    """A session whose time is over."""

    id: int
    code: str
    day: date
    team: str


@dataclass(frozen=True)
class Purged:
    """What a purge has deleted, or would delete: the sessions, and how many one-time links, lines of the trail,
    addresses for mail, messages that were given up, tokens, and copies from before an upgrade or a restore. `left`: the
    sessions that should have gone and could not be deleted.
    """

    sessions: tuple[Due, ...]
    links: int
    lines: int
    addresses: int
    messages: int
    tokens: int
    copies: int
    left: tuple[Due, ...]


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
            day = (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone)).date()
            yield Due(it.id, it.code, day, it.team.name)


def purge(*, dry_run: bool = False) -> Purged:
    """Delete what is due: each session in a transaction of its own, looked at again there. `dry_run` changes nothing:
    it does the same up to the commit, and says the same. A session that cannot be deleted keeps nothing else.

    The sessions come last, for with them go links and addresses that may be old, too. Two purges at once do no harm:
    whoever comes second to a session finds it gone.
    """
    found = tuple(due())
    begin_write(db.session)
    counts = _forget_old(db.session)
    copies = old_copies.kept_too_long(sqlite_path(db.engine), Path(current_app.instance_path))
    if dry_run:
        db.session.rollback()
        return Purged(found, **counts, copies=len(copies), left=())
    db.session.commit()
    gone: list[Due] = []
    left: list[Due] = []
    for each in found:
        try:
            if _purge_one(each):
                gone.append(each)
        except (Refused, SQLAlchemyError):
            log.warning("a session whose time is over could not be deleted", exc_info=True)
            db.session.rollback()
            left.append(each)
    fold_journal(db.engine)
    return Purged(tuple(gone), **counts, copies=sum(map(old_copies.remove, copies)), left=tuple(left))


def _forget_old(rows: Session) -> dict[str, int]:
    """Delete all that is old beside the sessions; how many there were of each. The caller commits, or does not."""
    before = _counts(rows)
    worker.forget_given_up(rows)
    addresses.forget_unneeded(rows)
    tokens.forget_old(rows)
    rows.execute(delete(Link).where(Link.expires_at < now()))
    rows.execute(delete(Line).where(Line.at < now() - TRAIL))
    after = _counts(rows)
    return {name: before[name] - after[name] for name in COUNTED}


COUNTED: dict[str, type[Any]] = {
    "links": Link,
    "lines": Line,
    "addresses": MailAddress,
    "messages": Delivery,
    "tokens": ApiToken,
}


def _counts(rows: Session) -> dict[str, int]:
    return {name: rows.scalar(select(func.count()).select_from(table)) or 0 for name, table in COUNTED.items()}


def purge_daily(app: Flask) -> None:
    """Let the running server purge every day, so that what the join page says holds without anything being set up."""
    socketio.start_background_task(_purge_daily, app)


def _purge_daily(app: Flask) -> None:
    socketio.sleep(FIRST_AFTER_S)
    while True:
        socketio.sleep(EVERY_S if _purge_all(app) else AGAIN_S)


def _purge_all(app: Flask) -> bool:
    """False if something is left that should have gone."""
    try:
        with app.app_context():
            gone = purge()
    except Exception:
        log.exception("the daily purge failed; it is tried again in ten minutes")
        return False
    if gone.sessions:
        log.info("purged %d sessions", len(gone.sessions))
    return not gone.left


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
