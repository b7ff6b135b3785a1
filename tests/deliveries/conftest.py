from collections.abc import Iterator

import pytest
from flask import Flask

from app.accounts.models import Account
from app.extensions import db
from app.teams.models import MemberKind, Membership, Team
from tests.deliveries.receiver import Receiver, receiver
from tests.visitor import make_account


@pytest.fixture
def other_side() -> Iterator[Receiver]:
    with receiver() as running:
        yield running


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def north(mia: Account) -> int:
    """The id of a team that Mia moderates."""
    team = Team(name="North")
    db.session.add(team)
    db.session.flush()
    db.session.add(Membership(account_id=mia.id, team_id=team.id, kind=MemberKind.MODERATOR))
    db.session.commit()
    return team.id
