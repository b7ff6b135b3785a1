"""The gate: a long message harms nobody, and what is no packet ends its connection."""

import uuid
from typing import Any

import pytest
from engineio import packet
from flask import Flask

from app import gate
from app.extensions import socketio


class Wire:
    """A web socket that brings these messages, and its own end."""

    def __init__(self, *messages: str) -> None:
        self.messages = list(messages)
        self.socket = self
        self.shut = False

    def settimeout(self, _seconds: float) -> None:
        pass

    def wait(self) -> str | None:
        return self.messages.pop(0) if self.messages else None

    def send(self, _message: str) -> None:
        pass

    def close(self) -> None:
        pass

    def shutdown(self, _how: int) -> None:
        self.shut = True


@pytest.fixture
def slow(app: Flask) -> gate.BoundedSocket:
    """The connection of somebody who does not read."""
    return gate.BoundedSocket(socketio.server.eio, uuid.uuid4().hex)


def send(socket: gate.BoundedSocket, text: str) -> None:
    socket.send(packet.Packet(packet.MESSAGE, data=text))


def test_what_follows_a_long_message_at_once_cuts_nobody_off(slow: gate.BoundedSocket) -> None:
    send(slow, "x" * 3 * gate.WAITING_CHARS_MAX)
    for _ in range(10):
        send(slow, "a patch")
    assert not slow.closed


def test_beside_the_long_message_no_more_waits_than_beside_none(slow: gate.BoundedSocket) -> None:
    send(slow, "x" * 3 * gate.WAITING_CHARS_MAX)
    sent = 0
    while not slow.closed and sent < 1000:
        send(slow, "x" * 50_000)
        sent += 1
    assert slow.closed
    assert sent <= gate.WAITING_CHARS_MAX // 50_000 + 3


def test_of_long_messages_only_one_is_free(slow: gate.BoundedSocket) -> None:
    sent = 0
    while not slow.closed and sent < 10:
        send(slow, "x" * 3 * gate.WAITING_CHARS_MAX)
        sent += 1
    assert sent == 3


@pytest.mark.parametrize("message", ["x", ""])
def test_what_is_no_packet_ends_its_connection(app: Flask, monkeypatch: pytest.MonkeyPatch, message: str) -> None:
    gone: list[Any] = []
    engine = socketio.server.eio
    monkeypatch.setitem(engine.handlers, "disconnect", lambda *told: gone.append(told[0]))
    stan, wire = gate.BoundedSocket(engine, uuid.uuid4().hex), Wire(message)
    stan._websocket_handler(wire)
    assert stan.closed
    assert wire.shut
    assert gone == [stan.sid]
