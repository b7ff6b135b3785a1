"""The invitation: the link, the short code, the QR code, the text for the chat, the calendar, the owner's own link."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from flask import Flask
from icalendar import Calendar

from app.accounts.models import Account
from app.extensions import db
from app.sessions import invitations, join_links
from app.sessions.commands import planning
from app.sessions.models import Intervision
from tests.sessions.cast import FIELDS
from tests.visitor import Visitor, make_account, path_of

STARTS_AT = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def mia(app: Flask, account: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


@pytest.fixture
def it(app: Flask, account: Account) -> Intervision:
    return plan(account)


def plan(account: Account, **changes: object) -> Intervision:
    made = planning.plan(account, FIELDS | {"starts_at": STARTS_AT, "timezone": "Europe/Amsterdam"} | changes)
    db.session.rollback()
    return db.session.get_one(Intervision, made.id)


def event_of(it: Intervision, app: Flask) -> tuple[Calendar, Any]:
    with app.test_request_context():
        calendar = Calendar.from_ical(invitations.calendar(it))
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_the_page_shows_link_code_and_text(mia: Visitor, it: Intervision) -> None:
    page = unescape(mia.get(f"/sessions/{it.code}").text)
    link = f"http://localhost/join/{join_links.token(it)}"
    assert f'value="{link}"' in page
    assert f"{it.code[:3]} {it.code[3:]}" in page
    assert "Wednesday, 1 July 2026, 10:30 (Europe/Amsterdam)" in page


def test_the_text_for_the_chat_holds_all_that_people_need(app: Flask, it: Intervision) -> None:
    with app.test_request_context():
        lines = invitations.chat_text(it).splitlines()
        link = invitations.join_link(it)
    assert lines[0] == "Intervision: Nine contacts, no decider"
    assert lines[2] == f"Join: {link}"
    assert lines[3] == f"Or type the code {it.code[:3]} {it.code[3:]} at http://localhost/join"
    assert lines[4] == "Video call: https://meet.example/room"


def test_the_qr_code_is_the_link(mia: Visitor, it: Intervision, app: Flask) -> None:
    with app.test_request_context():
        link = invitations.join_link(it)
    assert (
        segno.make(link, error="m", micro=False).svg_inline(omitsize=True, light="#fff", border=4)
        in mia.get(f"/sessions/{it.code}").text
    )
    assert invitations.qr_svg(link) != invitations.qr_svg(link + "x")


def test_no_invitation_asks_another_host(mia: Visitor, it: Intervision) -> None:
    page = mia.get(f"/sessions/{it.code}").text
    hosts = set(re.findall(r'(?:src|action)="https?://([^/"]+)', page))
    assert hosts == set()


def test_a_host_that_a_request_claims_gets_into_no_link(mia: Visitor, it: Intervision) -> None:
    page = mia.get(f"/sessions/{it.code}", headers={"Host": "localhost", "X-Forwarded-Host": "evil.example"}).text
    assert "evil.example" not in page


# --- The calendar ---


def test_the_calendar_has_the_session_at_its_hour(app: Flask, it: Intervision) -> None:
    _calendar, event = event_of(it, app)
    assert event["dtstart"].dt == STARTS_AT
    assert event["dtstart"].dt.tzinfo.key == "Europe/Amsterdam"
    assert event["dtend"].dt == STARTS_AT + timedelta(minutes=60)
    assert event["summary"] == "Nine contacts, no decider"
    assert event["location"] == "https://meet.example/room"
    assert join_links.token(it) in event["url"]
    assert join_links.token(it) in event["description"]


def test_the_calendar_brings_its_time_zone_along(app: Flask, it: Intervision) -> None:
    calendar, _event = event_of(it, app)
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["tzid"] == "Europe/Amsterdam"
    assert b"TZOFFSETTO:+0200\r\n" in zone.to_ical()


def test_a_session_planned_anew_replaces_its_entry(app: Flask, it: Intervision) -> None:
    _calendar, before = event_of(it, app)
    later = STARTS_AT + timedelta(days=1)
    planning.replan(it.id, FIELDS | {"starts_at": later, "title": "Another title"})
    db.session.rollback()
    _calendar, after = event_of(it, app)
    assert after["uid"] == before["uid"]
    assert after["sequence"] > before["sequence"]
    assert after["dtstart"].dt == later


@pytest.mark.parametrize(
    "title",
    [
        "A\r\nATTACH:http://evil.example/x",
        "A\nEND:VEVENT\nBEGIN:VALARM",
        'Q"; CN="x',
        "a,b;c\\d",
        "김철수 " * 20,
        "A\rB",
    ],
)
def test_a_title_stays_a_title(app: Flask, account: Account, title: str) -> None:
    it = plan(account, title=title)
    with app.test_request_context():
        raw = invitations.calendar(it)
    [event] = Calendar.from_ical(raw).walk("VEVENT")
    assert str(event["summary"]).split() == title.split()
    assert "ATTACH" not in event
    assert Calendar.from_ical(raw).walk("VALARM") == []
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_the_file_downloads_under_a_plain_name(mia: Visitor, it: Intervision) -> None:
    response = mia.get(f"/sessions/{it.code}/calendar.ics")
    assert response.mimetype == "text/calendar"
    assert response.headers["Content-Disposition"] == f'attachment; filename="intervision-{it.code}.ics"'
    assert len(Calendar.from_ical(response.data).walk("VEVENT")) == 1


# --- The owner's own link ---


def owner_link(mia: Visitor, it: Intervision) -> str:
    page = mia.send(f"/sessions/{it.code}/owner-link").text
    found = re.search(r"http://localhost/seat/[\w-]+", page)
    assert found
    return urlsplit(found[0]).path


def test_the_owner_gets_a_seat_by_a_link_of_their_own(app: Flask, mia: Visitor, it: Intervision) -> None:
    otto = Visitor(app)
    assert path_of(otto.use_link(owner_link(mia, it))) == f"/sessions/{it.code}/room"
    assert otto.get(f"/sessions/{it.code}/room").status_code == 200


def test_the_owners_link_is_shown_once(mia: Visitor, it: Intervision) -> None:
    owner_link(mia, it)
    assert "/seat/" not in mia.get(f"/sessions/{it.code}").text


def test_where_nobody_is_named_there_is_no_link_to_make(mia: Visitor, account: Account) -> None:
    it = plan(account, owner_name="")
    assert "Nobody is named yet" in mia.get(f"/sessions/{it.code}").text
    assert path_of(mia.send(f"/sessions/{it.code}/owner-link")) == f"/sessions/{it.code}"


# --- The join link itself ---


def test_the_link_cannot_be_guessed_and_is_not_stored(app: Flask, account: Account, it: Intervision) -> None:
    token = join_links.token(it)
    assert len(token) * 6 >= 128
    assert it.join_hash == join_links.hash_of(token)
    assert token not in it.join_hash
    assert join_links.token(plan(account)) != token


def test_a_new_link_ends_the_old_one(app: Flask, mia: Visitor, it: Intervision) -> None:
    old = join_links.token(it)
    path_of(mia.send(f"/sessions/{it.code}/rotate"))
    db.session.expire_all()
    assert join_links.find(old) is None
    assert join_links.find(join_links.token(it)) == it
    assert Visitor(app).get(f"/join/{old}").status_code == 404
