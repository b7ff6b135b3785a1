"""A whole copy of the database in one file, made while the app runs: checked, dated, and old ones thrown away."""

import logging
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, make_url

from app.times import now

log = logging.getLogger(__name__)

KEEP_DAYS_MAX = 30
"""A copy keeps what somebody has had deleted since; longer than this nobody needs to expect."""

NAME = re.compile(r"intervise-(\d{8}T\d{6}Z)\.(db|dump)")
KEPT_ASIDE = re.compile(r"(\d{8}T\d{6}Z)(-\w+)*\.(db|dump)(\.part)?")
"""What is copied before an upgrade or a restore is named by its moment, too."""
ERASURES = "erasures.jsonl"
BEFORE_UPGRADE, BEFORE_RESTORE = "before-upgrade", "before-restore"
PATIENCE_S = 3600


class Failed(Exception):
    """No backup, or nothing restored; the message is one sentence that says why, and what to do."""


def make(engine: Engine, folder: Path, instance: Path, keep_days: int = KEEP_DAYS_MAX) -> Path:
    """Write a backup into `folder` and throw away what is older than `keep_days`. Returns the file; raises Failed."""
    try:
        file = copy_into(engine, folder)
        _copy_erasures(instance, folder)
    except OSError as error:
        raise Failed(
            f"{error.filename or folder} cannot be written ({error.strerror}); choose another folder."
        ) from None
    prune(folder, min(keep_days, KEEP_DAYS_MAX))
    return file


def copy_into(engine: Engine, folder: Path) -> Path:
    """The database in one new file with this moment in its name, in a folder that is made if need be."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return copy(engine, folder, f"intervise-{now():%Y%m%dT%H%M%SZ}")


def copy(engine: Engine, folder: Path, name: str) -> Path:
    """The database in one new file, readable for its owner alone. It gets its name when it is whole and checked."""
    file = folder / f"{name}{suffix_of(engine)}"
    part = file.with_name(f"{file.name}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        if engine.dialect.name == "sqlite":
            _copy_sqlite(engine, part)
        else:
            run_postgresql_tool("pg_dump", engine, "--format=custom", "--no-owner", "--no-privileges", f"--file={part}")
            check_dump(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file


def suffix_of(engine: Engine) -> str:
    return ".db" if engine.dialect.name == "sqlite" else ".dump"


def prune(folder: Path, keep_days: int) -> None:
    """Remove the backups whose names say that they are older. Other files stay."""
    oldest = now() - timedelta(days=keep_days)
    for file in folder.iterdir():
        named = NAME.fullmatch(file.name)
        if named and _moment(named[1]) < oldest:
            file.unlink()


def kept_too_long(engine: Engine, instance: Path) -> list[Path]:
    """The copies from before an upgrade or a restore that are older than any backup may be: they hold the same."""
    path = sqlite_path(engine)
    # That of an earlier SQLite, too, where a PostgreSQL has come in its place.
    folders = {instance / BEFORE_RESTORE, instance / BEFORE_UPGRADE, *([path.parent / BEFORE_UPGRADE] if path else [])}
    oldest = now() - timedelta(days=KEEP_DAYS_MAX)
    files = [file for folder in sorted(folders) for file in _files(folder)]
    return [file for file in files if (named := KEPT_ASIDE.fullmatch(file.name)) and _moment(named[1]) < oldest]


def _files(folder: Path) -> list[Path]:
    """One that cannot be read, because somebody else made it, keeps nothing else from being purged."""
    try:
        return list(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        log.warning("a folder with copies of the database cannot be read")
        return []


def _moment(named: str) -> datetime:
    return datetime.strptime(named + "+0000", "%Y%m%dT%H%M%SZ%z")


def keep_before_upgrade(engine: Engine, revisions: set[str], most: int = 3) -> Path | None:
    """For SQLite: a copy beside the database, before its tables are changed; the last few are kept, and by the purge
    for no longer than a backup.

    Of PostgreSQL none is made: its tools need not be on the machine where the app is.
    """
    path = sqlite_path(engine)
    if path is None or not revisions:
        return None
    folder = path.parent / BEFORE_UPGRADE
    folder.mkdir(exist_ok=True, mode=0o700)
    kept = copy(engine, folder, f"{now():%Y%m%dT%H%M%SZ}-{'-'.join(sorted(revisions))}")
    for old in sorted(folder.glob("*.db"))[:-most]:
        old.unlink()
    return kept


def sqlite_path(engine: Engine) -> Path | None:
    """The file of a SQLite database; None for anything else, and for one in memory."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name and name != ":memory:" else None


def check_sqlite(file: Path) -> None:
    """Raise Failed unless this is a SQLite database in one piece."""
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Failed(f"{file} is no whole database ({error}); use another backup.") from None
    if found != "ok":
        raise Failed(f"{file} is damaged; use another backup.")


def check_dump(file: Path) -> None:
    """Raise Failed unless pg_restore can read all of this, to its end."""
    run_postgresql_tool("pg_restore", None, f"--file={os.devnull}", str(file))


def run_postgresql_tool(name: str, engine: Engine | None, *arguments: str) -> str:
    """What pg_dump, pg_restore or psql prints. A password goes through the environment, where `ps` does not show it."""
    program = shutil.which(name)
    if program is None:
        raise Failed(f"{name} is not installed; on Debian and Ubuntu: sudo apt install postgresql-client.")
    environment = dict(os.environ)
    if engine is not None:
        url = make_url(engine.url)
        environment["PGPASSWORD"] = url.password or ""
        plain = url.set(drivername="postgresql", password=None)
        arguments = (f"--dbname={plain.render_as_string(hide_password=False)}", *arguments)
    try:
        done = subprocess.run(  # noqa: S603 — no shell, and no word of it comes from outside
            [program, *arguments], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        raise Failed(
            f"{name} was stopped because it took longer than {PATIENCE_S // 60} minutes; see what keeps the database "
            "busy, and try again."
        ) from None
    if done.returncode:
        raise Failed(f"{name} did not succeed: {' '.join(done.stderr.split())[:500]}.")
    return done.stdout


def _copy_sqlite(engine: Engine, part: Path) -> None:
    path = sqlite_path(engine)
    if path is None or not path.exists():
        raise Failed(f"There is no database at {path}; nothing was written.")
    with (
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)) as source,
        closing(sqlite3.connect(part)) as target,
    ):
        source.backup(target)  # all pages at once: one moment of the database, and nobody waits for it
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without the journal beside it
    check_sqlite(part)


def _copy_erasures(instance: Path, folder: Path) -> None:
    """Who was erased since an older backup must be known wherever that is restored: the list goes with them."""
    listed = instance / ERASURES
    if listed.exists():
        add_lines(listed, folder / ERASURES)


def add_lines(source: Path, target: Path) -> None:
    """Add to one list of erasures what it lacks of another. Nothing is taken out: on a new machine the folder of the
    backups knows of erasures that the machine itself does not.
    """
    there = {"", *(target.read_text(encoding="utf-8").splitlines() if target.exists() else [])}
    lacking = [line for line in source.read_text(encoding="utf-8").splitlines() if line not in there]
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w", encoding="utf-8") as file:
        file.writelines(f"\n{line}\n" for line in lacking)  # a line break first, as in erasures.note
        file.flush()
        os.fsync(file.fileno())
