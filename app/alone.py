"""One serving process for one SQLite database: who is present is known to one process alone, and SQLite has one writer.

The lock is the system's own and goes with the process, however that ends: a restart after a crash waits for nothing.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from sqlalchemy import Engine

_held: list[IO[bytes]] = []
"""Kept open until the process ends."""


class NotAlone(Exception):
    """Another process serves this database."""


def be_alone(engine: Engine) -> None:
    """Take the lock beside the file of a SQLite database, until the process ends; PostgreSQL needs none. Raises
    NotAlone.
    """
    if file := _take(engine):
        _held.append(file)


@contextmanager
def alone(engine: Engine) -> Iterator[None]:
    """The same for a while."""
    file = _take(engine)
    try:
        yield
    finally:
        if file:
            file.close()


def _take(engine: Engine) -> IO[bytes] | None:
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    file = Path(f"{name}.serving").open("ab")  # noqa: SIM115 - open is what holds the lock
    try:
        _lock(file)
    except OSError:
        file.close()
        raise NotAlone(
            f"Another process serves {name} already; stop it first, or use PostgreSQL (DATABASE_URL) for more than one."
        ) from None
    return file


def _lock(file: IO[bytes]) -> None:
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    else:
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
