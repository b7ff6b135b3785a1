"""Copies of the database that are too old: they hold what somebody has had deleted since. And those half-written."""

import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.operations.failing import Failed, in_words
from app.times import now

log = logging.getLogger(__name__)

KEEP_DAYS_MAX = 30
"""A copy keeps what somebody has had deleted since; longer than this nobody needs to expect."""

NEWEST = 2
"""So many backups stay, whatever their age: a clock that jumps ahead makes all of them look old in one night."""

HALF_WRITTEN = timedelta(days=1)
"""No copy takes as long: whoever wrote what is half there has gone, by a power cut or `kill -9`."""

NAME = re.compile(r"intervise-(\d{8}T\d{6}Z)\.(db|dump)")
KEPT_ASIDE = re.compile(r"(\d{8}T\d{6}Z)(-\w+)*\.(db|dump)(-\w+)?")
"""What is kept from before an upgrade or a restore is named by its moment, too; a damaged database with its journal."""
PART = re.compile(r"(?:intervise-)?(\d{8}T\d{6}Z)(-\w+)*\.(db|dump)\.part(-\w+)?")
SCRIPTS = "restore-"
SCRIPT_FOLDER = re.compile(rf"{SCRIPTS}\w{{8}}")
"""Where a restore of PostgreSQL has its script: all of the database in plain text."""

BEFORE_UPGRADE, BEFORE_RESTORE = "before-upgrade", "before-restore"


def prune(folder: Path, keep_days: int) -> None:
    """Remove the backups whose names say that they are older, but for the newest two, and what was left half-written.
    Other files stay. Raises Failed when one of them cannot be removed, after all the others.
    """
    named = sorted((file for file in _files(folder) if NAME.fullmatch(file.name)), key=lambda file: file.name)
    oldest = now() - timedelta(days=keep_days)
    old = [file for file in named[:-NEWEST] if _is_before(oldest, NAME, file)]
    left = ""
    for file in [*old, *_half_written(folder)]:
        try:
            file.unlink()
        except OSError as error:
            left = left or f"{file} is too old to be kept and cannot be removed ({in_words(error)}); remove it."
    if left:
        raise Failed(left)


def kept_too_long(database: Path | None, instance: Path) -> list[Path]:
    """The copies from before an upgrade or a restore that are older than any backup may be: they hold the same. And
    what was left half-written, with the folders in which a restore that was cut off had its script.
    """
    # That of an earlier SQLite, too, where a PostgreSQL has come in its place.
    folders = {instance / BEFORE_RESTORE, instance / BEFORE_UPGRADE}
    if database:
        folders.add(database.parent / BEFORE_UPGRADE)
    oldest = now() - timedelta(days=KEEP_DAYS_MAX)
    found = [file for folder in sorted(folders) for file in _files(folder) if _is_before(oldest, KEPT_ASIDE, file)]
    return [*found, *(file for folder in sorted(folders) for file in _half_written(folder)), *_scripts(instance)]


def remove(copy: Path) -> bool:
    """A file, or a folder with all that is in it; False, and a line in the log, if it cannot be."""
    try:
        if copy.is_dir():
            shutil.rmtree(copy)
        else:
            copy.unlink()
    except OSError:
        log.warning("a copy of the database that is too old could not be deleted")
        return False
    return True


def _half_written(folder: Path) -> list[Path]:
    return [file for file in _files(folder) if _is_before(now() - HALF_WRITTEN, PART, file)]


def _scripts(instance: Path) -> Iterator[Path]:
    for folder in _files(instance):
        with suppress(OSError):  # it has just been removed by the restore itself
            if SCRIPT_FOLDER.fullmatch(folder.name) and folder.is_dir():
                made = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
                if made < now() - HALF_WRITTEN:
                    yield folder


def _is_before(oldest: datetime, names: re.Pattern[str], file: Path) -> bool:
    found = names.fullmatch(file.name)
    return found is not None and datetime.strptime(found[1] + "+0000", "%Y%m%dT%H%M%SZ%z") < oldest


def _files(folder: Path) -> list[Path]:
    """One that cannot be read, because somebody else made it, keeps nothing else from being purged."""
    try:
        return sorted(folder.iterdir()) if folder.is_dir() else []
    except OSError:
        log.warning("a folder with copies of the database cannot be read")
        return []
