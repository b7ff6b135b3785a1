"""A restore that was begun and did not come to its end: the database may hold people who were erased since, and words
of theirs. So it serves nobody until the restore is done again.
"""

import os
from pathlib import Path

from flask import Flask

from app.operations.failing import Failed

NAME = "restore-unfinished"
"""A file in INSTANCE_FOLDER; it holds the name of the backup."""


def begin(instance: Path, file: Path) -> bool:
    """Note it, on the disk before this returns. False if an earlier restore has not come to its end either."""
    is_first = not (instance / NAME).exists()
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(instance / NAME, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as mark:
            mark.write(f"{file.absolute()}\n")
            mark.flush()
            os.fsync(mark.fileno())
    except OSError:
        if is_first:  # nothing has been changed yet
            end(instance)
        raise
    return is_first


def end(instance: Path) -> None:
    """All is as it should be: the database is whole, and whoever was erased is not in it."""
    (instance / NAME).unlink(missing_ok=True)


def sentence(instance: Path) -> str:
    """What there is to do; empty if no restore is unfinished."""
    mark = instance / NAME
    if not mark.exists():
        return ""
    try:
        file = mark.read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        file = ""
    return f"A restore was not finished; run again, with the app stopped: flask restore {file or 'FILE'} --force"


def refuse_unfinished(app: Flask) -> None:
    """Raise Failed while a restore is unfinished: to be asked before anybody is served."""
    if said := sentence(Path(app.instance_path)):
        raise Failed(said)
