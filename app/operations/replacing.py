"""One database in place of another: what is there is put aside, and a backup takes its place, whole or not at all."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, text

from app.operations import backup, postgresql
from app.operations.failing import Failed, in_words, is_full
from app.operations.old_copies import BEFORE_RESTORE, SCRIPTS
from app.times import now


def keep_aside(engine: Engine, instance: Path) -> Path:
    return backup.copy(engine, _aside(instance), f"{now():%Y%m%dT%H%M%SZ}")


def move_aside(engine: Engine, instance: Path) -> Path:
    """A damaged SQLite database, as it is: somebody may get something out of it yet. Its journal goes first, which
    beside another database would be taken for that one's.
    """
    engine.dispose()
    path = backup.sqlite_path(engine)
    assert path, "nothing else is found to be damaged"
    kept = _aside(instance) / f"{now():%Y%m%dT%H%M%SZ}-damaged.db"
    for ending in ("-wal", "-shm", "-journal", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            shutil.move(part, kept.with_name(kept.name + ending))
    return kept


def _aside(instance: Path) -> Path:
    folder = instance / BEFORE_RESTORE
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def replace(engine: Engine, file: Path, instance: Path) -> None:
    if engine.dialect.name != "sqlite":
        _replace_postgresql(engine, file, instance)
        return
    engine.dispose()
    path = engine.url.database or ""
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(path, timeout=5)) as target,
        ):
            source.backup(target)  # through SQLite, so that the journal beside the old file fits the new one
    except sqlite3.Error as error:
        remedy = "make room" if is_full(error) else "stop the app"
        raise Failed(f"{path} could not be replaced ({in_words(error)}); {remedy}, and try again.") from None


def _replace_postgresql(engine: Engine, file: Path, instance: Path) -> None:
    """Empty the schema, tables and triggers' functions alike, and fill it, in one transaction: what was there goes when
    all of the backup is there.

    pg_restore would begin a transaction of its own, after the emptying. So it writes a script, and psql runs that; it
    ends at the first failure, before COMMIT. (Older ones commit with --single-transaction even so.)
    """
    with TemporaryDirectory(prefix=SCRIPTS, dir=instance) as folder:  # /tmp may be small, and in memory
        script = Path(folder) / "script.sql"
        postgresql.run_tool("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(file))
        with engine.connect() as connection:
            drop_unknown_settings(script, set(connection.scalars(text("SELECT name FROM pg_settings"))))
        engine.dispose()
        postgresql.run_tool(
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
