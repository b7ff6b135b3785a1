"""What a feed calls its entries says nothing of where they come from."""

from datetime import UTC, datetime

from flask import Flask

from app.accounts.models import Account
from app.extensions import db
from app.lessons import feeds
from tests.lessons.conftest import Hold


def test_the_entry_of_a_check_in_holds_no_code_and_keeps_its_name(app: Flask, mia: Account, hold: Hold) -> None:
    it = hold().room().it
    with app.test_request_context():
        first, again = (
            feeds.atom(db.session, mia, it.team, datetime(2026, 3, day, 12, tzinfo=UTC)).decode() for day in (4, 5)
        )
    assert "check-in" in first
    assert it.code not in first
    assert first == again
