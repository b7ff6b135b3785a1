"""Fay waited at the door once and was never let in: she reads as a facilitator does. And what an erased plan counts."""

from flask import Flask

from app.accounts.models import Account
from app.extensions import db
from app.privacy import erasure
from app.sessions.models import Seat
from app.times import now
from tests.archive.test_facilitators import fay_of, held
from tests.archive.test_facilitators import found as found_by
from tests.sessions.cast import Cast
from tests.visitor import Visitor


def waiting(cast: Cast, browser: Visitor) -> None:
    """Let this browser hold a seat of somebody who was never let in."""
    seat = Seat(intervision_id=cast.id, number=50, name="Fay", look="fay", role="consultant", status="waiting")
    db.session.add(seat)
    db.session.commit()
    with browser.client.session_transaction() as session:
        session["seats"] = [[cast.id, seat.id, seat.key_turn]]


def test_fay_reads_the_record_though_she_waited_in_vain(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    code, fay = cast.room().it.code, fay_of(app)
    assert "Draw the map" in fay.get(f"/sessions/{code}/record").text
    waiting(cast, fay)
    assert "Draw the map" in fay.get(f"/sessions/{code}/record").text


def test_stan_who_waited_in_vain_reads_nothing(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    code, stan = cast.room().it.code, Visitor(app)
    waiting(cast, stan)
    assert stan.get(f"/sessions/{code}/record").status_code == 404


def test_an_action_that_was_erased_counts_no_more(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    assert [each.actions for each in found_by(name="Mia")] == [1]
    erasure.erase_seat(cast.seats["Otto"], words=True)
    assert [each.actions for each in found_by(name="Mia")] == [0]
