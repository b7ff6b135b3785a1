import http.client
import re
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.extensions import is_own_page
from app.server import listen
from tests.conftest import Server, start_server, stop_server
from tests.operations.test_backup import flask

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Extensions": "permessage-deflate",
}


@pytest.fixture(params=["eventlet", "threading"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    """A server in each of the two async modes."""
    running = start_server(tmp_path, ASYNC_MODE=request.param)
    yield running
    stop_server(running)


Ask = Callable[..., http.client.HTTPResponse]


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Ask a server for a web socket as a browser's page does; the connections stay open until the test is over."""
    opened: list[Any] = []

    def ask(server: Server, transport: str = "websocket", **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(server.url.removeprefix("http://"), timeout=10)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", f"/socket.io/?EIO=4&transport={transport}", headers=HANDSHAKE | named)
        opened.append(connection.getresponse())
        opened.append(connection)
        return opened[-2]

    yield ask
    for each in opened:
        each.close()


def test_it_ends_at_once_when_asked_to_even_with_a_room_full_of_people(either: Server, ask: Ask):
    people = [ask(either, Origin=either.url) for _ in range(3)]
    assert [person.status for person in people] == [101, 101, 101]
    either.process.terminate()
    assert either.process.wait(timeout=10) == 0
    assert not Path(either.database_url.removeprefix("sqlite:///") + "-wal").exists()


def test_a_first_start_in_production_says_how_to_get_a_link_and_its_log_holds_none(tmp_path: Path):
    settings = {
        "INTERVISE_ENV": "production",
        "PUBLIC_URL": "https://intervise.example.org",
        "SECRET_KEY": "in production: 0123456789 abcdefghij",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'first.db'}",
    }

    def asked_for_link() -> subprocess.CompletedProcess[str]:
        return flask("first-link", **settings, INSTANCE_FOLDER=str(tmp_path))

    too_early = asked_for_link()
    assert too_early.returncode == 1
    assert too_early.stderr.startswith("The database has no tables yet")
    running = start_server(tmp_path, **settings)
    stop_server(running)
    assert any("flask first-link" in line for line in running.lines)
    assert not any("/account/new/" in line for line in running.lines)
    assert asked_for_link().stdout.split()[-1].startswith("https://intervise.example.org/account/new/")


def test_pages_of_strangers_open_no_connection(either: Server, ask: Ask):
    assert ask(either, Origin="http://evil.example").status == 400
    assert ask(either, Origin="null").status == 400  # of a page in a sandbox, or in a file
    assert ask(either, Origin="null", X_Forwarded_Host="null").status == 400
    assert ask(either, Origin="http://evil.example", X_Forwarded_Host="evil.example").status == 400


def test_connections_are_never_compressed(either: Server, ask: Ask):
    assert ask(either, Origin=either.url).headers["Sec-WebSocket-Extensions"] is None


def test_polling_is_refused_unless_it_is_switched_on(either: Server, ask: Ask):
    assert ask(either, transport="polling", Origin=either.url).status == 400


@pytest.mark.parametrize(
    ("origin", "host", "public_url", "own"),
    [
        ("http://127.0.0.1:5000", "127.0.0.1:5000", "", True),
        ("http://192.168.1.7:5000", "192.168.1.7:5000", "", True),
        ("http://127.0.0.1:5001", "127.0.0.1:5000", "", False),
        ("null", "127.0.0.1:5000", "", False),
        ("", "", "", False),
        ("https://intervise.example.org", "internal:8000", "https://intervise.example.org", True),
        ("http://intervise.example.org", "intervise.example.org", "https://intervise.example.org", False),
        ("https://evil.example", "evil.example", "https://intervise.example.org", False),
    ],
)
def test_a_connection_comes_from_a_page_of_ours(origin: str, host: str, public_url: str, own: bool):
    assert is_own_page(origin, host, public_url) is own


def test_small_packets_do_not_wait_for_each_other():
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()) as _caller:
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1


def test_the_server_starts_again_on_the_port_it_had(tmp_path: Path, ask: Ask):
    first = start_server(tmp_path)
    ask(first, Origin=first.url)
    stop_server(first)
    again = start_server(tmp_path, PORT=re.sub(r".*:", "", first.url))
    stop_server(again)
    assert again.url == first.url


def test_a_port_in_use_ends_in_one_sentence(server: Server, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    (tmp_path / "another").mkdir()
    with pytest.raises(AssertionError, match="ended with 1"):
        start_server(tmp_path / "another", PORT=re.sub(r".*:", "", server.url))
    assert re.fullmatch(r"Port \d+ cannot be used \(.*\); choose another one with --port\.\n", capfd.readouterr().err)
