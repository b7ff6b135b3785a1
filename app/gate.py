"""Bounds on what Engine.IO takes from a connection and keeps for it, below everything that knows of sessions.

Whoever has not said who they are may not stay, and only so many may try at once; a message has a longest length, in all
its fragments together; and for somebody who does not read, only so much is kept. Each costs themselves only.
"""

import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address
from typing import Any

import engineio.socket
from flask_socketio import SocketIO

log = logging.getLogger(__name__)

BINARY = ("5", "6")
"""Socket.IO's packets that announce attachments."""

CONNECT = "0"
HELLOS_MAX = 2
"""Socket.IO's CONNECTs on one connection, each with a whole state for its answer. An honest page sends one, and opens a
new connection when it was let go."""

HELLO_S = 5
"""So long may a connection be without a seat; an honest page needs a few round trips to name one, and goes with it."""

STRANGERS_MAX = 1000
STRANGERS_PER_ADDRESS_MAX = 400
"""Connections without a seat. An office that comes back all at once is a few hundred."""

WAITING_MAX = 300
WAITING_CHARS_MAX = 2_000_000
"""What may wait to be sent to one connection: more than a page needs to catch up, which it does by one whole state."""


def guard(socketio: SocketIO, packet_bytes_max: int) -> None:
    """Put the bounds on; call it once Socket.IO has its server."""
    engine = socketio.server.eio
    engineio.socket.Socket = BoundedSocket
    engine._async = engine._async | {"websocket": _websocket(engine.async_mode, packet_bytes_max)}
    strangers = Strangers(socketio)
    engine.on("connect", strangers.arrive)
    socketio.server.manager.disconnect = strangers.watching(socketio.server.manager.disconnect)
    engine.on("message", _hear(engine, engine.handlers["message"]))


def is_there(engine: Any, eio_sid: str | None) -> bool:
    """Whether this connection has neither gone nor been cut off yet."""
    found = engine.sockets.get(eio_sid)
    return found is not None and not found.closing and not _has_hung_up(found.wire)


def cut(engine: Any, eio_sid: str | None) -> None:
    """Let a connection go, if it is there: its page tries again."""
    if found := engine.sockets.get(eio_sid):
        found.cut()


def _has_hung_up(wire: Any) -> bool:
    """Whether the other side has closed its end. While a message is handled nobody reads there, and notices."""
    plain = getattr(wire, "fd", wire)  # eventlet's own would wait
    if not hasattr(socket, "MSG_DONTWAIT"):
        return False  # on Windows nobody can look without waiting
    try:
        return plain is not None and plain.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


def _hear(engine: Any, handle: Callable[[str, Any], None]) -> Callable[[str, Any], None]:
    """Handle messages; one that is none ends its connection, so that each costs whoever sends it a new one."""

    def hear(eio_sid: str, message: Any) -> None:
        try:
            if not isinstance(message, str) or message[:1] in BINARY:
                raise ValueError("nothing here is binary")
            if message[:1] == CONNECT:
                engine.sockets[eio_sid].count_hello()
            handle(eio_sid, message)
        except Exception:
            log.exception("a message ended its connection")
            if sender := engine.sockets.get(eio_sid):
                sender.cut()

    return hear


class Strangers:
    """Connections that have not named a seat yet, or hold none any more: eio_sid → (household, since when)."""

    def __init__(self, socketio: SocketIO) -> None:
        self.server = socketio.server
        self.let_in = self.server.eio.handlers["connect"]
        self.here: dict[str, tuple[str, float]] = {}
        self.watched = False
        self._lock = threading.Lock()

    def arrive(self, eio_sid: str, environ: dict[str, Any]) -> bool | None:
        """Let a connection try, or refuse it with 401: the browser tries again a little later."""
        address = _address(environ)
        with self._lock:
            self._forget_the_known()
            per_address = Counter(address for address, _ in self.here.values())
            if len(self.here) >= STRANGERS_MAX or per_address[address] >= STRANGERS_PER_ADDRESS_MAX:
                return False
            self.here[eio_sid] = (address, time.monotonic())
            starts, self.watched = not self.watched, True
        if starts:
            self.server.start_background_task(self._watch)
        self.let_in(eio_sid, environ)
        return None

    def watching(self, disconnect: Callable[..., None]) -> Callable[..., None]:
        """Socket.IO's `disconnect`, after which whoever does not go is a stranger again."""

        def watched(sid: str, namespace: str, **options: Any) -> None:
            eio_sid = self.server.manager.eio_sid_from_sid(sid, namespace)
            disconnect(sid, namespace, **options)
            stays = self.server.eio.sockets.get(eio_sid)
            if stays and not stays.closing:
                with self._lock:
                    self.here.setdefault(eio_sid, (_address(self.server.environ.get(eio_sid, {})), time.monotonic()))

        return watched

    def _forget_the_known(self) -> None:
        for eio_sid in list(self.here):
            if eio_sid not in self.server.eio.sockets or self.server.manager.sid_from_eio_sid(eio_sid, "/"):
                self.here.pop(eio_sid, None)

    def _watch(self) -> None:
        while True:
            self.server.sleep(1)
            try:
                self.cut_the_silent()
            except Exception:
                log.exception("who is silent could not be cut off this time")

    def cut_the_silent(self) -> None:
        """Let go whoever has held no seat for too long."""
        with self._lock:
            self._forget_the_known()
            too_long = [eio_sid for eio_sid, (_, since) in self.here.items() if time.monotonic() - since > HELLO_S]
            for eio_sid in too_long:
                self.here.pop(eio_sid, None)
        for eio_sid in too_long:
            if silent := self.server.eio.sockets.get(eio_sid):
                silent.cut()


