"""The browsers of the machine in test_machine.py, and the network between them and the app.

The app's own telling, presence and coming in are at work; only Socket.IO is not there. What it would carry waits in
each browser's line, until that brings it: in order, or as bad lines do, some of it twice, some never, the last first.
"""

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import Any
from unittest import mock

import orjson
from flask import current_app, request
from flask_socketio import ConnectionRefusedError

from app import gate
from app.extensions import socketio
from app.sessions import live, presence, pulse, view
from app.sessions.access import Reader
from app.sessions.commands.kept import kept
from tests.sessions.cast import Cast


class Browser:
    """A page of the room: what store.js and socket.js make of what they are sent."""

    def __init__(self, seat_id: str, cookie: str) -> None:
        self.seat_id = seat_id
        self.cookie = cookie
        self.view: view.View = {"version": -1}
        self.online: set[str] = set()
        self.goodbye = ""
        self.sid: str | None = None
        self.line_is_bad = False
        self.under_way: list[tuple[str, Any]] = []
        self.misses_something = False

    @property
    def is_live(self) -> bool:
        return self.sid is not None

    def hear(self, event: str, data: Any) -> None:
        if event == "snapshot" and data["version"] >= self.view["version"]:
            self.view = data
        elif event == "patch" and data["version"] > self.view["version"]:
            if data["version"] == self.view["version"] + 1:
                self.view = merge(self.view, data)
            else:
                self.misses_something = True
        elif event == "pulse" and data["version"] > self.view["version"]:
            self.misses_something = True
        elif event == "presence":
            self.online = set(data["online"])
        elif event == "goodbye":
            self.goodbye = data["reason"]


def merge(old: view.View, patch: view.View) -> view.View:
    """What store.js does with a patch that fits."""
    new = {**old, **{key: value for key, value in patch.items() if key not in ("people", "items")}}
    for key in ("people", "items"):
        gone = {id_ for id_, value in patch.get(key, {}).items() if value is None}
        assert gone <= old[key].keys(), "what was never shown is not taken away either: that would tell of it"
        merged = {**old[key], **patch.get(key, {})}
        new[key] = {id_: value for id_, value in merged.items() if value is not None}
    return new


class Network:
    """In the place of Socket.IO. Nothing arrives while a command is under way, and nobody sleeps."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.code = cast.room().it.code
        self.lines: dict[str, Browser] = {}
        self.cut_off: list[Browser] = []
        self.soon: list[Callable[[], None]] = []
        self.astray: list[str] = []
        self.connected = 0
        server = mock.Mock(**{"disconnect.side_effect": self._cut})
        self._ending = ExitStack()
        for where, name, instead in (
            (socketio, "server", server),
            (socketio, "emit", self._emit),
            (socketio, "sleep", lambda _seconds: None),
            (socketio, "start_background_task", lambda what, *args: self.soon.append(partial(what, *args))),
            (live, "now", lambda: cast.now),
            (gate, "is_there", lambda *_anything: True),
            (pulse, "start", lambda: None),  # it beats when the machine says so
        ):
            self._ending.enter_context(mock.patch.object(where, name, instead))

    def end(self) -> None:
        presence.forget_everybody()
        self._ending.close()

    def connect(self, browser: Browser) -> bool:
        """Through the app's own door, with the cookie that this browser holds; False if it stays shut."""
        self.connected += 1
        sid = f"line {self.connected} of {self.cast.id}"
        self.lines[sid] = browser
        # Whatever it had: the first snapshot counts.
        browser.sid, browser.view, browser.goodbye = sid, {"version": -1}, ""
        browser.line_is_bad, browser.misses_something, browser.under_way = False, False, []
        with current_app.test_request_context(f"/?room={self.code}", headers={"Cookie": browser.cookie}):
            request.sid = sid  # type: ignore[attr-defined]
            try:
                refused = live.on_connect() is False
            except ConnectionRefusedError:  # with a reason
                refused = True
        if refused:
            self._cut(sid)
        self.deliver()
        return not refused

    def leave(self, browser: Browser) -> None:
        """The tab is closed, or the line is cut at that end."""
        assert browser.sid
        with current_app.test_request_context():
            request.sid = browser.sid  # type: ignore[attr-defined]
            live.on_disconnect("transport close")
        self.deliver()

    def deliver(self) -> None:
        """Whatever waits in good lines arrives, and what the app does a moment later is done."""
        while self.soon:
            self.soon.pop(0)()
        for browser in (*self.lines.values(), *self.cut_off):
            while browser.under_way and not browser.line_is_bad:
                browser.hear(*browser.under_way.pop(0))
        self.cut_off.clear()

    def catch_up(self, browser: Browser) -> None:
        """Who misses something asks for the whole state; the line brings that, and what is still under way later."""
        if browser.misses_something and browser.is_live:
            browser.misses_something = False
            room = self.cast.room()
            seat = room.seat(browser.seat_id)
            assert seat, "who has no seat is cut off, and asks for nothing"
            browser.hear("snapshot", on_the_wire(view.snapshot(room, Reader(seat), self.cast.now)))

    def beat(self) -> None:
        """The pulse comes through even where news does not; whoever is behind hears of it."""
        pulse.pulse_once(self.cast.id % pulse.BEATS)
        for browser in [*self.lines.values()]:
            pulses = [message for message in browser.under_way if message[0] == "pulse"]
            browser.under_way = [message for message in browser.under_way if message[0] != "pulse"]
            for message in pulses:
                browser.hear(*message)
            self.catch_up(browser)
        self.deliver()

    def restart(self) -> list[Browser]:
        """The process dies, and another one begins: nothing that was in memory is there, and nobody is connected.
        Returns those who were.
        """
        connected = [*self.lines.values()]
        kept().drop(self.cast.id)
        presence.forget_everybody()
        self.soon.clear()
        for sid, browser in [*self.lines.items()]:
            browser.line_is_bad = True  # whatever was under way is lost
            self._cut(sid)
        return connected

    def _emit(self, event: str, data: Any, to: str | list[str]) -> None:
        for sid in [to] if isinstance(to, str) else to:
            if sid in self.lines:
                self.lines[sid].under_way.append((event, on_the_wire(data)))
            else:
                self.astray.append(event)

    def _cut(self, sid: str, namespace: str = "/") -> None:
        """What went before still arrives, but on a bad line."""
        browser = self.lines.pop(sid, None)
        if browser:
            browser.sid = None
            if browser.line_is_bad:
                browser.under_way = []
            self.cut_off.append(browser)


def on_the_wire(data: Any) -> Any:
    return orjson.loads(orjson.dumps(data))
