"""One of two processes ends, and whoever only looks, or comes in, is served by the other one without a word of it."""

import http.client
import signal
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
import requests

from devtools.rig.app import App
from tests.deploy.conftest import Installation
from tests.waiting import wait_for

TRIES = 8
"""About half of them come to the one that ends."""


@pytest.fixture
def ending(installation: Installation) -> Iterator[App]:
    """A process that has been told to end, and has to wait for somebody who sends a form."""
    app = installation.apps[0]
    with socket.create_connection(("127.0.0.1", app.port), timeout=20) as slow:
        slow.sendall(
            f"POST /join HTTP/1.1\r\nHost: 127.0.0.1:{app.port}\r\nExpect: 100-continue\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\n".encode()
        )
        assert b" 100 " in slow.recv(1000), "the form is under way"
        app.program.send(signal.SIGTERM)
        wait_for(lambda: requests.get(f"{app.url}/readyz", timeout=10).status_code == 503)
        yield app
    app.program.stop()
    app.start()


def test_pages_and_sockets_go_to_the_other_process_and_a_form_is_not_sent_twice(
    installation: Installation, ending: App
):
    for path in ("/join", "/readyz"):
        assert requests.get(f"{ending.url}{path}", timeout=10).status_code == 503, "its own answer, past nginx"
    with requests.Session() as browser:
        browser.trust_env = False  # a machine may name other certificates there, and they would count
        browser.verify = str(installation.certificate)
        sent = {browser.post(f"{installation.url}/join", timeout=10).status_code for _ in range(TRIES)}
        assert sent == {400, 503}, "by the one for want of a token, by the other because it ends"
        asked = [browser.get(f"{installation.url}{path}", timeout=10) for path in ("/join", "/readyz") * TRIES]
        assert {answer.status_code for answer in asked} == {200}
    assert {shake_hands(installation, f"ROOM{number}") for number in range(TRIES)} == {101}


def shake_hands(installation: Installation, room: str) -> int:
    """Ask for a web socket; the status of the answer."""
    at = urlsplit(installation.url)
    trust = ssl.create_default_context(cafile=str(installation.certificate))
    connection = http.client.HTTPSConnection(at.hostname or "", at.port, context=trust, timeout=10)
    headers = {"Upgrade": "websocket", "Connection": "Upgrade", "Origin": installation.url}
    key = {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    address = f"/socket.io/?EIO=4&transport=websocket&room={room}"
    try:
        connection.request("GET", address, headers=headers | key)
        return connection.getresponse().status
    finally:
        connection.close()
