"""The base of all models, the type of all times, and how the engines behave."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import DateTime, Dialect, Engine, MetaData, TypeDecorator, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import DeclarativeBase, Session

from app.operations import schema

BUSY_TIMEOUT_MS = 3000
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
"""How long a PostgreSQL server that has gone without a word is waited for (libpq; in s, the last one in ms): left to
the system, a quarter of an hour. What DATABASE_URL itself says counts.
"""
MIGRATION_LOCK = 1_229_870_675  # any number, as long as it stays


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
    """How the engine for `url` is configured, as Flask-SQLAlchemy-Lite takes it. No error shows the values of a row.

    The connection that was used last is used next: its caches are warm, and those of a busy moment can rest.
    """
    options: dict[str, Any] = {"url": url, "hide_parameters": True, "pool_use_lifo": True}
    if url.startswith("sqlite"):
        # A commit keeps its connection until it is on the disk, and many wait for that together (durable.py).
        return options | {"pool_size": 100, "max_overflow": 0}
    return options | {
        "pool_size": 20,
        "max_overflow": 20,
        "pool_pre_ping": True,
        "pool_timeout": 5,
        "connect_args": {name: value for name, value in PATIENCE.items() if name not in make_url(url).query},
    }


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
        if begin := connection.get_execution_options().get("sqlite_begin"):
            connection.exec_driver_sql(begin)
        else:  # it takes no lock and cannot fail, and every transaction does it: past all that watches a statement
            connection.connection.cursor().execute("BEGIN")


def fold_journal(engine: Engine) -> None:
    """After an erasure: leave no older pages in SQLite's journal beside the file. Somebody who reads at this moment
    delays it to the next time.
    """
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout = 0")  # under eventlet the reader could not go on meanwhile
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def migrate(app: Flask, engine: Engine) -> bool:
    """Bring the tables to the newest revision; True when something was done. Raises schema.NewerSchema."""
    folder: Path = app.config["ROOT"] / "migrations"
    with engine.connect() as connection:
        found = schema.revisions_of(connection)
    schema.refuse_newer(found, folder)
    if found == schema.newest(folder):
        return False
    # Not at the top: loading Alembic is a good part of a start, and hardly any start needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # Of several processes that start together one does it, and the others find it done.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
