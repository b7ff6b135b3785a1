"""Planning a session: the form, who may see it, changing and deleting it."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account, Link
from app.extensions import db
from app.sessions import commands
from app.sessions.models import Intervision, Seat
from app.sessions.phases import MINUTES
from app.times import now
from tests.sessions.doors import link
from tests.visitor import Visitor, make_account, path_of

DAY = (now() + timedelta(days=7)).date()
PLAN: dict[str, Any] = {
    "title": "The stalled renewal",
    "team": "North",
    "language": "nl",
    "owner_name": "Otto",
    "call_url": "https://meet.example/north",
    "date": DAY.isoformat(),
    "time": "10:30",
    "timezone": "Europe/Amsterdam",
    "expected": "6",
    "length": "60",
}


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def mia(app: Flask, account: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


def planned(mia: Visitor, **changes: Any) -> Intervision:
    path_of(mia.send("/sessions/new", **PLAN | changes))
    return db.session.scalars(select(Intervision)).one()


def sessions() -> int:
    return db.session.scalar(select(func.count(Intervision.id))) or 0


def test_mia_plans_a_session_and_lands_on_its_invitation(mia: Visitor, account: Account) -> None:
    response = mia.send("/sessions/new", **PLAN)
    it = db.session.scalars(select(Intervision)).one()
    assert path_of(response) == f"/sessions/{it.code}"
    assert (it.title, it.team.name, it.language, it.call_url) == (
        "The stalled renewal",
        "North",
        "nl",
        "https://meet.example/north",
    )
    assert (it.account_id, it.expected, it.length, it.move_on, it.step) == (account.id, 6, 60, False, "planned")
    assert [(seat.name, seat.role) for seat in it.seats] == [("Mia", "moderator"), ("Otto", "owner")]


def test_the_hour_is_meant_in_the_chosen_time_zone(mia: Visitor) -> None:
    summer = DAY.replace(year=DAY.year + 1, month=7, day=1)
    it = planned(mia, date=summer.isoformat(), time="10:30", timezone="Europe/Amsterdam")
    assert it.starts_at == datetime(summer.year, 7, 1, 8, 30, tzinfo=UTC)
    assert it.timezone == "Europe/Amsterdam"


def test_minutes_left_empty_are_the_usual_ones(mia: Visitor) -> None:
    it = planned(mia, length="75")
    assert it.minutes == {slot: row[2] for slot, row in MINUTES.items()}


def test_every_slot_can_be_changed_by_itself(mia: Visitor) -> None:
    it = planned(mia, minutes_brainstorm="15", minutes_buffer="0")
    assert it.minutes == {slot: row[1] for slot, row in MINUTES.items()} | {"brainstorm": 15, "buffer": 0}
    time = next(time for time in it.times if time.step == "silent_brainstorm")
    assert time.planned_s == 6 * 60


def test_a_session_that_moves_on_by_itself_is_a_choice(mia: Visitor) -> None:
    assert planned(mia, move_on="y").move_on is True


KEPT = "Those who take part can read the record for %s days after the close."
NOTHING_KEPT = "This session leaves no transcript"
NAMELESS = "It names nobody but the moderator"


@pytest.mark.parametrize(
    ("chosen", "kept", "sentence"),
    [
        ({}, (True, True, 90), KEPT % 90),
        ({"readable_days": "7"}, (True, True, 7), KEPT % 7),
        ({"stays": "nameless", "readable_days": "7"}, (True, False, 7), f"{KEPT % 7} {NAMELESS}"),
        ({"stays": "plan", "readable_days": "30"}, (False, True, 30), NOTHING_KEPT),
    ],
)
def test_what_stays_afterwards_is_said_to_whoever_is_about_to_come(
    app: Flask, mia: Visitor, chosen: dict[str, str], kept: tuple[bool, bool, int], sentence: str
) -> None:
    it = planned(mia, **chosen)
    assert (it.transcript, it.names, it.readable_days) == kept
    assert sentence in mia.get(f"/sessions/{it.code}").text
    cara = Visitor(app)
    page = cara.get(path_of(cara.get(link(it)))).text
    assert page.index(sentence) < page.index('name="name"')


def test_what_stays_afterwards_is_kept_when_the_plan_is_changed(mia: Visitor) -> None:
    it = planned(mia, stays="plan", readable_days="365")
    form = mia.get(f"/sessions/{it.code}/edit").text
    assert re.search(r'<input [^>]*checked[^>]*name="stays"[^>]*value="plan"', form)
    assert '<option selected value="365">' in form
    mia.send(f"/sessions/{it.code}/edit", **PLAN, stays="nameless", readable_days="365")
    db.session.expire_all()
    assert (it.transcript, it.names, it.readable_days) == (True, False, 365)
    mia.send(f"/sessions/{it.code}/edit", **PLAN, stays="record", readable_days="7")
    db.session.expire_all()
    assert (it.transcript, it.names, it.readable_days) == (True, True, 7)


def test_the_owner_may_be_unknown(mia: Visitor) -> None:
    it = planned(mia, owner_name="")
    assert [seat.role for seat in it.seats] == ["moderator"]


def test_a_team_is_made_once(mia: Visitor) -> None:
    mia.send("/sessions/new", **PLAN)
    mia.send("/sessions/new", **PLAN | {"team": " North "})
    teams = {it.team_id for it in db.session.scalars(select(Intervision))}
    assert len(teams) == 1
    assert '<option value="North">' in mia.get("/sessions/new").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": " \u200b "}, "give the session a title"),
        ({"title": "x" * 121}, "at most 120 characters"),
        ({"team": ""}, "name the team"),
        ({"call_url": "javascript:alert(1)"}, "paste the whole link"),
        ({"call_url": "data:text/html,hello"}, "paste the whole link"),
        ({"call_url": "https://"}, "paste the whole link"),
        ({"call_url": "https://[broken"}, "paste the whole link"),
        ({"call_url": "https://a.example/x\ny"}, "paste the whole link"),
        ({"date": ""}, "choose a date"),
        ({"date": "soon"}, "could not be read"),
        ({"date": "2001-01-01"}, "That moment has passed"),
        ({"date": "0001-01-01"}, "That moment has passed"),
        ({"date": "9999-12-31"}, "That is far away"),
        ({"date": "9999-12-31", "time": "23:00", "timezone": "America/New_York"}, "That is far away"),
        ({"time": "25:99"}, "could not be read"),
        ({"timezone": "Mars/Olympus"}, "Not a valid choice"),
        ({"expected": "2"}, "3 to 12 people"),
        ({"expected": "13"}, "3 to 12 people"),
        ({"expected": "many"}, "could not be read"),
        ({"length": "50"}, "Not a valid choice"),
        ({"length": ""}, "could not be read"),
        ({"language": "xx"}, "Not a valid choice"),
        ({"readable_days": "8"}, "Not a valid choice"),
        ({"minutes_ask": "0"}, "from 1 to 60"),
        ({"minutes_ask": "61"}, "from 1 to 60"),
        ({"minutes_ask": "1.5"}, "could not be read"),
        ({"owner_name": "Moderator"}, "stands for a role"),
        ({"owner_name": "MIA"}, "has that name already"),
        ({"owner_name": "x" * 41}, "at most 40 characters"),
    ],
)
def test_a_plan_with_a_mistake_says_what_to_do_and_keeps_what_was_typed(
    mia: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    page = mia.send("/sessions/new", **PLAN | wrong)
    assert page.status_code == 200
    assert sentence in page.text
    assert "https://meet.example/north" in page.text or "call_url" in wrong
    assert sessions() == 0


def test_an_hour_that_the_clocks_skip_is_no_hour(mia: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.sessions import planning_forms

    monkeypatch.setattr(planning_forms, "now", lambda: datetime(2026, 3, 1, tzinfo=UTC))
    page = mia.send("/sessions/new", **PLAN | {"date": "2026-03-29", "time": "02:30"})
    assert "skip this hour" in page.text
    assert path_of(mia.send("/sessions/new", **PLAN | {"date": "2026-03-29", "time": "03:30"}))


def test_a_session_may_be_planned_for_this_very_moment(mia: Visitor) -> None:
    late = now() - timedelta(minutes=20)
    assert planned(mia, date=late.date().isoformat(), time=late.strftime("%H:%M"), timezone="UTC").step == "planned"


def test_too_little_time_is_said_and_allowed(mia: Visitor) -> None:
    it = planned(mia, expected="12", length="45")
    page = mia.get(f"/sessions/{it.code}").text
    assert "Recommendations: 10 people need about 8 minutes here." in page
    assert "Plan 75 minutes instead" in page
    form = mia.get(f"/sessions/{it.code}/edit").text
    assert "10 people need about 8 minutes here." in form


def test_enough_time_is_not_mentioned(mia: Visitor) -> None:
    assert "need about" not in mia.get(f"/sessions/{planned(mia).code}").text


def test_what_people_type_is_shown_as_they_typed_it(mia: Visitor) -> None:
    it = planned(mia, title="<script>alert(1)</script>{{7*7}}", team="<b>North</b>")
    for page in ("/sessions/", f"/sessions/{it.code}", f"/sessions/{it.code}/edit"):
        text = mia.get(page).text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in text
        assert "<script>alert" not in text
        assert "<b>North" not in text


def test_a_plan_can_be_changed_and_starts_from_what_it_was(mia: Visitor) -> None:
    it = planned(mia, minutes_brainstorm="15")
    form = mia.get(f"/sessions/{it.code}/edit").text
    for value in ("The stalled renewal", "Otto", DAY.isoformat(), "10:30"):
        assert f'value="{value}"' in form
    assert re.search(r'name="minutes_brainstorm"[^>]*value="15"', form)
    assert '<option selected value="Europe/Amsterdam">' in form
    changed = mia.send(f"/sessions/{it.code}/edit", **PLAN | {"title": "A renewal", "owner_name": "Olga"})
    assert path_of(changed) == f"/sessions/{it.code}"
    db.session.expire_all()
    assert it.title == "A renewal"
    assert [(seat.name, seat.role) for seat in it.seats] == [("Mia", "moderator"), ("Olga", "owner")]


def open_room(it: Intervision) -> None:
    commands.perform(it.id, it.seats[0].id, "open", {}, command_id=str(uuid.uuid4()), base="planned")
    db.session.expire_all()


def test_once_the_room_is_open_the_plan_stays(mia: Visitor) -> None:
    it = planned(mia)
    open_room(it)
    assert mia.get(f"/sessions/{it.code}/edit").status_code == 409
    assert sessions() == 1


def test_a_session_that_was_never_opened_can_be_deleted(mia: Visitor) -> None:
    it = planned(mia)
    mia.send(f"/sessions/{it.code}/owner-link")
    assert path_of(mia.send(f"/sessions/{it.code}/delete")) == "/sessions/"
    assert sessions() == 0
    assert db.session.scalars(select(Seat)).all() == []
    assert db.session.scalars(select(Link)).all() == []
    assert "is deleted" in mia.get("/sessions/").text


def test_the_list_leads_to_the_invitation_the_room_and_the_record(mia: Visitor) -> None:
    assert "Your first session" in mia.get("/sessions/").text
    it = planned(mia)
    assert f'href="/sessions/{it.code}"' in mia.get("/sessions/").text
    open_room(it)
    assert f'href="/sessions/{it.code}/room"' in mia.get("/sessions/").text
    commands.perform(it.id, it.seats[0].id, "stop", {}, command_id=str(uuid.uuid4()))
    assert f'href="/sessions/{it.code}/record"' in mia.get("/sessions/").text
    assert "Nothing is planned" in mia.get("/sessions/").text
    assert path_of(mia.get(f"/sessions/{it.code}")) == f"/sessions/{it.code}/record"


PAGES = ("", "/edit", "/delete", "/calendar.ics")
FORMS = ("/edit", "/owner-link", "/rotate", "/delete")


def test_somebody_elses_session_is_answered_as_an_absent_one(app: Flask, mia: Visitor) -> None:
    it = planned(mia)
    stan = Visitor(app)
    stan.sign_in(make_account("Stan"))
    for page in PAGES:
        theirs, absent = stan.get(f"/sessions/{it.code}{page}"), stan.get(f"/sessions/ZZZZZZ{page}")
        assert theirs.status_code == absent.status_code == 404
        assert body(theirs.text) == body(absent.text)
    for form in FORMS:
        theirs, absent = stan.send(f"/sessions/{it.code}{form}"), stan.send(f"/sessions/ZZZZZZ{form}")
        assert theirs.status_code == absent.status_code == 404
        assert body(theirs.text) == body(absent.text)
    assert it.title not in stan.get("/sessions/").text


def test_without_an_account_every_page_asks_to_sign_in(app: Flask, mia: Visitor) -> None:
    it = planned(mia)
    stranger = Visitor(app)
    for code in (it.code, "ZZZZZZ"):
        for page in PAGES:
            assert path_of(stranger.get(f"/sessions/{code}{page}")) == f"/sign-in?next=/sessions/{code}{page}"
        for form in FORMS:
            assert path_of(stranger.send(f"/sessions/{code}{form}")) == "/sign-in"


def test_every_form_needs_its_token(mia: Visitor) -> None:
    it = planned(mia)
    turn = it.join_turn
    assert mia.send_without_token("/sessions/new", **PLAN).status_code == 400
    for form in FORMS:
        assert mia.send_without_token(f"/sessions/{it.code}{form}").status_code == 400
    db.session.expire_all()
    assert (sessions(), it.join_turn) == (1, turn)


@pytest.mark.parametrize("code", ["%00%00%00", "%F0%9F%99%82", "x" * 300, "..%2f..", "abc'--"])
def test_an_address_that_is_no_code_is_not_there(mia: Visitor, code: str) -> None:
    assert mia.get(f"/sessions/{code}").status_code == 404


def body(page: str) -> str:
    """A page without its nonce and token, which differ each time."""
    return "\n".join(line for line in page.splitlines() if "nonce=" not in line and "csrf_token" not in line)
