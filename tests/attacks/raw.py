"""A browser that keeps to no rules: frames of its own making on a real connection."""

import json
import time
from contextlib import suppress
from typing import Any

import websocket

PATIENCE_S = 10


class Raw:
    """A websocket to the server; `hello` says Socket.IO's greeting, as an honest page does."""

    def __init__(self, url: str, code: str = "", cookie: str = "", *, hello: bool = True, **headers: str) -> None:
        address = f"{url.replace('http', 'ws', 1)}/socket.io/?EIO=4&transport=websocket&room={code}"
        self.socket = websocket.create_connection(
            address, timeout=PATIENCE_S, origin=url, header={"Cookie": cookie} | headers if cookie else headers
        )
        self.read(until="0")
        if hello:
            self.send("40")
            self.answer = self.read(until="40")

    def send(self, text: str) -> None:
        self.socket.send(text)

    def event(self, *packet: Any, number: int = 1) -> Any:
        """Send an event as JSON and return its answer."""
        return self.event_in_json(json.dumps(packet), number)

    def event_in_json(self, text: str, number: int = 1) -> Any:
        self.send(f"42{number}{text}")
        answer = self.read(until=f"43{number}")
        return json.loads(answer[len(f"43{number}") :])[0]

    def read(self, until: str) -> str:
        """The next message that begins so."""
        before = time.monotonic() + PATIENCE_S
        while time.monotonic() < before:
            got = self.socket.recv()
            assert got != "", "the server has cut the line"
            if got == "2":
                self.send("3")
            if str(got).startswith(until):
                return str(got)
        raise AssertionError(f"nothing began with {until}")

    def is_cut(self) -> bool:
        """Whether the server ends the connection, waiting for it if need be."""
        before = time.monotonic() + PATIENCE_S
        while time.monotonic() < before:
            try:
                got, _ = self.socket.recv_data(control_frame=True)
            except (websocket.WebSocketTimeoutException, websocket.WebSocketProtocolException):
                return False  # it is silent, or says what is no frame, and stays
            except (OSError, websocket.WebSocketException):
                return True
            if got == websocket.ABNF.OPCODE_CLOSE:
                return True
        return False

    def close(self) -> None:
        with suppress(Exception):
            self.socket.shutdown()
