"""Real sockets to a real server: each person of the cast with a connection of their own."""

import queue
import uuid
from typing import Any

import socketio
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

from app.sessions import seats
from app.sessions.models import Seat
from tests.sessions.cast import Cast
from tests.waiting import wait_for

PATIENCE_S = 10


class Person:
    """Somebody at a browser: sends commands, and keeps what the server sends."""

    def __init__(self, url: str, code: str, cookie: str, *, origin: str | None = None, auth: Any = None) -> None:
        self.inbox: dict[str, queue.Queue[Any]] = {
            event: queue.Queue() for event in ("snapshot", "patch", "pulse", "presence", "goodbye")
        }
        self.socket = socketio.Client(reconnection=False, websocket_extra_options={"suppress_origin": True})
        for event, received in self.inbox.items():
            self.socket.on(event, received.put)
        headers = {"Cookie": cookie, "Origin": origin or url}
        self.socket.connect(
            f"{url}?room={code}", headers=headers, auth=auth, transports=["websocket"], wait_timeout=PATIENCE_S
        )

    def next(self, event: str) -> Any:
        """The next message of this kind, waiting for it if need be."""
        return self.inbox[event].get(timeout=PATIENCE_S)

    def send(self, event: str, *packet: Any) -> Any:
        """Send a packet and wait for its answer."""
        return self.socket.call(event, packet[0] if len(packet) == 1 else packet or None, timeout=PATIENCE_S)

    def command(self, act: str, base: str | None = None, **data: Any) -> Any:
        fields = {name.rstrip("_"): value for name, value in data.items()}
        return self.send("command", {"id": str(uuid.uuid4()), "name": act, "base": base, "data": fields})

    def is_cut_off(self) -> bool:
        """Sooner or later: by the pulse, if by nothing before it."""
        wait_for(lambda: not self.socket.connected)
        return True

    def leave(self) -> None:
        self.socket.disconnect()


def cookie_of(app: Flask, cast: Cast, who: str) -> str:
    """The cookie that this person's browser holds."""
    with app.test_request_context() as context:
        room = cast.room()
        seat = room.seat(cast.seats[who])
        assert isinstance(seat, Seat)
        seats.hold(seat)
        serializer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert serializer
        return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps(dict(context.session or {}))}"
