"""What the floods have in common: sockets that are opened and left, a session full of words, and somebody who asks all
the while whether the server is alive.
"""

import math
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import requests
from sqlalchemy import insert

from app.extensions import db
from app.sessions.models import Contribution
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import PATIENCE_S

HANDSHAKE = (
    "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}\r\nOrigin: {url}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)

PROMISED_S, LONGEST_S = 1.0, 3.0
"""How soon `/healthz` answers, whatever anybody sends: within a second. The machine that runs the tests does something
else as well, and takes the processor away when it likes; so one answer may be late, by what is still no standstill. A
server that a flood holds up is late more than once, for one question follows the other for as long as the flood lasts.
"""
PAUSE_S = 0.02
"""Between an answer and the next question, lest the questions are a flood of their own."""


class Watch:
    """Asks for `/healthz` again and again, on a connection of its own that stays open: while thousands of connections
    are opened in a moment, the system itself lets a new one wait for a second or three, whatever the server does.
    """

    def __init__(self, server: Server) -> None:
        self.address = f"{server.url}/healthz"
        self.took_s: list[float] = []
        self.came = threading.Condition()
        self.over = threading.Event()
        self.line = requests.Session()
        self.thread = threading.Thread(target=self._ask_on)

    def sees(self, answers: int) -> None:
        """Stay until so many more answers have come, be they good or bad: the flood goes on for as long."""
        with self.came:
            enough = len(self.took_s) + answers
            assert self.came.wait_for(lambda: len(self.took_s) >= enough, timeout=answers * 2 * PATIENCE_S)

    def _ask_on(self) -> None:
        while not self.over.wait(PAUSE_S):
            took_s = self._ask()
            with self.came:
                self.took_s.append(took_s)
                self.came.notify_all()

    def _ask(self) -> float:
        """Seconds until the answer; without a good one, endless."""
        began = time.perf_counter()
        try:
            answer = self.line.get(self.address, timeout=PATIENCE_S)
        except requests.RequestException:
            return math.inf
        return time.perf_counter() - began if answer.status_code == 200 else math.inf


@contextmanager
def watching_healthz(server: Server) -> Iterator[Watch]:
    """Whatever happens meanwhile: every answer comes, and comes in time."""
    watch = Watch(server)
    watch.thread.start()
    try:
        watch.sees(1)
        yield watch
        watch.sees(1)
    finally:
        watch.over.set()
        watch.thread.join()
        watch.line.close()
    slowest = sorted(watch.took_s, reverse=True)
    assert slowest[0] <= LONGEST_S, slowest[:5]
    assert len([each for each in slowest if each > PROMISED_S]) <= 1, slowest[:5]


def knock(server: Server) -> socket.socket:
    """A connection on which nothing has been said yet."""
    parts = urlsplit(server.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S)


def handshake(server: Server) -> bytes:
    """What a page sends to open a web socket."""
    return HANDSHAKE.format(host=urlsplit(server.url).netloc, url=server.url).encode()


def is_open(silent: socket.socket) -> bool:
    """Whether the server holds this connection still, whatever it has said on it."""
    silent.setblocking(False)
    with suppress(BlockingIOError):
        while silent.recv(4096):
            pass
        return False
    return True


def fill_up(cast: Cast, number: int, text: str) -> None:
    """Let Carl have had so many more ideas."""
    it = cast.room().it
    rows = [
        {"id": f"{it.id}-{place}", "intervision_id": it.id, "kind": "idea", "place": place, "text": text}
        | {"data": {}, "seat_id": cast.seats["Carl"], "aloud": False, "erased": False}
        for place in range(number)
    ]
    db.session.rollback()
    db.session.execute(insert(Contribution), rows)
    db.session.commit()
