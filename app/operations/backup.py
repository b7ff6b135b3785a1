"""A whole copy of the database in one file, made while the app runs: checked, dated, and old ones thrown away."""

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import Engine

from app.operations import postgresql
from app.operations.failing import Damaged, in_words, is_damage
from app.operations.failing import Failed as Failed  # whoever calls what is here has to know it
from app.operations.old_copies import BEFORE_UPGRADE, KEEP_DAYS_MAX, prune
from app.times import now

ERASURES = "erasures.jsonl"


def make(engine: Engine, folder: Path, instance: Path, keep_days: int = KEEP_DAYS_MAX) -> Path:
    """Write a backup into `folder` and throw away what is older than `keep_days`. Returns the file; raises Failed.

    What is over the longest time goes also when there is no new one: it is due, and the disk may be full of it.
    """
    try:
        file = _make(engine, folder, instance)
    except Failed:
        with suppress(Failed):  # the first one says what to do
            prune(folder, KEEP_DAYS_MAX)
        raise
    prune(folder, min(keep_days, KEEP_DAYS_MAX))
    return file


def _make(engine: Engine, folder: Path, instance: Path) -> Path:
    try:
        file = copy_into(engine, folder)
        _copy_erasures(instance, folder)
    except OSError as error:
        raise Failed(
            f"{error.filename or folder} cannot be written ({in_words(error)}); make room there, or choose another "
            "folder."
        ) from None
    return file


def copy_into(engine: Engine, folder: Path) -> Path:
    """The database in one new file with this moment in its name, in a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return copy(engine, folder, f"intervise-{now():%Y%m%dT%H%M%SZ}")


def copy(engine: Engine, folder: Path, name: str) -> Path:
    """The database in one new file, readable for its owner alone. It gets its name when it is whole and checked.

    Raises Failed; Damaged, if there is nothing whole to be copied.
    """
    file = folder / f"{name}{suffix_of(engine)}"
    part = file.with_name(f"{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            _copy(engine, part)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)
    except (sqlite3.Error, OSError) as error:
        raise Failed(
            f"The copy {file} cannot be written ({in_words(error)}); make room there, or choose another folder."
        ) from None
    return file


def suffix_of(engine: Engine) -> str:
    return ".db" if engine.dialect.name == "sqlite" else ".dump"


def keep_before_upgrade(engine: Engine, revisions: set[str], most: int = 3) -> Path | None:
    """For SQLite: a copy beside the database, before its tables are changed; the last few are kept, and by the purge
    for no longer than a backup.

    Of PostgreSQL none is made: its tools need not be on the machine where the app is.
    """
    path = sqlite_path(engine)
    if path is None or not revisions:
        return None
    folder = path.parent / BEFORE_UPGRADE
    try:
        folder.mkdir(exist_ok=True, mode=0o700)
        kept = copy(engine, folder, f"{now():%Y%m%dT%H%M%SZ}-{'-'.join(sorted(revisions))}")
        for old in sorted(folder.glob("*.db"))[:-most]:
            old.unlink()
    except OSError as error:
        raise Failed(
            f"{error.filename or folder} cannot be changed ({in_words(error)}); give it to the user that runs the app."
        ) from None
    return kept


def sqlite_path(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for anything else, and for one in memory."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def check_sqlite(file: Path) -> None:
    """Raise Failed unless this is a SQLite database in one piece."""
    try:
        damage = _damage_in(file)
    except sqlite3.Error as error:
        raise Failed(f"{file} cannot be read ({in_words(error)}); copy it to another place, and try again.") from None
    if damage:
        raise Failed(f"{file} is damaged ({damage}); use another backup.")


def _damage_in(file: Path) -> str:
    """What SQLite finds wrong with a database, in its own words; empty if it is whole."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        found = str(error)
    return "" if found == "ok" else " ".join(found.split())


def _copy(engine: Engine, part: Path) -> None:
    if engine.dialect.name == "sqlite":
        _copy_sqlite(engine, part)
        return
    options = ("--format=custom", "--no-owner", "--no-privileges")
    postgresql.run_tool("pg_dump", engine, *options, f"--file={part}")
    postgresql.check_dump(part)


def _copy_sqlite(engine: Engine, part: Path) -> None:
    path = sqlite_path(engine)
    if path is None or not path.exists():
        raise Failed(f"There is no database at {path}; nothing was written.")
    if not os.access(path, os.R_OK):
        raise Failed(f"{path} cannot be read by this user; run this as the user that runs the app.")
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as source,
            closing(sqlite3.connect(part)) as target,
        ):
            source.backup(target)  # all pages at once: one moment of the database, and nobody waits for it
            target.execute("PRAGMA journal_mode = DELETE")  # one file, without the journal beside it
        damage = _damage_in(part)
    except sqlite3.Error as error:
        if not is_damage(error):
            raise
        damage = in_words(error)
    if damage:  # page by page it is the same: what is wrong with the copy is wrong with the database
        raise Damaged(
            f"The database {path} itself is damaged ({damage}), so there is no new backup; stop the app, and restore "
            "the newest backup that there is with --force."
        )


def _copy_erasures(instance: Path, folder: Path) -> None:
    """Who was erased since an older backup must be known wherever that is restored: the list goes with them."""
    listed = instance / ERASURES
    if listed.exists():
        add_lines(listed, folder / ERASURES)


def add_lines(source: Path, target: Path) -> None:
    """Add to one list of erasures what it lacks of another. Nothing is taken out: on a new machine the folder of the
    backups knows of erasures that the machine itself does not.
    """
    there = {"", *(_lines(target) if target.exists() else [])}
    lacking = [line for line in _lines(source) if line not in there]
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.writelines(f"\n{line}\n" for line in lacking)  # a line break first, as in erasures.note
        file.flush()
        os.fsync(file.fileno())


def _lines(listed: Path) -> list[str]:
    """Bytes that are no text go along as they are: a restore says so, and a backup does not wait for that."""
    return listed.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
