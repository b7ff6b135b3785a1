"""A closed session with a plan that names Cara, and browsers for whoever looks at it."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from app.accounts.models import Account
from app.followup import story
from app.followup.story import Story
from app.times import now
from tests.sessions.cast import Cast
from tests.sessions.entering import browser_of
from tests.visitor import Visitor, make_account

Enter = Callable[[str], Visitor]
MAP, FINANCE = "Draw the map", "Ask finance"


def held(account: Account, **fields: object) -> Cast:
    """Closed: Otto’s plan has two actions, one of them with Cara."""
    cast = Cast(account, **fields).run_up_to("feedback")
    cast.does("Otto", "plan", text=FINANCE, who="Otto, with Cara", by="2026-03-09")
    return cast.run_up_to("closed")


def story_of(cast: Cast) -> Story:
    return story.of(cast.room(), now())


def item_of(cast: Cast, what: str) -> str:
    return next(each.id for each in story_of(cast).actions if each.what == what)


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def cast(mia: Account) -> Cast:
    return held(mia)


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/sessions/{cast.room().it.code}/follow-up"


@pytest.fixture
def enter(app: Flask, cast: Cast) -> Enter:
    return partial(browser_of, app, cast)
