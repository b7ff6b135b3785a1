"""A session with its cast, in whatever step a test needs."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from app.sessions.commands import door
from tests.sessions.cast import Cast


@pytest.fixture
def make_cast(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Cast]:
    """Makes a planned session; its clock is the one that the commands read."""

    def make(**fields: Any) -> Cast:
        cast = Cast(**fields)
        monkeypatch.setattr(door, "now", lambda: cast.now)
        return cast

    return make


@pytest.fixture
def cast(make_cast: Callable[..., Cast]) -> Cast:
    """A planned session: Mia moderates, Otto owns."""
    return make_cast()