def _address(environ: dict[str, Any]) -> str:
    return household(environ.get("REMOTE_ADDR", ""))


def household(address: str) -> str:
    """An IP address as it is counted; of IPv6 the /64, which is what one household gets."""
    try:
        given = ip_address(address)
    except ValueError:
        return "unknown"
    return str(IPv6Address(int(given) >> 64 << 64)) if isinstance(given, IPv6Address) else str(given)


class BoundedSocket(engineio.socket.Socket):
    """An Engine.IO socket that keeps only so much for somebody who does not read."""

    def __init__(self, server: Any, sid: str) -> None:
        super().__init__(server, sid)
        self.waiting_chars = 0
        self.hellos = 0
        self.wire: Any = None

    def _websocket_handler(self, ws: Any) -> Any:
        self.wire = getattr(ws, "socket", None) or ws.ws.sock
        try:
            return super()._websocket_handler(ws)
        except Exception:  # what came was no packet, and the library has not closed the socket
            log.exception("a message ended its connection")
            self.cut()
            return []

    def send(self, pkt: Any) -> None:
        if self._waits_too_much() and not self.closing:
            self.cut()
            return
        self.waiting_chars += _length(pkt)
        super().send(pkt)

    def _waits_too_much(self) -> bool:
        """One message is always taken, however long, and counts for none that follows: the state of a big session is
        one, and the next word in the room comes right behind it.
        """
        if self.queue.qsize() > WAITING_MAX:
            return True
        if self.waiting_chars <= WAITING_CHARS_MAX:
            return False
        return self.waiting_chars - max(map(_length, tuple(self.queue.queue)), default=0) > WAITING_CHARS_MAX

    def poll(self) -> Any:
        packets = super().poll()
        self.waiting_chars -= sum(map(_length, packets))
        return packets

    def count_hello(self) -> None:
        self.hellos += 1
        if self.hellos > HELLOS_MAX:
            raise ValueError("one hello is enough")

    def cut(self) -> None:
        """Let go at once: nothing more is said, for nobody listens."""
        while not self.queue.empty():
            with suppress(self.server.get_queue_empty_exception()):
                self.queue.get(block=False)
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_ERROR)
        if self.wire is not None:
            with suppress(OSError):
                self.wire.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for it, in reading or in writing


def _length(pkt: Any) -> int:
    data = getattr(pkt, "data", None)  # None stands for the end
    return len(data) if isinstance(data, str | bytes) else 0


def unmask(data: bytes, mask: tuple[int, ...], length: int | None = None, offset: int = 0) -> bytes:
    """`data` without (or with) its mask of four bytes (RFC 6455); `offset`: where in the message it stands."""
    length = len(data) if length is None else length
    turned = bytes(mask[offset % 4 :] + mask[: offset % 4])
    key = (turned * (length // 4 + 1))[:length]
    return (int.from_bytes(data[:length], "big") ^ int.from_bytes(key, "big")).to_bytes(length, "big")


def _websocket(async_mode: str, packet_bytes_max: int) -> Any:
    """The websocket of this mode, with a bound on whole messages: its own is on single frames, or missing."""
    if async_mode != "eventlet":
        from functools import partial

        from engineio.async_drivers._websocket_wsgi import SimpleWebSocketWSGI

        return partial(SimpleWebSocketWSGI, max_message_size=packet_bytes_max)
    from engineio.async_drivers.eventlet import WebSocketWSGI
    from eventlet.websocket import FailedConnectionError, RFC6455WebSocket

    class Message(RFC6455WebSocket.Message):
        held = 0

        def push(self, data: bytes, final: bool = False) -> None:
            self.held += max(1, len(data))  # empty fragments without end are kept too
            if self.held > self.max_frame_length:
                raise FailedConnectionError(1009, "That message is too long.")
            super().push(data, final)

    class WebSocket(WebSocketWSGI):
        def __init__(self, handler: Any, server: Any) -> None:
            super().__init__(handler, server)
            self.support_legacy_versions = False  # the drafts of before 2011 know no bound at all

    RFC6455WebSocket.Message = Message
    RFC6455WebSocket._apply_mask = staticmethod(unmask)  # its own takes a byte at a time, and a fifth of a millisecond
    return WebSocket
