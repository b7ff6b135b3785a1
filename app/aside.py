"""Work that takes the processor for tens of milliseconds, done where it does not hold up everybody else."""

from collections.abc import Callable
from typing import TypeVar

from app.extensions import socketio

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """Do the work in a thread of the system under eventlet, where one such stretch would stop every session.

    There is no request and no app context in that thread; words must be translated before.
    """
    if socketio.async_mode != "eventlet":
        return work()
    from eventlet import tpool

    result: T = tpool.execute(work)
    return result
