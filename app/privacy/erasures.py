"""What was erased, kept beside the database: a backup that is older than an erasure would bring it back.

`erasures.jsonl` in INSTANCE_FOLDER holds a line for each, with ids and times and nothing else.
"""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from app.times import now

NAME = "erasures.jsonl"
_repeating = ContextVar("repeating", default=False)


@dataclass(frozen=True)
class Erasure:
    """`what` is "account", "seat", "session", "forgotten" (a session that left no transcript, or no names, at its
    close) or "address" (for mail, which the person of this seat took back); `words`: whether the words went too, or the
    name alone. `made`: when the session or the account was made; another machine, or a restore, gives its number to
    another one, which was made at another moment. Older lines lack it.
    """

    what: str
    id: int | str
    words: bool
    at: datetime
    made: datetime | None = None

    def names(self, made: datetime) -> bool:
        """Whether it is the very thing with this number that was made at this moment which was erased."""
        return made == self.made if self.made else made <= self.at


@contextmanager
def repeating() -> Iterator[None]:
    """What is erased again, because it is in the list, is not noted again: meanwhile `note` does nothing."""
    before = _repeating.set(True)
    try:
        yield
    finally:
        _repeating.reset(before)


def note(what: str, id: int | str, *, words: bool = True, made: datetime | None = None) -> None:
    """Note an erasure, on the disk before this returns. To be called right before the commit.

    In that order none can be missed. Should the commit fail, then a restore erases what somebody asked to have erased.
    Raises OSError, and then nothing may be committed.
    """
    if _repeating.get():
        return
    named = {"what": what, "id": id} | ({"made": made.isoformat()} if made else {})
    line = f"\n{json.dumps(named | {'words': words, 'at': now().isoformat()})}\n".encode()
    handle = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # A line break first, should the line before have been cut short: by a power cut, or by a disk that was full.
        if os.write(handle, line) != len(line):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path()))
        os.fsync(handle)
    finally:
        os.close(handle)


def noted() -> Iterator[Erasure]:
    """All of them, the oldest first. A line that was cut short, by a power cut, belongs to nothing that happened."""
    if not path().exists():
        return
    for line in path().read_text(encoding="utf-8").splitlines():
        try:
            found = json.loads(line)
        except json.JSONDecodeError:
            continue
        made = datetime.fromisoformat(found["made"]) if "made" in found else None
        yield Erasure(found["what"], found["id"], found["words"], datetime.fromisoformat(found["at"]), made)


def path() -> Path:
    return Path(current_app.instance_path) / NAME
