"""A backup put back: into an empty database, brought to this version's tables, and without those erased since."""

import os
import re
import sqlite3
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from sqlalchemy import Connection, Engine, delete, inspect, text
from sqlalchemy.exc import DBAPIError

from app.database import migrate
from app.deliveries.models import Delivery
from app.operations import backup, schema
from app.operations.backup import ERASURES, Failed
from app.operations.upgrade import unreachable
from app.times import now

AHEAD = 100_000
"""So many numbers are passed over after a restore."""
NUMBERED = ("accounts", "intervisions", "deliveries")
"""Their numbers are known outside: in cookies, in links, by those who receive messages. What was given since the backup
is not to be given again. SQLite counts on only where the table says so; of accounts it is the turn that differs.
"""

TELLING_TABLES = ("accounts", "intervisions")
"""With rows in neither of these, a database holds nothing that anybody would miss."""


def restore(app: Flask, engine: Engine, file: Path, force: bool) -> list[str]:
    """Put a backup in place of the database; returns what was done, a sentence each. Raises Failed.

    The app must not run meanwhile. `force`: also where there is data; that is copied aside before.
    """
    if not file.is_file():
        raise Failed(f"There is no file {file}; name a backup.")
    if file.suffix != backup.suffix_of(engine):
        raise Failed(f"{file.name} is a backup of another kind of database; set DATABASE_URL to one of that kind.")
    _refuse_newer(app, _revisions_in(engine, file))
    done: list[str] = []
    try:
        _restore(app, engine, file, force, done)
    except DBAPIError as error:
        raise Failed(" ".join([unreachable(engine, error), *done])) from error
    except OSError as error:
        raise Failed(
            " ".join([f"A file could not be written ({error}); make room for it, and try again.", *done])
        ) from error
    except Failed as failed:
        raise Failed(" ".join([str(failed), *done])) from failed  # where the copy is that was kept, above all
    return done


def _restore(app: Flask, engine: Engine, file: Path, force: bool, done: list[str]) -> None:
    if has_data(engine):
        if not force:
            raise Failed("The database holds data; nothing was changed. Restore with --force to replace it.")
        done.append(f"What was there before is kept in {_keep_aside(engine, app)}.")
    _replace(engine, file, Path(app.instance_path))
    done.append(f"{file.name} is restored.")
    if migrate(app, engine):
        done.append("Its tables were brought to this version.")
    _pass_over_numbers(engine)
    _forget_what_was_due(engine)
    done.append(_erase_again(file, Path(app.instance_path)))
    _forget_what_was_due(engine)  # what is closed again has put in anew what was sent after its first close


def has_data(engine: Engine) -> bool:
    path = backup.sqlite_path(engine)
    if path is not None and not path.exists():
        return False
    with engine.connect() as connection:
        there = inspect(connection).get_table_names()
        return any(
            connection.scalar(text(f"SELECT 1 FROM {name} LIMIT 1"))  # noqa: S608 — two names of our own
            for name in TELLING_TABLES
            if name in there
        )


def _revisions_in(engine: Engine, file: Path) -> set[str]:
    if engine.dialect.name == "sqlite":
        backup.check_sqlite(file)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            try:
                return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
            except sqlite3.DatabaseError:
                return set()
    backup.check_dump(file)
    rows = backup.run_postgresql_tool(
        "pg_restore", None, "--data-only", "--table=alembic_version", "--file=-", str(file)
    )
    copied = re.search(r"^COPY [^\n]*alembic_version[^\n]*\n(.*?)^\\\.", rows, re.MULTILINE | re.DOTALL)
    return set(copied[1].split()) if copied else set()


def _refuse_newer(app: Flask, revisions: set[str]) -> None:
    if not revisions:
        raise Failed("This is no backup of Intervise: it does not say which version its tables are of.")
    try:
        schema.refuse_newer(revisions, app.config["ROOT"] / "migrations")
    except schema.NewerSchema:
        raise Failed("This backup is from a newer version of Intervise; install that one, then restore it.") from None


def _keep_aside(engine: Engine, app: Flask) -> Path:
    folder = Path(app.instance_path) / backup.BEFORE_RESTORE
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return backup.copy(engine, folder, f"{now():%Y%m%dT%H%M%SZ}")


