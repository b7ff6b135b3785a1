"""The end, on SIGTERM and Ctrl-C: nothing new is begun, what runs is finished, every browser is told, and the sockets
are closed so that browsers come back by themselves.
"""

import logging
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from types import FrameType

from sqlalchemy import Engine

from app.extensions import socketio
from app.operations import work
from app.sessions import presence

log = logging.getLogger(__name__)

FINISH_S = 10
"""What is under way may take this long."""

SEND_S = 2
"""And this long may the last messages take; who reads too slowly notices by the closed socket."""

SPREAD_MAX_S = 5.0
SPREAD_PER_SOCKET_S = 0.01
"""A hundred browsers a second come back without anybody noticing."""


def end_cleanly(engine: Engine) -> None:
    """End in an orderly way on the first signal, and at once on the second. Call it when the server can listen."""
    # A signal may come while the hub of eventlet waits in the system, where nothing can be done: it rings a bell
    # that a task of its own listens for, and that works in threads as well.
    ear, bell = socket.socketpair()
    socketio.start_background_task(_end, ear, engine)

    def ring(_signal: int, _frame: FrameType | None) -> None:
        if work.is_ending():
            os._exit(1)
        work.begin_to_end()
        bell.send(b"!")

    signal.signal(signal.SIGTERM, ring)
    signal.signal(signal.SIGINT, ring)


def _end(ear: socket.socket, engine: Engine) -> None:
    ear.recv(1)
    try:
        if not _wait_until(lambda: work.running() == 0, FINISH_S):
            log.warning("ended while something was still under way")
        tell_everybody()
        close_sockets()
        engine.dispose()  # lets SQLite fold its journal into the file
    except Exception:
        log.exception("the end was not as it should be")
    with suppress(Exception):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(0)  # eventlet's server would wait for every open connection


def tell_everybody() -> None:
    """Every browser hears that the server restarts, and after how many milliseconds to come back."""
    here = list(presence.connections)
    spread_s = min(SPREAD_MAX_S, SPREAD_PER_SOCKET_S * len(here))
    for sid in here:
        wait_ms = round(random.uniform(0, spread_s) * 1000)  # noqa: S311 — no secret
        with suppress(Exception):
            # ignore_queue: each process tells its own browsers, and needs no Redis for that.
            socketio.emit("restarting", {"in_ms": wait_ms}, to=sid, ignore_queue=True)


def close_sockets() -> None:
    """Close the transports, after what is queued has been sent. A Socket.IO disconnect would keep browsers away."""
    presence.forget_everybody()  # nobody is left whom the going of the others would be told
    sockets = list(socketio.server.eio.sockets.values())
    for each in sockets:
        with suppress(Exception):
            each.close(wait=False, abort=True)
    _wait_until(lambda: all(each.queue.empty() for each in sockets), SEND_S)
    if sockets:
        socketio.sleep(0.1)  # the last messages are on their way from the queues into the system


def _wait_until(is_so: Callable[[], bool], seconds: float) -> bool:
    until = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > until:
            return False
        socketio.sleep(0.02)
    return True
