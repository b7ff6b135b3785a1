"""A company of people at browsers, and a session that they can run."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.people import Person
from tests.conftest import Server

Meet = Callable[..., Person]


@pytest.fixture
def meet(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Meet]:
    """Opens a browser for somebody; at the end nobody's console may have shown an error."""
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
