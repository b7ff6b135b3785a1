"""One closed session, one that is planned and one in the lobby, and all around them: everything that people can type is
typed in by the doors of the app, with a mark in every field. Then any other text can stand in the mark's place.
"""

import atexit
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app import create_app
from app.accounts import links
from app.accounts.models import Account
from app.api.scopes import SCOPES
from app.database import Base
from app.extensions import db, limiter
from app.times import at, now
from tests.attacks.corpus import EMAIL, NAME, TEXT
from tests.attacks.marks import Held, marked, write
from tests.attacks.typed import Typed
from tests.conftest import Visitor as Client
from tests.sessions.doors import link
from tests.sessions.sockets import cookie_of
from tests.visitor import PASSWORD, Visitor, path_of

HELD_BEFORE = timedelta(days=22)
"""So long ago, one check-in is answered, the next one waits, and a lesson comes back today."""


class Everything:
    """Mia administers and moderates, Fay facilitates, Otto owns the case, Cara consults; Gast is at the door.

    `browsers` by name; `Invited`, `Forgetful`, `Seatless` and `Returning` have opened a one-time link. `tokens` are
    such links by their purpose, `codes` those of the sessions by their step.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browsers: dict[str, Visitor] = {}
        self.tokens: dict[str, str] = {}
        self.mia = self._account("m", kind="moderator", admin=True)
        self.closed = self._planned()
        self.team_id = self.closed.room().it.team_id
        self.fay = self._account("f", kind="facilitator", team_id=self.team_id)
        self.browsers |= {"Mia": self._signed_in(self.mia), "Fay": self._signed_in(self.fay)}
        with at(now() - HELD_BEFORE):
            self.closed.hold()
        self._after_the_close()
        self._account_of_mia()
        self.planned = self._planned()
        self.lobby = Typed(self.mia, self._planned_by_a_tool())
        self.lobby.does("Mia", "open")
        self.codes = {"closed": self.closed.code, "planned": self.planned.code, "lobby": self.lobby.code}
        self._links()
        db.session.rollback()
        self.marked = marked()
        self.cookies = {who: self._cookie(browser) for who, browser in self.browsers.items()}

    def _cookie(self, browser: Visitor) -> str:
        browser.get("/join")  # whatever was to be said once is said
        cookie = browser.client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        return cookie.value if cookie else ""

    def _account(self, letter: str, **about: Any) -> Account:
        token, email = links.make("account", hours=1, **about), f"{letter}{EMAIL}"
        db.session.commit()
        sent = {"name": f"{NAME} {letter}", "email": email, "password": PASSWORD, "repeated": PASSWORD}
        path_of(Visitor(self.app).use_link(f"/account/new/{token}", **sent))
        return db.session.scalars(select(Account).where(Account.email == email)).one()

    def _signed_in(self, account: Account) -> Visitor:
        browser = Visitor(self.app)
        with browser.client.session_transaction() as session:
            session["account"] = [account.id, account.key_turn]
        return browser

    def _planned(self) -> Typed:
        day = (now() + timedelta(days=2)).date().isoformat()
        sent = {
            "title": TEXT, "team": TEXT, "theme": TEXT, "owner_name": f"{NAME} o", "date": day, "time": "10:30",
            "call_url": f"https://meet.example/?{TEXT}", "timezone": "UTC", "language": "en", "length": "60",
            "expected": "6", "readable_days": "90", "visibility": "facilitators",
        }  # fmt: skip
        return Typed(self.mia, path_of(self._signed_in(self.mia).send("/sessions/new", **sent)).split("/")[-1])

    def _planned_by_a_tool(self) -> str:
        sent = {
            "title": TEXT, "team": TEXT, "owner_name": f"{NAME} o", "call_url": f"https://meet.example/?{TEXT}",
            "starts_at": f"{(now() + timedelta(days=3)).date()}T10:00",
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {self.tokens['api']}", "Idempotency-Key": TEXT}
        answer: Any = Visitor(self.app)._ask("POST", "/api/v1/sessions", json=sent, headers=headers)
        assert answer.status_code == 201, answer.text
        return str(answer.json["code"])

    def _after_the_close(self) -> None:
        page = f"/sessions/{self.closed.code}"
        for who in ("Otto", "Cara"):
            self.browsers[who] = Visitor(self.app)
            self.browsers[who].client.set_cookie(*cookie_of(self.app, self.closed, who).split("=", 1))
        otto, cara = self.browsers["Otto"], self.browsers["Cara"]
        action, day = self.closed.last("action"), (now() + timedelta(days=9)).date().isoformat()
        path_of(otto.send(f"{page}/follow-up/action", item=action, state="under_way", text=TEXT, by=day))
        path_of(otto.send(f"{page}/follow-up/step", text=TEXT, by=day))
        path_of(otto.send(f"{page}/follow-up/check-in", number="1", first=TEXT, second=TEXT))
        path_of(otto.send(f"{page}/follow-up/tell", tell="words"))
        path_of(otto.send(f"{page}/follow-up/address", email=EMAIL))
        path_of(otto.send(f"{page}/export-actions", on="yes"))
        path_of(cara.send(f"{page}/follow-up/support", item=action, text=TEXT))
        path_of(self.browsers["Fay"].send(f"{page}/notes", text=TEXT))
        path_of(self.browsers["Mia"].send(f"{page}/themes", more=TEXT))
        self.tokens["follow_up"] = found(otto.send(f"{page}/follow-up/link").text, r"/follow-up/([\w-]{20,})")

    def _account_of_mia(self) -> None:
        mia = self.browsers["Mia"]
        path_of(mia.send("/teams", name=f"{TEXT} 2"))
        for format_ in ("slack", "teams", "json"):
            sent: dict[str, Any] = {"format": format_, "address": f"https://hooks.example/?{TEXT}"}
            assert "hooks.example" in mia.send(f"/teams/{self.team_id}/news", **sent).text
        page = mia.send(f"/lessons/feeds/{self.team_id}").text
        self.tokens["feed"] = found(page, r"/feeds/([\w-]+)\.atom")
        sent = {"name": TEXT, "scopes": list(SCOPES), "days": "30", "password": PASSWORD}
        self.tokens["api"] = found(mia.send("/account/tokens", **sent).text, r"(intervise_[\w-]+)")

    def _links(self) -> None:
        mia = self.browsers["Mia"]
        sent = {"kind": "moderator", "team": str(self.team_id)}
        self.tokens["account"] = found(mia.send("/account/invitation", **sent).text, r"/account/new/([\w-]{20,})")
        page = mia.send("/account/password-link", whose=str(self.fay.id)).text
        self.tokens["password"] = found(page, r"/account/password/([\w-]{20,})")
        self.tokens["seat"] = found(mia.send(f"/sessions/{self.planned.code}/owner-link").text, r"/seat/([\w-]{20,})")
        self.tokens["join"] = link(self.planned.room().it).removeprefix("/join/")
        for who, address in (
            ("Invited", f"/account/new/{self.tokens['account']}"),
            ("Forgetful", f"/account/password/{self.tokens['password']}"),
            ("Seatless", f"/seat/{self.tokens['seat']}"),
            ("Returning", f"/follow-up/{self.tokens['follow_up']}"),
            ("Gast", f"/join/{self.tokens['join']}"),
        ):
            self.browsers[who] = Visitor(self.app)
            path_of(self.browsers[who].get(address))
        self.browsers["Stan"] = Visitor(self.app)

    def holds(self, text: str) -> Held:
        """Everything anew, with this text in the place of the mark."""
        self.restore()
        held = Held.of(text)
        write(self.marked, held)
        return held

    def restore(self) -> None:
        """As it was typed, whatever was done since."""
        db.session.rollback()
        db.engine.dispose()
        file = Path(db.engine.url.database or "")
        for rest in ("-wal", "-shm"):
            file.with_name(file.name + rest).unlink(missing_ok=True)
        shutil.copy(file.with_suffix(".typed"), file)
        self.app.extensions.pop("kept_rooms", None)
        self.browsers = {who: Visitor(self.app) for who in self.cookies}
        for who, cookie in self.cookies.items():
            self.browsers[who].client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], cookie)


def found(text: str, pattern: str) -> str:
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


@cache
def typed_in() -> Everything:
    """Once in a process: it takes some seconds."""
    home = TemporaryDirectory(prefix="intervise-everything-")
    atexit.register(home.cleanup)
    file = Path(home.name) / "everything.db"
    app = create_app(
        TESTING=True,
        DATABASE_URL=f"sqlite:///{file}",
        ASYNC_MODE="threading",
        PUBLIC_URL="http://localhost",
        RATELIMIT_ENABLED=False,
        SMTP_HOST="localhost",  # where mail is sent, pages ask for an address
        SMTP_FROM="intervise@example.org",
    )
    app.test_client_class = Client
    app.instance_path = home.name
    with app.app_context():
        event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        Base.metadata.create_all(db.engine)
        made = Everything(app)
        db.session.rollback()
        db.engine.dispose()  # the last connection that closes brings everything into the one file
        shutil.copy(file, file.with_suffix(".typed"))
    return made


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> Iterator[Everything]:
    """As it was typed."""
    monkeypatch.setattr(limiter, "enabled", False)  # other apps of this process may have switched it on since
    made = typed_in()
    with made.app.app_context():
        made.restore()
        yield made
        db.session.rollback()
        db.engine.dispose()
