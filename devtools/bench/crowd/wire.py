"""One web socket that speaks just enough: frames by RFC 6455, packets by Engine.IO 4 and Socket.IO 5."""

import asyncio
import base64
import os
from collections.abc import Callable

TEXT, CLOSE = 0x81, 0x88
NO_MASK = b"\0\0\0\0"
"""A mask has to be there; with this one there is nothing left to do. The server unmasks it as any other."""


class Wire(asyncio.Protocol):
    """`heard` gets every text message; `ended` is called once, when the connection is gone."""

    def __init__(self, request: bytes, heard: Callable[[bytes], None], ended: Callable[[], None]) -> None:
        self.request = request
        self.heard = heard
        self.ended = ended
        self.open = False
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error: Exception | None) -> None:
        self.ended()

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        at = 0 if self.open else self._upgraded(data)
        while True:
            start, end = _payload(data, at)
            if end > len(data) or start == 0:
                break
            if data[at] == TEXT:
                self.heard(data[start:end])
            elif data[at] == CLOSE:
                self.close()
            at = end
        self.buffer = data[at:]

    def _upgraded(self, data: bytes) -> int:
        """Where the first frame begins; the end of what is there, unless the server has agreed."""
        end = data.find(b"\r\n\r\n")
        if end < 0:
            return 0
        if b" 101 " not in data[:20]:
            self.close()
            return len(data)
        self.open = True
        return end + 4

    def say(self, text: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            self.transport.write(_frame(text))

    def close(self) -> None:
        if self.transport:
            self.transport.abort()


def _payload(data: bytes, at: int) -> tuple[int, int]:
    """Where the payload of the frame at `at` begins and ends; (0, …) if that cannot be known yet. Never masked."""
    if not (data[at:] and len(data) >= at + 2) or data[at : at + 4] == b"HTTP":
        return 0, 0
    length, start = data[at + 1], at + 2
    if length == 126:
        length, start = int.from_bytes(data[start : start + 2], "big"), start + 2
    elif length == 127:
        length, start = int.from_bytes(data[start : start + 8], "big"), start + 8
    return (start, start + length) if len(data) >= start else (0, 0)


def _frame(text: bytes) -> bytes:
    length = len(text)
    if length < 126:
        return bytes((TEXT, 0x80 | length)) + NO_MASK + text
    return bytes((TEXT, 0x80 | 126)) + length.to_bytes(2, "big") + NO_MASK + text


def request(host: str, origin: str, code: str, cookie: str) -> bytes:
    """The request that opens a web socket for somebody in the session `code`."""
    key = base64.b64encode(os.urandom(16)).decode()
    lines = [
        f"GET /socket.io/?room={code}&EIO=4&transport=websocket HTTP/1.1", f"Host: {host}", f"Origin: {origin}",
        "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
        *([f"Cookie: {cookie}"] if cookie else []), "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()
