"""What a team's webhooks are told at the close and later: what its authors let go, and no word more."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.deliveries import Delivery, webhooks, worker
from app.extensions import db
from app.privacy import erasure
from app.sessions.commands import erasing, planning
from app.sessions.models import Visibility
from app.times import at
from tests.deliveries.receiver import Receiver
from tests.lessons.conftest import Hold
from tests.lessons.conftest import shared as given
from tests.sessions.cast import START, Cast

Listen = Callable[..., None]
SECRETS = ("Otto", "Nine contacts", "decider", "finance", "Draw the map", "Karim", "Mia")


@pytest.fixture
def listen(app: Flask, other_side: Receiver) -> Listen:
    def add(cast: Cast, format_: str = "json") -> None:
        webhooks.make(db.session, cast.room().it.team_id, other_side.url, format_)
        db.session.commit()

    return add


def told(receiver: Receiver, days: float = 0) -> list[dict[str, object]]:
    """What has arrived when so many days have passed since the close."""
    with at(START + timedelta(days=days, minutes=1)):
        worker.deliver_due()
    return [json.loads(got.body) for got in receiver.received]


@pytest.mark.parametrize("format_", ["json", "slack", "teams"])
def test_new_lessons_are_told_at_the_close_and_nothing_else_of_the_session(
    hold: Hold,
    mia: Account,
    listen: Listen,
    other_side: Receiver,
    format_: str,
) -> None:
    with at(START):
        cast = Cast(mia, visibility=Visibility.PROCESS).run_up_to("lessons")
        cast.does("Cara", "lesson", text="Count roles", situation="A hand-over", share=True, named=True)
        cast.does("Carl", "lesson", text="Ask who signs", share=True)
        cast.does("Carl", "lesson", text="For us alone")
        cast.does("Mia", "advance", anyway=True)
    listen(cast, format_)
    assert len(told(other_side)) == 1
    body = other_side.received[0].body.decode()
    for words in ("Count roles", "A hand-over", "Cara", "Ask who signs", "2 new lessons for the team"):
        assert words in body
    for words in (*SECRETS, "For us alone", "Carl", cast.room().it.code):
        assert words not in body
    assert len(told(other_side)) == 1, "and not again"


def test_nothing_is_told_of_a_session_that_stays_in_the_room(
    hold: Hold,
    listen: Listen,
    other_side: Receiver,
) -> None:
    listen(hold(given("Count roles"), visibility=Visibility.ROOM))
    assert told(other_side) == []


def test_what_is_taken_back_before_it_is_sent_is_not_sent(
    hold: Hold,
    listen: Listen,
    other_side: Receiver,
) -> None:
    narrowed, erased, deleted = (hold(given("Count roles")) for _ in range(3))
    listen(narrowed)
    planning.narrow(narrowed.id, Visibility.ROOM)
    erasure.erase_seat(erased.seats["Cara"], words=True)
    erasing.delete(deleted.id)
    assert told(other_side) == []
    assert set(db.session.scalars(select(Delivery.intervision_id))) <= {narrowed.id, erased.id}


def test_check_ins_are_told_on_their_days_without_a_word_of_whose(
    mia: Account,
    listen: Listen,
    other_side: Receiver,
) -> None:
    with at(START):
        cast = Cast(mia, visibility=Visibility.ROOM).run_up_to("closed")
    listen(cast)
    assert [len(told(other_side, days)) for days in (1, 2, 13, 14, 41, 42, 60)] == [0, 1, 1, 2, 2, 3, 3]
    for got in other_side.received:
        body = got.body.decode()
        assert json.loads(body)["type"] == "check_in.due"
        for words in (*SECRETS, "Count roles", cast.room().it.code):
            assert words not in body


def test_a_check_in_that_nobody_asks_any_more_is_not_told(mia: Account, listen: Listen, other_side: Receiver) -> None:
    """The server was away for two weeks, and then for months."""
    with at(START):
        cast = Cast(mia).run_up_to("closed")
    listen(cast)
    assert len(told(other_side, 15)) == 1  # the second one
    assert len(told(other_side, 200)) == 1
    assert db.session.scalars(select(Delivery)).all() == []


def test_with_the_session_go_its_deliveries(hold: Hold) -> None:
    cast = hold(given("Count roles"))
    assert db.session.scalars(select(Delivery)).all() != []
    db.session.rollback()
    erasing.delete(cast.id)
    assert db.session.scalars(select(Delivery)).all() == []
