"""Connections that say nothing, or not who they are, cost nobody else: only so many may try, and not for long."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from app import gate
from app.sessions import presence
from tests.attacks.conftest import Break, Connect
from tests.attacks.floods import handshake, is_open, knock, watching_healthz
from tests.attacks.raw import Raw
from tests.conftest import Server
from tests.sessions.sockets import PATIENCE_S

SILENT = 2000


def test_the_ninth_tab_of_one_person_lets_the_first_one_go(connect: Connect) -> None:
    tabs = [connect("Cara") for _ in range(presence.MOST_SOCKETS + 1)]
    assert tabs[0].next("goodbye") == {"reason": "crowded"}
    assert tabs[0].is_cut_off()
    assert [tab.socket.connected for tab in tabs] == [False] + [True] * presence.MOST_SOCKETS


def test_who_says_no_hello_is_let_go(server: Server) -> None:
    silent = Raw(server.url, hello=False)
    assert silent.is_cut()
    silent.close()


def test_who_says_hello_again_and_again_is_let_go(broken: Break) -> None:
    cara = broken()
    cara.send("41")
    cara.send("40")
    cara.read(until="40")
    cara.send("41")
    cara.send("40")
    assert cara.is_cut()


def test_who_gives_their_seat_back_and_stays_is_let_go(broken: Break) -> None:
    cara, _carl = broken(), broken("Carl")  # whoever comes next is let in after a look at the strangers
    cara.send("41")
    assert cara.is_cut()


def test_the_watch_over_strangers_goes_on_after_an_error(caplog: pytest.LogCaptureFixture) -> None:
    sockets: dict[str, SimpleNamespace] = {}
    cut: list[str] = []
    seconds = iter(range(2))

    def fail() -> None:
        comes("Stella", lambda: cut.append("Stella"))
        raise OSError("gone already")

    def comes(name: str, goes: Callable[[], None]) -> None:
        sockets[name] = SimpleNamespace(cut=goes)
        strangers.here[name] = ("192.0.2.1", float("-inf"))

    def sleep(_seconds: float) -> None:
        if next(seconds, None) is None:
            raise KeyboardInterrupt

    strangers = gate.Strangers(watched_by(sleep, sockets))
    comes("Stan", fail)
    with pytest.raises(KeyboardInterrupt):
        strangers._watch()
    assert cut == ["Stella"]
    assert "could not be cut off" in caplog.text


def test_two_who_look_for_strangers_at_once_do_not_trip_over_each_other() -> None:
    class Sockets(dict[str, SimpleNamespace]):
        def __contains__(self, eio_sid: object) -> bool:
            strangers.here.pop(str(eio_sid), None)  # the other one was faster
            return False

    strangers = gate.Strangers(watched_by(lambda _seconds: None, Sockets()))
    strangers.here["Stan"] = ("192.0.2.1", 0.0)
    strangers._forget_the_known()
    assert strangers.here == {}


def watched_by(sleep: Callable[[float], None], sockets: dict[str, SimpleNamespace]) -> Any:
    """A server with these connections, none of which holds a seat."""
    manager = SimpleNamespace(sid_from_eio_sid=lambda _eio_sid, _namespace: None)
    eio = SimpleNamespace(handlers={"connect": None}, sockets=sockets)
    return SimpleNamespace(server=SimpleNamespace(eio=eio, manager=manager, sleep=sleep))


def test_only_so_many_may_try_at_once_and_an_honest_page_gets_in_soon(server: Server, connect: Connect) -> None:
    with watching_healthz(server), silent_sockets(server, gate.STRANGERS_PER_ADDRESS_MAX + 20) as statuses:
        assert statuses.count("101") == gate.STRANGERS_PER_ADDRESS_MAX
        assert set(statuses) == {"101", "401"}
        until = time.monotonic() + 20
        while True:
            with suppress(Exception):
                assert connect("Cara").command("idea", text="In, after all")["ok"]
                return
            assert time.monotonic() < until, "the silent ones are still there"


@contextmanager
def silent_sockets(server: Server, number: int) -> Iterator[list[str]]:
    """Connections that open a web socket and say nothing; their statuses."""
    with ExitStack() as stack:
        opened = []
        for _ in range(number):
            opened.append(stack.enter_context(knock(server)))
            opened[-1].sendall(handshake(server))
        yield [each.recv(64).split()[1].decode() for each in opened]


def test_two_thousand_silent_connections_leave_the_others_alone(server: Server, connect: Connect) -> None:
    cara, carl = connect("Cara"), connect("Carl")
    with watching_healthz(server) as watch, ExitStack() as stack:
        there = []
        for number in range(SILENT):
            each = stack.enter_context(knock(server))
            there.append(each)
            if number % 2:
                each.sendall(handshake(server))
        statuses = [each.recv(64).split()[1].decode() for each in there[1::2]]
        assert set(statuses) == {"101", "401"}
        let_in = [each for each, status in zip(there[1::2], statuses, strict=True) if status == "101"]
        assert len([each for each in let_in if is_open(each)]) <= gate.STRANGERS_PER_ADDRESS_MAX
        for number in range(15):
            said = f"In the middle of it, {number}"
            assert cara.command("idea", text=said)["ok"]
            assert said in {item["text"] for item in carl.next("patch")["items"].values()}
            assert requests.get(f"{server.url}/healthz", timeout=PATIENCE_S).status_code == 200  # who comes anew, too
            watch.sees(1)
        assert all(is_open(each) for each in there[::2])
