"""The doors of a session, for tests: its link, its room, people who come in, Mia signed in."""

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.sessions import join_links
from app.sessions.models import Intervision, Seat
from tests.sessions.cast import Cast
from tests.visitor import Visitor, path_of


def link(it: Intervision) -> str:
    return f"/join/{join_links.token(it)}"


def room(it: Intervision) -> str:
    return f"/sessions/{it.code}/room"


def come_in(app: Flask, it: Intervision, name: str) -> Visitor:
    """The browser of somebody who joined by the link."""
    browser = Visitor(app)
    assert path_of(browser.send(path_of(browser.get(link(it))), name=name)) == room(it)
    return browser


def seat_of(name: str) -> Seat:
    return db.session.scalars(select(Seat).where(Seat.name == name)).one()


def mias_browser(app: Flask, cast: Cast) -> Visitor:
    """Signed in with the account that planned the session."""
    browser = Visitor(app)
    with browser.client.session_transaction() as session:
        session["account"] = [cast.account.id, cast.account.key_turn]
    return browser
