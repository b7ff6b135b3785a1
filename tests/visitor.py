"""A browser without a screen: cookies, forms with their token, and nothing else."""

import contextvars
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from app import create_app
from app.accounts import passwords
from app.accounts.models import Account, AccountKind
from app.database import Base
from app.extensions import db, limiter

PASSWORD = "a rather long password"


class Visitor:
    """One person's browser. Every request runs outside of the test's own app context, as it does on a server."""

    def __init__(self, app: Flask, address: str = "192.0.2.1") -> None:
        self.client = app.test_client()
        self.address = address

    def get(self, url: str, **more: Any) -> TestResponse:
        return self._ask("GET", url, **more)

    def send(self, url: str, **data: Any) -> TestResponse:
        """Fill in a form and send it, with the token that any page of ours carries."""
        return self._ask("POST", url, data={"csrf_token": self.token(), **data})

    def open_link(self, link: str) -> TestResponse:
        """Open a one-time link; it is swapped for a mark in the cookie on the way to its page."""
        answer = self.get(link)
        return self.get(path_of(answer)) if answer.status_code == 302 else answer

    def use_link(self, link: str, **data: Any) -> TestResponse:
        """Open a one-time link, and send the form behind it."""
        answer = self.get(link)
        return self.send(path_of(answer), **data) if answer.status_code == 302 else answer

    def send_without_token(self, url: str, **data: Any) -> TestResponse:
        return self._ask("POST", url, data=data)

    def token(self) -> str:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/join").text)
        assert found
        return found[1]

    def sign_in(self, account: Account, password: str = PASSWORD) -> TestResponse:
        return self.send("/sign-in", email=account.email, password=password)

    def cookie(self) -> dict[str, Any]:
        """What the signed cookie holds."""
        with self.client.session_transaction() as session:
            return dict(session)

    def _ask(self, method: str, url: str, **more: Any) -> TestResponse:
        place = {"REMOTE_ADDR": self.address}
        response = contextvars.Context().run(self.client.open, url, method=method, environ_base=place, **more)
        db.session.rollback()  # what the test reads next, it reads anew
        return response


def path_of(response: TestResponse) -> str:
    """Where a redirect leads, without the host."""
    assert response.status_code in (302, 303), response.text
    parts = urlsplit(response.headers["Location"])
    return parts.path + (f"?{parts.query}" if parts.query else "")


def make_account(name: str = "Mia", kind: AccountKind = AccountKind.MODERATOR, admin: bool = False) -> Account:
    """An account with PASSWORD and the e-mail name@example.org."""
    account = Account(
        email=f"{name.lower()}@example.org",
        name=name,
        kind=kind.value,
        admin=admin,
        password_hash=passwords.hash_password(PASSWORD),
    )
    db.session.add(account)
    db.session.commit()
    return account


@contextmanager
def app_that_counts_failures(folder: Path) -> Iterator[Flask]:
    """An app like the fixture's, with rate limits, and nothing counted yet."""
    app = create_app(
        DATABASE_URL=f"sqlite:///{folder / 'limited.db'}",
        ASYNC_MODE="threading",
        PUBLIC_URL="http://localhost",
        RATELIMIT_ENABLED=True,
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
        limiter.reset()
        yield app
        db.session.rollback()
        db.engine.dispose()
    limiter.enabled = False
