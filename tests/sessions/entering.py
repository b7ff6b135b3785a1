"""The browser of somebody of the cast, without a screen."""

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import Visitor


def browser_of(app: Flask, cast: Cast, who: str) -> Visitor:
    """Who has an account is signed in, guests hold their seat, Stan has nothing."""
    browser = Visitor(app)
    account = db.session.scalar(select(Account).where(Account.name == who))
    if account:
        browser.sign_in(account)
    elif who in cast.seats:
        name, value = cookie_of(app, cast, who).split("=", 1)
        browser.client.set_cookie(name, value)
    return browser