def _forget_what_was_due(engine: Engine) -> None:
    """Since the backup it has been sent, as far as anybody can know: nobody is to be written to twice."""
    with engine.begin() as connection:
        connection.execute(delete(Delivery).where(Delivery.due_at < now()))


def _pass_over_numbers(engine: Engine) -> None:
    with engine.begin() as connection:
        for name in NUMBERED:
            if engine.dialect.name == "sqlite":
                _pass_over_on_sqlite(connection, name)
            else:
                sequence = f"pg_get_serial_sequence('{name}', 'id')"
                passed = f"SELECT setval({sequence}, nextval({sequence}) + :ahead)"
                connection.execute(text(passed), {"ahead": AHEAD})


def _pass_over_on_sqlite(connection: Connection, name: str) -> None:
    """SQLite counts in a table of its own; a table in which there was never a row is not in it yet."""
    counts = "SELECT 1 FROM sqlite_master WHERE name = :name AND sql LIKE '%AUTOINCREMENT%'"
    if not connection.scalar(text(counts), {"name": name}):
        return
    raised = connection.execute(
        text("UPDATE sqlite_sequence SET seq = seq + :ahead WHERE name = :name RETURNING seq"),
        {"name": name, "ahead": AHEAD},
    )
    if raised.first() is None:
        added = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :ahead)")
        connection.execute(added, {"name": name, "ahead": AHEAD})


def _replace(engine: Engine, file: Path, instance: Path) -> None:
    if engine.dialect.name != "sqlite":
        _replace_postgresql(engine, file, instance)
        return
    engine.dispose()
    path = backup.sqlite_path(engine)
    if path is None:
        raise Failed("A database in memory cannot be restored; set DATABASE_URL to a file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(path, timeout=5)) as target,
        ):
            source.backup(target)  # through SQLite, so that the journal beside the old file fits the new one
    except sqlite3.Error as error:
        raise Failed(f"{path} could not be replaced ({error}); stop the app, and try again.") from None


def _replace_postgresql(engine: Engine, file: Path, instance: Path) -> None:
    """Empty the schema, tables and triggers' functions alike, and fill it, in one transaction: what was there goes when
    all of the backup is there.

    pg_restore would begin a transaction of its own, after the emptying. So it writes a script, and psql runs that; it
    ends at the first failure, before COMMIT. (Older ones commit with --single-transaction even so.)
    """
    with TemporaryDirectory(prefix="restore-", dir=instance) as folder:  # /tmp may be small, and in memory
        script = Path(folder) / "script.sql"
        backup.run_postgresql_tool("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(file))
        with engine.connect() as connection:
            drop_unknown_settings(script, set(connection.scalars(text("SELECT name FROM pg_settings"))))
        engine.dispose()
        backup.run_postgresql_tool(
            "psql",
            engine,
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--command=BEGIN",
            "--command=SET LOCAL client_min_messages = warning",  # not every table that goes: the failure is to be told
            "--command=DROP SCHEMA public CASCADE",
            "--command=CREATE SCHEMA public",
            f"--file={script}",
            "--command=COMMIT",
        )


def drop_unknown_settings(script: Path, known: set[str]) -> None:
    """Make comments of the settings at the top of pg_restore's script that an older server does not know."""
    with script.open("r+b") as lines:
        while (line := lines.readline()) and not line.startswith(b"-- Name:"):
            setting = re.match(rb"SET (\w+) = ", line)
            if setting and setting[1].decode() not in known:
                lines.seek(-len(line), os.SEEK_CUR)
                lines.write(b"--" + line[2:])


def _erase_again(file: Path, instance: Path) -> str:
    """Whoever was erased after the backup was made is erased again: from the list of this installation, and from the
    one beside the backup, which knows more on a new machine.
    """
    listed, beside = instance / ERASURES, file.parent / ERASURES
    if beside.exists():
        instance.mkdir(parents=True, exist_ok=True)
        backup.add_lines(beside, listed)
    if find_spec("app.privacy.erasure") is None or not listed.exists():
        return "Nobody had been erased since."
    from app.privacy import erasure

    erasure.replay()
    return "Those who were erased since were erased again."
