"""Closed sessions of one team, one for each way of keeping them, and everybody who could ask for them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import event

from app import create_app
from app.accounts.models import Account, AccountKind
from app.api import tokens
from app.api.scopes import SCOPES
from app.database import Base
from app.extensions import db
from app.privacy import erasure
from app.sessions.models import Intervision, Visibility
from app.teams.models import MemberKind, Membership, Team
from app.times import now
from tests.conftest import Visitor as Client
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import Visitor, make_account

READERS = ("Mia", "Otto", "Cara", "Fay", "Fred", "Max", "Ada", "Stan", "Erik")
"""Mia moderated, Otto owned, Cara consulted, Erik too and was erased since. Fay facilitates the team, Fred another one;
Max moderates the team and did not lead; Ada administers; Stan is a stranger.
"""
ACCOUNTS = ("Mia", "Fay", "Fred", "Max", "Ada")
KEPT = tuple(product(Visibility, (True, False)))
"""Who reads it, and whether there is a transcript."""


@dataclass(frozen=True)
class Session:
    """A closed session. `secret` stands in its title and in whatever was said in it, `lesson` in the lesson that may be
    shared, and in nothing else.
    """

    id: int
    code: str
    otto: str
    visibility: str
    transcript: bool
    secret: str
    lesson: str


@dataclass(frozen=True)
class Stage:
    app: Flask
    sessions: dict[tuple[str, bool], Session]
    cookies: dict[tuple[str, int], tuple[str, str]]
    tokens: dict[str, str]
    team_id: int

    def browser(self, who: str, session: Session) -> Visitor:
        """Signed in with an account, or holding a guest's seat in this session."""
        browser = Visitor(self.app)
        if who in ACCOUNTS:
            account = db.session.query(Account).filter_by(name=who).one()
            with browser.client.session_transaction() as cookie:
                cookie["account"] = [account.id, account.key_turn]
            db.session.rollback()
        elif (who, session.id) in self.cookies:
            name, value = self.cookies[who, session.id]
            browser.client.set_cookie(name, value)
        return browser


@pytest.fixture(scope="package")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("permissions")
    app = create_app(
        TESTING=True,
        DATABASE_URL=f"sqlite:///{folder / 'test.db'}",
        ASYNC_MODE="threading",
        PUBLIC_URL="http://localhost",
        RATELIMIT_ENABLED=False,
    )
    app.test_client_class = Client
    app.instance_path = str(folder)
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        Base.metadata.create_all(db.engine)
        yield _set(app)
        db.session.rollback()
        db.engine.dispose()


def _set(app: Flask) -> Stage:
    mia = make_account("Mia")
    sessions, cookies = {}, {}
    for number, (visibility, transcript) in enumerate(KEPT):
        cast = _up_to_the_lessons(mia, number, visibility, transcript)
        for name, seat in (("Otto", "Otto"), ("Cara", "Cara"), ("Erik", "Carl")):
            cookies[name, cast.id] = _cookie(app, cast, seat)
        cast.go_to("closed")
        db.session.rollback()
        found = db.session.get_one(Intervision, cast.id)
        sessions[visibility.value, transcript] = Session(
            cast.id, found.code, cast.seats["Otto"], visibility.value, transcript, _secret(number), _lesson(number)
        )
        db.session.rollback()
        erasure.erase_seat(cast.seats["Carl"], words=False)
        cast.does("Otto", "export_actions", on=True)
    _others()
    made = {name: _token(name) for name in ACCOUNTS}
    team_id = db.session.query(Team.id).filter_by(name="North").scalar()
    db.session.rollback()
    return Stage(app, sessions, cookies, made, team_id)


def _up_to_the_lessons(mia: Account, number: int, visibility: Visibility, transcript: bool) -> Cast:
    secret = _secret(number)
    cast = Cast(mia, title=secret, visibility=visibility, transcript=transcript, starts_at=now())
    cast.run_up_to("feedback")
    cast.does("Otto", "plan", text=f"{secret} action", who="Otto", by="2026-03-05")
    cast.go_to("lessons")
    cast.does("Carl", "lesson", text=f"{secret} lesson for us alone", share=False, named=True)
    cast.does("Cara", "lesson", text=_lesson(number), share=True, named=True)
    return cast


def _secret(number: int) -> str:
    return f"Wombat{number}"


def _lesson(number: int) -> str:
    return f"Quokka{number}"


def _cookie(app: Flask, cast: Cast, who: str) -> tuple[str, str]:
    name, value = cookie_of(app, cast, who).split("=", 1)
    db.session.rollback()
    return name, value


def _others() -> None:
    db.session.rollback()  # what was read before may be old by now, and SQLite lets only the newest write
    south = Team(name="South")
    db.session.add(south)
    db.session.commit()
    fay, fred = make_account("Fay", AccountKind.FACILITATOR), make_account("Fred", AccountKind.FACILITATOR)
    max_ = make_account("Max")
    make_account("Ada", admin=True)
    north = db.session.query(Team).filter_by(name="North").one()
    for account, team, kind in (
        (fay, north, MemberKind.FACILITATOR),
        (fred, south, MemberKind.FACILITATOR),
        (max_, north, MemberKind.MODERATOR),
    ):
        db.session.add(Membership(account_id=account.id, team_id=team.id, kind=kind))
    db.session.commit()


def _token(name: str) -> str:
    account = db.session.query(Account).filter_by(name=name).one()
    token = tokens.make(account, "A tool", list(SCOPES), 30)
    assert token
    return token
