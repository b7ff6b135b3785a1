"""A closed session with a plan that names Cara, and browsers for whoever looks at it."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.followup import story
from app.followup.story import Story
from app.times import now
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
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
    """The browser of somebody: who has an account is signed in, guests hold their seat, Stan has nothing."""

    def enter(who: str) -> Visitor:
        browser = Visitor(app)
        account = db.session.scalar(select(Account).where(Account.name == who))
        if account:
            browser.sign_in(account)
        elif who in cast.seats:
            name, value = cookie_of(app, cast, who).split("=", 1)
            browser.client.set_cookie(name, value)
        return browser

    return enter
