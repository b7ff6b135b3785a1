"""Sessions of one team, with what people answered at their close and afterwards."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account, AccountKind
from app.extensions import db
from app.teams.models import MemberKind, Membership, Team
from app.times import at
from tests.sessions.cast import Cast
from tests.visitor import make_account

MAY = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
Hold = Callable[..., Cast]


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def hold(mia: Account) -> Hold:
    """Hold a session, to its end or only up to `stop` and stop it there."""

    def hold(
        moment: datetime = MAY,
        *,
        owner: str = "Otto",
        safe: Sequence[int] = (),
        helped: int = 0,
        dated: bool = True,
        stop: str = "",
        themes: Sequence[str] = (),
        **fields: Any,
    ) -> Cast:
        with at(moment):
            cast = Cast(mia, owner_name=owner, starts_at=moment, **{"visibility": "process"} | fields)
            if stop:
                cast.go_to(stop)
                cast.does("Mia", "stop")
                db.session.rollback()
                return cast
            cast.opened("Cara", "Carl", "Cleo")
            cast.go_to("feedback")
            if dated is not None:
                cast.does(owner, "plan", text="Draw the map", who=owner, by="2026-06-01" if dated else "")
            cast.go_to("lessons")
            for who, answer in zip(("Mia", owner, "Cara", "Carl", "Cleo"), safe, strict=False):
                cast.does(who, "pulse", useful=5, safe=answer)
            if themes:
                cast.does("Mia", "themes", themes=list(themes))
            cast.go_to("closed")
        if helped:
            with at(moment + timedelta(days=15)):
                cast.does(owner, "check_in", number=2, first="", second="", helped=helped)
        db.session.rollback()
        return cast

    return hold


def facilitator(name: str = "Fay", team: str = "North") -> Account:
    db.session.rollback()
    account = make_account(name, AccountKind.FACILITATOR)
    found = db.session.query(Team).filter_by(name=team).one()
    db.session.add(Membership(account_id=account.id, team_id=found.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    return account
