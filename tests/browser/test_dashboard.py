"""Mia makes a token, Otto exports his actions on his phone, and the dashboard says how the team's sessions went."""

import os
import re

import pytest
import requests
from flask import Flask
from playwright.sync_api import expect

from app.accounts.models import Account
from app.extensions import db
from app.followup.models import FollowUp, Kind
from app.times import now
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import PASSWORD, make_account

SIZES = [pytest.param(True, id="phone"), pytest.param(False, id="laptop")]


def held(account: Account, title: str, helped: int) -> Cast:
    """A whole session with five answers to the pulse, and an owner who says how it helped."""
    cast = Cast(account, title=title, visibility="process", starts_at=now()).opened("Cara", "Carl", "Cleo")
    cast.run_up_to("lessons")
    for who in ("Mia", "Otto", "Cara", "Carl", "Cleo"):
        cast.does(who, "pulse", useful=5, safe=4)
    cast.does("Mia", "themes", themes=["Several deciders", title])
    cast.go_to("closed")
    db.session.rollback()
    db.session.add(
        FollowUp(
            intervision_id=cast.id,
            seat_id=cast.seats["Otto"],
            kind=Kind.CHECK_IN,
            number=2,
            at=now(),
            version=99,
            data={"helped": helped},
        )
    )
    db.session.commit()
    return cast


def enters(meet: Meet, phone: bool, **how: object) -> Person:
    mia = meet("Mia", phone=phone, **how)
    mia.goes_to("/sign-in")
    mia.writes("E-mail", "mia@example.org")
    mia.writes("Password", PASSWORD)
    mia.presses("Sign in", within="main")
    expect(mia.page.get_by_role("navigation", name="Main").get_by_role("button")).to_be_visible()
    return mia


@pytest.mark.parametrize("phone", SIZES)
def test_mia_makes_a_token_a_tool_uses_it_and_she_ends_it(meet: Meet, near: Flask, server: Server, phone: bool) -> None:
    account = make_account("Mia")
    cast = Cast(account).run_up_to("closed")
    code = cast.room().it.code
    mia = enters(meet, phone)
    mia.goes_to("/account")
    mia.presses("Tokens for the API")
    mia.writes("What is it for?", "Our CRM")
    mia.page.get_by_label("Read the actions that issue owners exported").check()
    mia.writes("Your password", PASSWORD)
    look(mia, "tokens", phone)
    mia.finds_nothing_wrong()
    mia.presses("Make the token")
    field = mia.page.get_by_label("Token", exact=True)
    expect(field).to_have_value(re.compile("intervise_"))
    token = field.input_value()
    look(mia, "token", phone)
    mia.finds_nothing_wrong()

    def actions() -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{server.url}/api/v1/actions", headers=headers, timeout=10)

    assert actions().json()["items"] == []
    otto = meet("Otto", phone=phone)
    name, value = cookie_of(near, cast, "Otto").split("=", 1)
    otto.context.add_cookies([{"name": name, "value": value, "url": server.url}])
    otto.goes_to(f"/sessions/{code}/follow-up")
    otto.page.get_by_role("heading", name="The company’s tools").click()
    otto.presses("Let tools read my actions")
    otto.sees("can read your actions from now on")
    look(otto, "export", phone)
    otto.finds_nothing_wrong()
    assert [action["what"] for action in actions().json()["items"]] == ["Draw the map"]
    otto.page.get_by_role("heading", name="The company’s tools").click()
    otto.presses("No longer let tools read them")
    otto.sees("From now on no tool can read your actions")
    assert actions().json()["items"] == []

    mia.goes_to("/account/tokens")
    mia.sees("Last used on")
    mia.presses("End it")
    mia.sees("The token is ended.")
    assert actions().status_code == 401
    mia.presses("What the API offers")
    mia.sees("GET /actions")
    look(mia, "guide", phone)
    mia.finds_nothing_wrong()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", SIZES)
def test_the_dashboard_shows_how_sessions_went(meet: Meet, near: Flask, phone: bool, scheme: str) -> None:
    account = make_account("Mia")
    for number, helped in enumerate((5, 4, 4, 2, 5), 1):
        held(account, f"Theme {number // 2}", helped)
    mia = enters(meet, phone, color_scheme=scheme)
    if phone:
        mia.presses("Menu")
        mia.finds_nothing_wrong()
    mia.presses("Dashboard")
    mia.sees("North")
    mia.sees("5 of 5")
    mia.sees("Several deciders")
    mia.sees("fewer than 3")
    mia.sees("What this page leaves out, and why")
    said = mia.page.get_by_role("table", name="How owners say it helped").get_by_role("row")
    assert [row.get_by_role("cell").last.inner_text() for row in said.all()[1:]] == ["0", "1", "0", "2", "2"]
    expect(mia.page.get_by_text("last in")).to_have_count(1)
    look(mia, f"dashboard-{scheme}", phone)
    mia.finds_nothing_wrong()
    mia.presses("A quarter earlier")
    mia.does_not_see("5 of 5")
    mia.presses("A quarter later")
    mia.sees("5 of 5")


def look(person: Person, name: str, phone: bool) -> None:
    if folder := os.environ.get("DASHBOARD_LOOK"):
        person.page.screenshot(path=f"{folder}/{name}-{'phone' if phone else 'laptop'}.png", full_page=True)
