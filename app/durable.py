"""What is committed to SQLite is on the disk before anybody hears that it is saved; one flush serves all who wait.

A flush takes milliseconds, in which SQLite would hold up every session of this process. So it is told to leave its
journal unflushed at a commit (`synchronous = NORMAL`), and the flush is ours: aside, and for several commits together.
"""

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, event

_sync = getattr(os, "fdatasync", os.fsync)


class _Batch:
    """Those who wait for the same flush."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.error: BaseException | None = None


class Flusher:
    """`flush()` returns when everything that was in the file before is on the disk; OSError if it may not be.

    `aside` carries out what blocks; under eventlet in a thread of the system.
    """

    def __init__(self, file: Path, aside: Callable[[Callable[[], None]], None]) -> None:
        self.file = file
        self.aside = aside
        self._door = threading.Lock()
        self._under_way = threading.Lock()
        self._next: _Batch | None = None

    def flush(self) -> None:
        with self._door:
            leads = self._next is None
            batch = self._next = self._next or _Batch()
        if leads:
            self._lead(batch)
        else:
            batch.done.wait()
        if batch.error:
            raise batch.error if isinstance(batch.error, OSError) else OSError("not flushed") from batch.error

    def _lead(self, batch: _Batch) -> None:
        with self._under_way:
            with self._door:
                self._next = None  # from here on it is too late for this one
            try:
                self.aside(self._flush)
            except BaseException as error:  # whoever waits for the same flush must not take it for done
                batch.error = error
            finally:
                batch.done.set()

    def _flush(self) -> None:
        try:
            file = os.open(self.file, os.O_RDWR)
        except FileNotFoundError:
            return  # folded into the database since, and that is flushed by SQLite
        try:
            _sync(file)
        finally:
            os.close(file)


_flushers: WeakKeyDictionary[Engine, Flusher] = WeakKeyDictionary()


def wait_for_disk(engine: Engine) -> None:
    """Return when all that was committed before is on the disk; OSError if it may not be."""
    if flusher := _flushers.get(engine):
        flusher.flush()


def share_flushes(engine: Engine, aside: Callable[[Callable[[], None]], None]) -> None:
    """From now on commits on this SQLite engine wait for the disk together: the server has many at a time."""
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return
    engine.dispose()  # the next connections are the first of the new kind

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous = NORMAL")

    flusher = _flushers[engine] = Flusher(Path(f"{name}-wal"), aside)
    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        commit(connection)
        changes = connection.dbapi_connection.total_changes
        if changes != connection.info.get("changes", 0):
            connection.info["changes"] = changes
            flusher.flush()

    engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
