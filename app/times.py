"""The only place where the server reads the time.

Everything else takes `now` as an argument or asks here, so that a test can move the clock of a running server.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)
_offset = timedelta()
_read_at: int | None = None  # modification time (ns) of the offset file when it was last read


def now() -> datetime:
    """The time now: timezone-aware, UTC.

    With INTERVISE_ENV=test and INTERVISE_CLOCK_FILE naming a file, the number of seconds in that file is added;
    a file that is missing or empty adds nothing.
    """
    return _pretended.get() or datetime.now(UTC) + _test_offset()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let what is done in this block happen at `moment` (timezone-aware): for data about the past, such as the demo's.

    Only this thread or greenlet is concerned; for everybody else it stays now.
    """
    token = _pretended.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def _test_offset() -> timedelta:
    global _offset, _read_at
    if os.environ.get("INTERVISE_ENV") != "test" or not (name := os.environ.get("INTERVISE_CLOCK_FILE")):
        return timedelta()
    path = Path(name)
    try:
        changed_at = path.stat().st_mtime_ns
        if changed_at != _read_at:
            _offset = timedelta(seconds=float(path.read_text() or 0))
            _read_at = changed_at
    except FileNotFoundError:
        return timedelta()
    return _offset
