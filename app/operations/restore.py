"""A backup put back: into an empty database, brought to this version's tables, and without those erased since."""

import getpass
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, delete, inspect, text
from sqlalchemy.exc import DBAPIError

from app.alone import NotAlone, alone
from app.database import migrate
from app.deliveries.models import Delivery
from app.extensions import db
from app.operations import backup, erased_since, postgresql, schema, unfinished
from app.operations.failing import Damaged, Failed, in_words, is_damage
from app.operations.replacing import keep_aside, move_aside, replace
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

    The app must not run meanwhile, and it does not start until all of this is done. `force`: also where there is data;
    that is copied aside before, and a damaged database is moved there.
    """
    _check(engine, file)
    _refuse_newer(app, _revisions_in(engine, file))
    done: list[str] = []
    try:
        with _nobody_else(engine):
            _restore(app, engine, file, force, done)
    except (DBAPIError, OSError, Failed) as error:
        # Where the copy is that was kept, above all, and whether the database may be used.
        told = [_why(engine, error), *done, unfinished.sentence(Path(app.instance_path))]
        raise Failed(" ".join(each for each in told if each)) from error
    return done


def _why(engine: Engine, error: DBAPIError | OSError | Failed) -> str:
    if isinstance(error, DBAPIError):
        return unreachable(engine, error)
    if isinstance(error, OSError):
        return f"{error.filename or 'A file'} could not be written ({in_words(error)}); make room, and try again."
    return str(error)


def _check(engine: Engine, file: Path) -> None:
    user = getpass.getuser()
    if not os.access(file.parent, os.X_OK):
        raise Failed(f"There is no folder {file.parent} into which the user {user} can look; name another backup.")
    if not file.is_file():
        raise Failed(f"There is no file {file}; name a backup.")
    if not os.access(file, os.R_OK):
        raise Failed(f"The user {user} cannot read {file}; run: sudo chown {user} {file}")
    if file.suffix != backup.suffix_of(engine):
        raise Failed(f"{file.name} is a backup of another kind of database; set DATABASE_URL to one of that kind.")


def _restore(app: Flask, engine: Engine, file: Path, force: bool, done: list[str]) -> None:
    instance = Path(app.instance_path)
    is_damaged = False
    try:
        if has_data(engine):
            if not force:
                raise Failed("The database holds data; nothing was changed. Restore with --force to replace it.")
            done.append(f"What was there before is kept in {keep_aside(engine, instance)}.")
    except Damaged as damaged:
        if not force:
            raise Failed(f"{damaged} Nothing was changed.") from None
        is_damaged = True
    erased = erased_since.gather(file, instance)
    is_first = unfinished.begin(instance, file)
    if is_damaged:
        done.append(f"The damaged database is kept in {move_aside(engine, instance)}.")
    try:
        replace(engine, file, instance)
    except Exception:
        if is_first and not is_damaged:  # the database is as it was
            unfinished.end(instance)
        raise
    done.append(f"{file.name} is restored.")
    if migrate(app, engine):
        done.append("Its tables were brought to this version.")
    _pass_over_numbers(engine)
    _forget_what_was_due(engine)
    done.append(erased_since.erase_again(erased))
    _forget_what_was_due(engine)  # what is closed again has put in anew what was sent after its first close
    unfinished.end(instance)


@contextmanager
def _nobody_else(engine: Engine) -> Iterator[None]:
    """Refuse while the app runs: it would write what it knows of the old database into the new one. SQLite's cannot be
    started meanwhile either; one on PostgreSQL that is finds the mark of an unfinished restore.
    """
    db.session.rollback()  # ourselves, we hold nothing
    if engine.dialect.name != "sqlite":
        postgresql.refuse_others(engine)
        yield
        return
    path = backup.sqlite_path(engine)
    if path is None:
        raise Failed("A database in memory cannot be restored; set DATABASE_URL to a file.")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with alone(engine):
            yield
    except NotAlone:
        raise Failed("The app runs on this database; stop it (systemctl stop intervise), and try again.") from None


def has_data(engine: Engine) -> bool:
    """Raises Damaged when nobody can tell."""
    path = backup.sqlite_path(engine)
    if path is not None and not path.exists():
        return False
    try:
        with engine.connect() as connection:
            there = inspect(connection).get_table_names()
            return any(
                connection.scalar(text(f"SELECT 1 FROM {name} LIMIT 1"))  # noqa: S608 — two names of our own
                for name in TELLING_TABLES
                if name in there
            )
    except DBAPIError as error:
        if not is_damage(error.orig):
            raise
        raise Damaged(
            f"The database {path} itself is damaged ({in_words(error.orig)}); restore with --force to replace it."
        ) from None


def _revisions_in(engine: Engine, file: Path) -> set[str]:
    if engine.dialect.name == "sqlite":
        backup.check_sqlite(file)
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            try:
                return {row[0] for row in connection.execute("SELECT version_num FROM alembic_version")}
            except sqlite3.DatabaseError:
                return set()
    postgresql.check_dump(file)
    rows = postgresql.run_tool("pg_restore", None, "--data-only", "--table=alembic_version", "--file=-", str(file))
    copied = re.search(r"^COPY [^\n]*alembic_version[^\n]*\n(.*?)^\\\.", rows, re.MULTILINE | re.DOTALL)
    return set(copied[1].split()) if copied else set()


def _refuse_newer(app: Flask, revisions: set[str]) -> None:
    if not revisions:
        raise Failed("This is no backup of Intervise: it does not say which version its tables are of.")
    try:
        schema.refuse_newer(revisions, app.config["ROOT"] / "migrations")
    except schema.NewerSchema:
        raise Failed("This backup is from a newer version of Intervise; install that one, then restore it.") from None


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
