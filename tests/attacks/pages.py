"""Browsers without a screen, on the running server."""

import re

import requests

from app.accounts import passwords
from app.accounts.models import Account
from app.database import begin_write
from app.extensions import db
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import PASSWORD

COOKIE = "intervise"


class Page:
    """A browser on the running server, without a screen."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.client = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.client.get(self.url + path, timeout=10)

    def send(self, path: str, **data: str) -> requests.Response:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/join").text)
        assert token
        return self.client.post(self.url + path, data={"csrf_token": token[1], **data}, timeout=10)

    @property
    def cookie(self) -> str:
        return f"{COOKIE}={self.client.cookies[COOKIE]}"

    def comes_in(self, cast: Cast, name: str) -> "Page":
        self.get(link(cast.room().it))
        answer = self.send(f"/join/{cast.room().it.code}/name", name=name)
        assert answer.url.endswith("/room"), answer.text
        return self

    def signs_in(self, account: Account) -> "Page":
        assert "/sign-in" not in self.send("/sign-in", email=account.email, password=PASSWORD).url
        return self


def account_of(cast: Cast) -> Account:
    fresh = passwords.hash_password(PASSWORD)
    begin_write(db.session)
    account = db.session.get_one(Account, cast.account.id)
    account.password_hash = fresh
    db.session.commit()
    return account
