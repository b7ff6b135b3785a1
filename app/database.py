"""The base of all models, the type of all times, and how the engines behave."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, event, inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session

BUSY_TIMEOUT_MS = 3000
REVISION_NAMES = ("revision", "down_revision")  # how a migration's file says what it is, and what it follows


class UtcDateTime(TypeDecorator[datetime]):
    """Timezone-aware times, UTC when they come back, on SQLite (which stores none) as on PostgreSQL.

    A time without a timezone raises ValueError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a timezone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models. `Mapped[datetime]` is a UtcDateTime; constraints get names that migrations can use."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


def begin_write(session: Session) -> None:
    """Take the write lock before reading, for a transaction that reads first and writes afterwards.

    SQLite refuses at once to let a transaction write whose reads are out of date; with the lock taken first they
    cannot be. Anything the session did not commit is rolled back. PostgreSQL needs no such thing.
    """
    session.rollback()
    session.connection(execution_options={"sqlite_begin": "BEGIN IMMEDIATE"})


def engine_options(url: str) -> dict[str, Any]:
    """How the engine for `url` is configured, as Flask-SQLAlchemy-Lite takes it."""
    if url.startswith("sqlite"):
        return {"url": url}
    return {"url": url, "pool_size": 20, "max_overflow": 20, "pool_pre_ping": True, "pool_timeout": 5}


def tune(engine: Engine) -> None:
    """SQLite: true transactions, foreign keys, and a commit that is on the disk before it is acknowledged."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(dbapi_connection: Any, _record: object) -> None:
        # None: sqlite3 begins no transaction of its own, so that on_begin below also covers the reads,
        # and one snapshot of a session comes from one version of it.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode = WAL")
        # FULL, not NORMAL: with NORMAL a power cut can undo the last commits, and those were acknowledged.
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        # What is deleted is overwritten: a session without a transcript leaves none in the file either.
        cursor.execute("PRAGMA secure_delete = ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("sqlite_begin", "BEGIN"))


def migrate(app: Flask, engine: Engine) -> bool:
    """Bring the tables to the newest revision; True when something was done."""
    folder: Path = app.config["ROOT"] / "migrations"
    if _revisions_of(engine) == _newest_revisions(folder):
        return False
    # Not at the top: loading Alembic is a good part of a start, and hardly any start needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _revisions_of(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return set()
        return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


def _newest_revisions(folder: Path) -> set[str]:
    """Those that no other one follows."""
    files = "\n".join(path.read_text() for path in (folder / "versions").glob("*.py"))
    named = {name: set(re.findall(rf"^{name}\b.*= *[\"'](\w+)", files, re.MULTILINE)) for name in REVISION_NAMES}
    return named["revision"] - named["down_revision"]
