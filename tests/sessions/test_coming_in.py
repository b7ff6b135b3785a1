"""How people get into a room: a few at a time, and nobody stays who has gone meanwhile."""

import socket
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app import gate
from app.extensions import socketio
from app.places import Places
from app.sessions import live, presence, pulse, telling, view
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of

HELLO = "0"


class Line:
    """A connection without a network: what its browser sends is handled at once."""

    def __init__(self, app: Flask, cast: Cast, who: str) -> None:
        self.engine = socketio.server.eio
        self.sid = uuid.uuid4().hex
        self.socket = self.engine.sockets[self.sid] = gate.BoundedSocket(self.engine, self.sid)
        query = f"EIO=4&transport=websocket&room={cast.room().it.code}"
        cookie = cookie_of(app, cast, who)
        builder = {"path": "/socket.io/", "query_string": query, "headers": {"Cookie": cookie}}
        with app.test_request_context(**builder) as context:
            environ = dict(context.request.environ)
        environ["flask.app"] = app
        self.engine.handlers["connect"](self.sid, environ)

    def says(self, message: str) -> None:
        self.engine.handlers["message"](self.sid, message)

    def is_cut(self) -> None:
        self.socket.cut()
        self.engine.sockets.pop(self.sid, None)


@pytest.fixture
def cast(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Cast:
    presence.forget_everybody()
    monkeypatch.setattr(pulse, "start", lambda: None)
    return Cast().opened("Cara", "Carl")


def nobody_is_here(cast: Cast) -> bool:
    known = (socketio.server.manager.rooms.get("/") or {}).get(None) or {}
    return not presence.of(cast.room().it.id) and not known


def test_who_could_not_be_let_in_is_not_here_for_ever(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_seen: Any) -> view.View:
        raise OSError("the database is gone")

    monkeypatch.setattr(view, "snapshot", fail)
    cara = Line(app, cast, "Cara")
    cara.says(HELLO)
    assert cara.socket.closed
    assert nobody_is_here(cast)


def test_who_is_cut_off_while_they_are_let_in_is_not_here_for_ever(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cara = Line(app, cast, "Cara")
    snapshot = view.snapshot

    def cut_meanwhile(*seen: Any) -> view.View:
        cara.is_cut()
        return snapshot(*seen)

    monkeypatch.setattr(view, "snapshot", cut_meanwhile)
    cara.says(HELLO)
    assert nobody_is_here(cast)


def test_only_a_few_are_let_in_at_a_time_and_who_gave_up_meanwhile_costs_nothing(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_places", Places(1))
    served: list[str] = []
    waits = Line(app, cast, "Carl")
    late = threading.Thread(target=in_app(app, lambda: waits.says(HELLO)))

    def come_in(_auth: object) -> bool:
        served.append(live._sid())
        if len(served) == 1:
            late.start()
            late.join(0.2)
            assert late.is_alive()
            waits.is_cut()
        return True

    monkeypatch.setattr(live, "_come_in", come_in)
    Line(app, cast, "Cara").says(HELLO)
    late.join(10)
    assert not late.is_alive()
    assert len(served) == 1


def test_who_has_hung_up_is_noticed_before_anything_is_done_for_them(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    monkeypatch.setattr(live, "_come_in", served.append)
    cara = Line(app, cast, "Cara")
    near, far = socket.socketpair()
    cara.socket.wire = near
    with near:
        assert gate.is_there(cara.engine, cara.sid)
        far.close()
        cara.says(HELLO)
    assert served == []


def in_app(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def worked() -> None:
        with app.app_context():
            work()

    return worked


def test_of_many_who_come_together_everybody_hears_once(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    tasks: list[Callable[[], None]] = []
    monkeypatch.setattr(telling, "tell_presence", told.append)
    monkeypatch.setattr(socketio, "sleep", lambda _seconds: None)
    monkeypatch.setattr(socketio, "start_background_task", lambda work, *given: tasks.append(lambda: work(*given)))
    for _ in range(3):
        telling.tell_presence_soon(7)
    telling.tell_presence_soon(8)
    for task in tasks:
        task()
    assert told == [7, 8]
    telling.tell_presence_soon(7)
    tasks[-1]()
    assert told == [7, 8, 7]
