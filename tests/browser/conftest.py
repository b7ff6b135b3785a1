"""A company of people at browsers, and sessions that they can be in."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.browser.people import Person
from tests.browser.walk import Walk
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of

Meet = Callable[..., Person]
Enter = Callable[..., Person]


@pytest.fixture
def meet(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """Opens a browser for somebody; at the end nobody's console may have shown an error.

    INTERVISE_PICTURES names a folder for pictures of what everybody saw when a test failed.
    """
    met: list[Person] = []
    failed_before = request.session.testsfailed

    def meet(name: str, **how: Any) -> Person:
        met.append(Person(browser, name, server.url, **how))
        return met[-1]

    yield meet
    if request.session.testsfailed > failed_before and (folder := os.environ.get("INTERVISE_PICTURES")):
        for person in met:
            person.page.screenshot(path=f"{folder}/{person.name}.png")
    errors = [error for person in met for error in person.errors]
    for person in met:
        person.leaves()
    assert errors == []


@pytest.fixture
def cast(near: Flask) -> Cast:
    """A planned session on the server: Mia moderates, Otto owns. Its clock is the real one."""
    return Cast()


@pytest.fixture
def walk(near: Flask, server: Server) -> Iterator[Walk]:
    """Such a session whose people act over sockets: every browser hears at once what they do."""
    walk = Walk(near, server.url)
    yield walk
    walk.leave()


@pytest.fixture
def enter(meet: Meet, near: Flask, server: Server, request: pytest.FixtureRequest) -> Enter:
    """Somebody of the cast (or of the walk) opens the room in a browser of their own, with the seat that they have."""
    cast: Cast = request.getfixturevalue("walk" if "walk" in request.fixturenames else "cast")

    def enter(who: str, **how: Any) -> Person:
        person = meet(who, **how)
        name, value = cookie_of(near, cast, who).split("=", 1)
        person.context.add_cookies([{"name": name, "value": value, "url": server.url}])
        person.goes_to(f"/sessions/{cast.room().it.code}/room")
        return person

    return enter
