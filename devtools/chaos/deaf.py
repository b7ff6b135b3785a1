"""Devices that ask for much and never read: they cost themselves, and neither the others nor the server."""

import socket
import time
from contextlib import suppress
from typing import Any

import websocket

from devtools.chaos.crowd import Person
from devtools.chaos.trial import Trial

NOTES, NOTE_CHARS = 100, 4000
"""What makes somebody's state so big (400 kB) that it soon matters whether anybody reads it."""
ASKS = 60
"""So often at most a device asks for that state: once a second, in a long run less often."""
PULSED_S = 6.0
"""Within so long everybody has heard by the pulse what another process did."""


def non_readers(trial: Trial, times: int) -> None:
    """Some devices ask for the whole state of people with much of it, and never read what they are sent, for `times`
    seconds: each comes again as often as it is cut off. Before that the same room without them, to compare.
    """
    devices = [_DeafDevice(trial, client) for client in _some_of_each(trial, 10 if times > 60 else 6)]
    _write_many_notes(trial, [each.client for each in devices])
    calm_s = max(8, times / 10)
    trial.pause(calm_s, calm_s)
    before = _memory_mb(trial)
    began, every_s, turn_s = time.monotonic(), max(1, times / ASKS), 1 / len(devices)
    with trial.fault(f"{len(devices)} devices that do not read", calm_s=calm_s):
        while (passed := time.monotonic() - began) < times:
            for number, each in enumerate(devices):  # one after the other: asked all at once it would be another harm
                each.asks(1 + int(passed / every_s + number * turn_s))
                trial.pause(turn_s, turn_s)
    trial.figures["grown_mb"] = _memory_mb(trial) - before
    for each in devices:
        each.close()


def _some_of_each(trial: Trial, count: int) -> list[Person]:
    """So many people, as evenly from all rooms as can be."""
    in_turn = [person for people in zip(*trial.rooms.values(), strict=True) for person in people]
    return in_turn[:count]


def _write_many_notes(trial: Trial, people: list[Person]) -> None:
    """In another process, by which nobody is limited; everybody hears of it with the pulse."""
    trial.wait(lambda: all(person.state.step not in ("", "lobby") for person in people), "the sessions have begun")
    trial.act(False)
    with trial.stage.open():
        for person in people:
            for number in range(NOTES):
                trial.stage.does(person.who.session, person.who.seat, "note", text="A long note. " * (NOTE_CHARS // 13))
                if number % 10 == 9:
                    trial.pause(0.1, 0.1)  # whoever waits for SQLite's lock looks that often whether it is free
    trial.act(True)
    trial.pause(PULSED_S, PULSED_S)


def _memory_mb(trial: Trial) -> float:
    return sum(app.memory_mb() for app in trial.rig.apps)


class _DeafDevice:
    """A second device of somebody: a true websocket, on which nobody ever listens, and with hardly any room for what is
    not read.
    """

    def __init__(self, trial: Trial, client: Person) -> None:
        self.client = client
        self.asked = 0
        self.address = f"ws://127.0.0.1:{trial.rig.port}/socket.io/?EIO=4&transport=websocket&room={client.who.code}"
        self.how: dict[str, Any] = {"header": {"Cookie": client.who.cookie}, "origin": trial.rig.url, "timeout": 20}
        self.socket: Any = None

    def asks(self, times: int) -> None:
        """Ask for the whole state until that was done `times` times; connect before, if it is not connected."""
        if not self.socket or self._is_cut():
            self._connect()
        elif self.asked < times:
            self.asked += 1
            with suppress(OSError, websocket.WebSocketException):  # cut in this moment
                self.socket.send("3")  # the answer to a ping that nobody has read, to be kept for longer
                self.socket.send(f'42{self.asked}["sync",{{"version":-1}}]')

    def _connect(self) -> None:
        self.close()
        self.socket = websocket.create_connection(
            self.address, sockopt=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)], **self.how
        )
        self.socket.recv()
        self.socket.send("40{}")

    def _is_cut(self) -> bool:
        """Whether the server has let go. Nothing is read: only a reset, or a ping into the void, tells."""
        try:
            self.socket.sock.send(b"\x8a\x80\x00\x00\x00\x00")  # a pong that nobody has asked for
        except OSError:
            return True
        return False

    def close(self) -> None:
        if self.socket:
            self.socket.shutdown()
