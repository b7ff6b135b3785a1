"""Can this server do its work now? Asked of the database by a write, at most once a second, and never for long."""

import threading
import time
from dataclasses import dataclass, field

import redis
from flask import Flask
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from app.database import BUSY_TIMEOUT_MS
from app.extensions import db, socketio
from app.operations import schema, work

PATIENCE_S = 2.0
"""After this long without an answer the database counts as down."""

FRESH_S = 1.0
"""An answer is given again for this long: anybody may ask, and each look is a write."""

LOCK_WAIT_MS = 250  # SQLite's waiting stops everybody under eventlet

# It says what the schema is and writes it as it was: proof of both in one statement, and no row is added.
TOUCH = text("UPDATE alembic_version SET version_num = version_num RETURNING version_num")


@dataclass(frozen=True)
class Readiness:
    """`status`: "ready", "degraded" (works, but something beside the database is down) or "not ready"."""

    status: str
    checks: dict[str, str] = field(default_factory=dict)

    @property
    def code(self) -> int:
        return 503 if self.status == "not ready" else 200


class Probe:
    """Looks in a thread or greenlet of its own, so that whoever asks waits PATIENCE_S at most; one look at a time."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.looked_at = float("-inf")
        self.seen = Readiness("not ready")
        self.done: threading.Event | None = None

    def ask(self) -> Readiness:
        if work.is_ending():
            return Readiness("not ready", {"server": "ends"})
        if time.monotonic() - self.looked_at < FRESH_S:
            return self.seen
        done = self.done
        if done is None:
            self.done = done = threading.Event()
            socketio.start_background_task(self._look, done)
        if not done.wait(PATIENCE_S):
            return Readiness("not ready", {"database": "does not answer"})
        return self.seen

    def _look(self, done: threading.Event) -> None:
        try:
            with self.app.app_context():
                self.seen = look(self.app, db.engine)
        except Exception as error:
            self.seen = Readiness("not ready", {"server": type(error).__name__})
        finally:
            self.looked_at = time.monotonic()
            self.done = None
            done.set()


def look(app: Flask, engine: Engine) -> Readiness:
    """Look at once, however long it takes."""
    checks = {**look_at_database(app, engine), **_look_at_redis(app.config["REDIS_URL"])}
    if checks["database"] != "ok" or checks.get("schema") != "ok":
        return Readiness("not ready", checks)
    return Readiness("degraded" if checks.get("redis") == "does not answer" else "ready", checks)


def look_at_database(app: Flask, engine: Engine) -> dict[str, str]:
    try:
        with engine.connect() as connection:
            found = _touch(connection)
    except SQLAlchemyError as error:
        # Without the table of revisions there is no schema at all; everything else is the database's trouble.
        return {"database": "cannot be written", "why": type(error).__name__}
    wanted = schema.newest(app.config["ROOT"] / "migrations")
    return {"database": "ok", "schema": "ok" if found == wanted else "is not the one of this version"}


def _touch(connection: Connection) -> set[str]:
    if connection.dialect.name != "sqlite":
        connection.execute(text(f"SET LOCAL statement_timeout = {int(PATIENCE_S * 1000)}"))
        return _touch_and_commit(connection)
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {LOCK_WAIT_MS}")
    connection.rollback()
    try:
        return _touch_and_commit(connection)
    finally:
        connection.rollback()
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _touch_and_commit(connection: Connection) -> set[str]:
    found = set(connection.scalars(TOUCH))
    connection.commit()
    return found


def _look_at_redis(url: str) -> dict[str, str]:
    if not url:
        return {}
    try:
        with redis.Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except (redis.RedisError, OSError):
        return {"redis": "does not answer"}
    return {"redis": "ok"}
