"""Requests that come very slowly, or stop halfway, and lines that are shut on one side only: each costs itself only."""

import socket
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.attacks.conftest import Break, Connect
from tests.attacks.floods import handshake, is_open, knock, watching_healthz
from tests.attacks.pages import Page, account_of
from tests.conftest import Server
from tests.sessions.cast import Cast

SLOW = 200


def test_forms_that_are_sent_very_slowly_leave_the_others_alone(server: Server, connect: Connect, staged: Cast) -> None:
    head = (
        f"POST /sign-in HTTP/1.1\r\nHost: {urlsplit(server.url).netloc}\r\nContent-Length: 5000\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\na"  # what is no form is not waited for
    )
    mia = account_of(staged)
    with watching_healthz(server) as watch, ExitStack() as stack:
        there = []
        for _ in range(SLOW):
            there.append(stack.enter_context(knock(server)))
            there[-1].sendall(head.encode())
        watch.sees(10)
        assert connect("Cara").command("idea", text="In the middle of it")["ok"]
        Page(server).signs_in(mia)  # by the very form that the others do not finish
        for each in there:
            each.sendall(b"a")
        watch.sees(5)
        for each in there:
            each.setblocking(False)
            with pytest.raises(BlockingIOError):  # it is neither answered nor cut off: the server still reads
                each.recv(1)


@pytest.mark.parametrize("length", [1, 14, 60, -2], ids=["a letter", "half a line", "half a header", "all but the end"])
def test_requests_that_stop_halfway_leave_the_others_alone(server: Server, connect: Connect, length: int) -> None:
    """Half of them are shut on the side that sends as well, and those the server lets go: nothing more will come."""
    cara, carl = connect("Cara"), connect("Carl")
    with watching_healthz(server) as watch, ExitStack() as stack:
        there = []
        for number in range(SLOW):
            there.append(stack.enter_context(knock(server)))
            there[-1].sendall(handshake(server)[:length])
            if number % 2:
                there[-1].shutdown(socket.SHUT_WR)
        watch.sees(10)
        assert cara.command("idea", text="In the middle of it")["ok"]
        assert "In the middle of it" in {item["text"] for item in carl.next("patch")["items"].values()}
        for each in there[1::2]:
            while each.recv(4096):
                pass
        assert all(is_open(each) for each in there[::2])


def test_who_has_hung_up_on_one_side_is_seen_to_go(
    server: Server, broken: Break, connect: Connect, staged: Cast
) -> None:
    carl = connect("Carl")
    with watching_healthz(server):
        cara = broken("Cara")
        while staged.seats["Cara"] not in carl.next("presence")["online"]:
            pass
        assert cara.socket.sock
        cara.socket.sock.shutdown(socket.SHUT_WR)
        while staged.seats["Cara"] in carl.next("presence")["online"]:
            pass
        assert cara.is_cut()
