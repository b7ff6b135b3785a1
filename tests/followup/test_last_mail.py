"""An address is taken as long as a mail is still to come, and what is taken back is nowhere any more."""

from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from app.accounts import links
from app.deliveries import Delivery
from app.extensions import db
from app.followup import cadence
from app.followup.models import CheckIn
from app.sessions.commands import Refused, mailing
from app.sessions.exports import dates
from app.times import at, now
from tests.followup.conftest import Enter
from tests.sessions.cast import Cast

ADDRESS = "otto@example.org"


@pytest.fixture(autouse=True)
def mails(app: Flask) -> None:
    """Mail is set up; nothing goes out in these tests."""
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=9, SMTP_SECURITY="none", SMTP_FROM="intervise@example.org")


def last_mail(cast: Cast) -> datetime:
    check_in = db.session.get_one(CheckIn, (cast.id, 3))
    return cadence.mail_at(check_in.due_on, "Europe/Brussels")


def test_no_address_is_taken_when_no_mail_will_come(cast: Cast) -> None:
    moment = last_mail(cast)
    with at(moment - timedelta(minutes=1)):
        cast.does("Otto", "give_address", email=ADDRESS)
    with at(moment), pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "give_address", email="otto@else.example.org")


def test_on_the_day_itself_the_mail_still_comes_at_nine(cast: Cast) -> None:
    moment = last_mail(cast)
    with at(moment - timedelta(hours=2)):
        cast.does("Otto", "give_address", email=ADDRESS)
        db.session.rollback()
        token = links.make("confirm", hours=1, seat_id=cast.seats["Otto"])
        db.session.commit()
        link = links.find(token, "confirm")
        assert link
        db.session.rollback()
        mailing.open_mail(cast.id, cast.seats["Otto"], link)
    db.session.rollback()
    due = [(each.number, each.due_at) for each in db.session.query(Delivery).filter_by(kind="check_in", channel="mail")]
    assert due == [(3, moment)]


def test_an_address_that_was_taken_back_is_not_in_the_files_either(app: Flask, cast: Cast) -> None:
    def files() -> bytes:
        db.session.rollback()
        return b"".join(path.read_bytes() for path in Path(app.instance_path).glob("test.db*"))

    cast.does("Otto", "give_address", email=ADDRESS)
    assert ADDRESS.encode() in files()
    cast.does("Otto", "give_address", email="")
    assert ADDRESS.encode() not in files()


def test_a_link_to_come_back_says_the_day_of_the_sessions_own_clock(enter: Enter, cast: Cast) -> None:
    it, zone = cast.room().it, ZoneInfo("Europe/Brussels")
    it.closed_at = datetime.combine(now().date() - timedelta(days=1), time(23, 30), tzinfo=ZoneInfo("UTC"))
    until = (it.closed_at + cadence.AFTER[3] + cadence.LAST_STAYS).astimezone(zone).date()
    code = it.code
    db.session.commit()
    page = enter("Otto").send(f"/sessions/{code}/follow-up/link").text
    assert f"until {dates.day_words(until, 'en')}." in page
