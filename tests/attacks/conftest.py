"""A server for all attacks, a session with its cast on it, honest people and others."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app import create_app
from app.database import migrate
from app.extensions import db
from tests.attacks.raw import Raw
from tests.conftest import Server, start_server, stop_server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of

Connect = Callable[..., Person]
Break = Callable[..., Raw]


@pytest.fixture(scope="session")
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("attacks"))
    yield running
    stop_server(running)


@contextmanager
def app_beside(server: Server) -> Iterator[Flask]:
    """An app of our own on the server's database."""
    app = create_app(DATABASE_URL=server.database_url, ASYNC_MODE="threading", PUBLIC_URL=server.url)
    with app.app_context():
        # What a test sets up need not survive a power cut; the server's own commits do.
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def server(_server: Server) -> Server:
    """One server for all attacks: what one does must leave it whole for the next."""
    assert _server.process.poll() is None
    return _server


@pytest.fixture
def near(server: Server) -> Iterator[Flask]:
    with app_beside(server) as app:
        yield app


@pytest.fixture
def staged(near: Flask) -> Cast:
    """A session in the open brainstorm, with something said in every step before."""
    return Cast().run_up_to("brainstorm")


@pytest.fixture
def connect(server: Server, near: Flask, request: pytest.FixtureRequest) -> Iterator[Connect]:
    """An honest page of somebody's, with its first snapshot read."""
    people: list[Person] = []

    def connect(who: str, cast: Cast | None = None, **how: Any) -> Person:
        cast = cast or request.getfixturevalue("staged")
        cookie = how.pop("cookie", None) or cookie_of(near, cast, who)
        people.append(Person(server.url, cast.room().it.code, cookie, **how))
        people[-1].next("snapshot")
        return people[-1]

    yield connect
    for person in people:
        with suppress(Exception):
            person.leave()


@pytest.fixture
def broken(server: Server, near: Flask, staged: Cast) -> Iterator[Break]:
    """A connection with somebody's cookie that sends what it likes."""
    opened: list[Raw] = []

    def broken(who: str | None = "Cara", **how: Any) -> Raw:
        cookie = cookie_of(near, staged, who) if who else ""
        opened.append(Raw(server.url, staged.room().it.code, cookie, **how))
        return opened[-1]

    yield broken
    for each in opened:
        each.close()


@pytest.fixture
def unharmed(staged: Cast, connect: Connect) -> Iterator[None]:
    """Whatever the test does: nothing was saved by it, and the others go on."""
    before = staged.room().it.version
    carl = connect("Carl")
    yield
    assert staged.room().it.version == before
    assert carl.send("probe", {})["ok"]


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def on_either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app on a database of each kind in turn, with the tables as the migrations make them."""
    url = f"sqlite:///{tmp_path / 'either.db'}"
    if request.param == "PostgreSQL":
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg2://")
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    with app.app_context():
        migrate(app, db.engine)
        yield app
        db.session.rollback()
        db.engine.dispose()
