"""Programs that ask the API with a token, and a session that there is something to ask about."""

import contextvars
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.api import tokens
from app.api.scopes import SCOPES
from app.extensions import db
from app.times import at, now
from tests.sessions.cast import Cast
from tests.visitor import make_account

NEW = {
    "title": "The stalled renewal",
    "team": "North",
    "starts_at": f"{(now() + timedelta(days=7)).date()}T10:00",
    "timezone": "Europe/Brussels",
}


class Tool:
    """A program with a token, and no cookies."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.client = app.test_client(use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> Any:
        return self.ask("GET", path, headers=headers)

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        sent = self.headers | {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        response = contextvars.Context().run(self.client.open, f"/api/v1{path}", method=method, headers=sent, **more)
        db.session.rollback()
        return response

    def plans(self, key: str = "a-key", **fields: Any) -> Any:
        return self.ask("POST", "/sessions", headers={"Idempotency-Key": key}, json=fields)


def tool_of(app: Flask, account: Account, *scopes: str) -> Tool:
    """With these scopes, or with all."""
    token = tokens.make(account, "A tool", scopes or tuple(SCOPES), 30)
    assert token
    return Tool(app, token)


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def closed(mia: Account) -> Cast:
    """A session that Mia moderated two weeks ago, from its beginning to its end."""
    with at(now() - timedelta(days=15)):
        return Cast(mia, visibility="facilitators").run_up_to("closed")


@pytest.fixture
def tool(app: Flask, mia: Account) -> Tool:
    """Mia's, with every scope."""
    return tool_of(app, mia)
