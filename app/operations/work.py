"""What the server is doing at this moment, so that it can end when that is done, and what it no longer begins."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask_babel import gettext as _

from app.operations import metrics

Answer = dict[str, Any]
Handler = Callable[..., Answer]

_lock = threading.Lock()
_running = 0
_ending = False


def is_ending() -> bool:
    """Whether the server has been told to end, and begins nothing new."""
    return _ending


def begin_to_end() -> None:
    global _ending
    _ending = True


def running() -> int:
    """How many requests and commands are under way; open sockets that only listen do not count."""
    return _running


def begin() -> None:
    global _running
    with _lock:
        _running += 1


def end() -> None:
    global _running
    with _lock:
        _running -= 1


@contextmanager
def under_way() -> Iterator[None]:
    begin()
    try:
        yield
    finally:
        end()


def command(handler: Handler) -> Handler:
    """A handler that writes: timed, counted by its answer, and finished before the server ends, or not begun."""

    @wraps(handler)
    def watched(*packets: Any) -> Answer:
        began = time.perf_counter()
        with under_way():
            answer = _come_back_later() if _ending else handler(*packets)
        metrics.ack_seconds.observe(time.perf_counter() - began)
        metrics.commands.labels("ok" if answer["ok"] else answer["code"]).inc()
        return answer

    return watched


def sync(handler: Handler) -> Handler:
    """A handler that gives the whole state, counted; a page that names an older version has missed something."""

    @wraps(handler)
    def watched(*packets: Any) -> Answer:
        answer = handler(*packets)
        metrics.syncs.inc()
        had = packets[0].get("version") if packets and isinstance(packets[0], dict) else None
        if answer["ok"] and type(had) is int and had < answer["snapshot"]["version"]:
            metrics.gaps.inc()
        return answer

    return watched


def connected(auth: object) -> None:
    """A socket took a seat. A page that was connected before says which version it has."""
    metrics.connects.inc()
    had = auth.get("version") if isinstance(auth, dict) else None
    if type(had) is int and had >= 0:
        metrics.resumes.inc()


def _come_back_later() -> Answer:
    sentence = _("A moment: Intervise restarts. Your text is kept.")
    return {"ok": False, "code": "restarting", "message": sentence, "retryable": True}
