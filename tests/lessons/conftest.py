"""Teams with members, and sessions in which something was learned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account
from app.extensions import db
from app.sessions.models import Visibility
from app.teams.models import MemberKind, Membership
from app.times import at
from tests.deliveries.conftest import other_side  # noqa: F401 - a fixture
from tests.sessions.cast import START, Cast
from tests.visitor import make_account

Hold = Callable[..., Cast]


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def hold(mia: Account) -> Hold:
    """Hold and close a session; `lessons` are those of Cara, each with what she says to sharing it."""

    def held(*lessons: dict[str, Any], themes: tuple[str, ...] = (), when: datetime = START, **fields: Any) -> Cast:
        account = fields.pop("account", mia)
        with at(when):
            cast = Cast(account, **{"visibility": Visibility.FACILITATORS} | fields | {"starts_at": when})
            cast.go_to("lessons")
            for lesson in lessons:
                cast.does("Cara", "lesson", **lesson)
            if themes:
                cast.does("Mia", "themes", themes=list(themes))
            cast.does("Mia", "advance", anyway=True)
        db.session.rollback()
        return cast

    return held


def shared(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "share": True} | more


def join_team(account: Account, cast: Cast, kind: MemberKind = MemberKind.FACILITATOR) -> Account:
    db.session.add(Membership(account_id=account.id, team_id=cast.room().it.team_id, kind=kind))
    db.session.commit()
    return account
