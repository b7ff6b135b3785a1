"""Who does not read what they are sent is cut off before much waits for them, and they alone."""

import re
import uuid
from collections.abc import Callable, Iterator

import pytest
import requests
from engineio import packet
from flask import Flask

from app import gate
from app.extensions import socketio
from tests.attacks.conftest import Connect
from tests.attacks.floods import fill_up, watching_healthz
from tests.attacks.raw import Raw
from tests.conftest import Server, start_server, stop_server
from tests.sessions.cast import Cast
from tests.sessions.sockets import PATIENCE_S, Person, cookie_of

TOKEN = "a-token-for-the-figures-of-this-server"
IDEAS, LENGTH = 500, 4000
"""Two million characters of words, so a whole state is just longer than all that may wait behind another one."""
FEW = 10
"""Messages: two whole states, and the small ones that come in between."""
MOVES = 24
"""From step to step; each is a whole state for everybody in the room, and all the ideas are Carl's own."""


@pytest.fixture(scope="module")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that tells its figures, and whose memory no other test has stretched."""
    running = start_server(tmp_path_factory.mktemp("deaf"), METRICS_TOKEN=TOKEN)
    yield running
    stop_server(running)


@pytest.fixture
def goes_deaf(server: Server, near: Flask, staged: Cast) -> Iterator[Callable[[], Raw]]:
    """Makes a device of Carl's, which takes its first state and never reads again."""
    opened: list[Raw] = []

    def goes_deaf() -> Raw:
        opened.append(Raw(server.url, staged.room().it.code, cookie_of(near, staged, "Carl")))
        return opened[-1]

    yield goes_deaf
    for each in opened:
        each.close()


def figure(server: Server, name: str) -> float:
    """One of the server's own figures, as it is now."""
    answer = requests.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, timeout=PATIENCE_S)
    found = re.search(rf"^{name} (\S+)$", answer.text, re.MULTILINE)
    assert found, answer.text
    return float(found[1])


def there_and_back(server: Server, mia: Person, moves: int) -> list[float]:
    """Leave the brainstorm and come back to it; each time, how many messages wait for the slowest reader."""
    waiting = []
    for number in range(moves):
        act, base = ("advance", "silent_brainstorm") if number % 2 else ("back", "brainstorm")
        assert mia.command(act, base=base)["ok"]
        waiting.append(figure(server, "intervise_sends_queued_most"))
        assert mia.next("snapshot")["session"]["step"] != base
    return waiting


def test_who_asks_and_does_not_read_the_answers_is_cut_off_before_much_waits_for_them(
    server: Server, staged: Cast, connect: Connect, goes_deaf: Callable[[], Raw]
) -> None:
    fill_up(staged, IDEAS, "w" * LENGTH)
    mia, deaf = connect("Mia"), goes_deaf()
    with watching_healthz(server) as watch:
        for number in range(60):
            deaf.send(f'42{number}["sync",{{"version":0}}]')
        watch.sees(10)
        # Without a bound the answers to all sixty would wait: twelve whole states, and forty-eight refusals.
        assert figure(server, "intervise_sends_queued_most") <= FEW
        assert mia.command("pause", base="brainstorm")["ok"]
    assert deaf.is_cut()
    assert mia.command("set_time", base="brainstorm", seconds=600)["ok"]


def test_who_does_not_read_is_cut_off_before_much_waits_for_them(
    server: Server, staged: Cast, connect: Connect, goes_deaf: Callable[[], Raw]
) -> None:
    fill_up(staged, IDEAS, "w" * LENGTH)
    mia = connect("Mia")
    there_and_back(server, mia, 6)  # the memory that the work itself takes
    before = figure(server, "process_resident_memory_bytes")
    deaf = goes_deaf()
    with watching_healthz(server):
        waiting = there_and_back(server, mia, MOVES)
    # Without a bound all of it would wait: fifty megabytes in two dozen messages.
    assert max(waiting) <= FEW
    assert figure(server, "process_resident_memory_bytes") - before < MOVES * IDEAS * LENGTH / 2
    assert deaf.is_cut()
    assert mia.command("set_time", base="brainstorm", seconds=600)["ok"]


class Written:
    """A queue and a wire that count, in place of a client."""

    def __init__(self) -> None:
        self.shut = False

    def shutdown(self, _how: int) -> None:
        self.shut = True


def test_what_waits_for_one_connection_is_bounded_in_number_and_in_length(app: Flask) -> None:
    for text, most in (("x", gate.WAITING_MAX), ("x" * 50_000, gate.WAITING_CHARS_MAX // 50_000)):
        slow = gate.BoundedSocket(socketio.server.eio, uuid.uuid4().hex)
        slow.wire = wire = Written()
        sent = 0
        while not slow.closed and sent < 10_000:
            slow.send(packet.Packet(packet.MESSAGE, data=text))
            sent += 1
        assert slow.closed
        assert wire.shut
        assert sent <= most + 3
        assert slow.queue.qsize() <= 1


def test_one_message_goes_through_however_long_it_is(app: Flask) -> None:
    slow = gate.BoundedSocket(socketio.server.eio, uuid.uuid4().hex)
    slow.send(packet.Packet(packet.MESSAGE, data="x" * 3 * gate.WAITING_CHARS_MAX))
    assert not slow.closed
