"""After the session: the owner’s way on a phone, the supporter’s, the moderator’s, and the next lobby."""

import os
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.followup.models import CheckIn
from app.sessions.models import Visibility
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.browser.test_archive import signed_in
from tests.conftest import Server
from tests.followup.conftest import FINANCE, MAP, held
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import make_account


@pytest.fixture
def account(near: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def cast(account: Account) -> Cast:
    """Closed two weeks ago, as far as the check-ins are concerned."""
    cast = held(account, visibility=Visibility.FACILITATORS)
    for each in db.session.scalars(select(CheckIn).where(CheckIn.intervision_id == cast.id)):
        each.due_on -= timedelta(days=14)
    db.session.commit()
    return cast


def comes(meet: Meet, near: Flask, server: Server, cast: Cast, who: str, path: str, **how: object) -> Person:
    person = meet(who, **how)
    name, value = cookie_of(near, cast, who).split("=", 1)
    person.context.add_cookies([{"name": name, "value": value, "url": server.url}])
    person.goes_to(f"/sessions/{cast.room().it.code}/{path}")
    return person


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_otto_carries_out_his_plan(meet: Meet, near: Flask, server: Server, cast: Cast, phone: bool) -> None:
    otto = comes(meet, near, server, cast, "Otto", "room", phone=phone)
    page = otto.page
    page.get_by_role("link", name="Open my page").click()
    expect(page.get_by_role("heading", name="How did it go?")).to_be_visible()
    otto.finds_nothing_wrong()
    look(otto, "plan", phone)

    otto.writes("What did you do, and what happened then?", "I drew the map; two names were new")
    page.get_by_label("A good deal").check()
    otto.presses("Save my answers")
    otto.sees("Saved.")
    expect(page.get_by_role("heading", name="How did it go?")).to_have_count(0)

    action = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=MAP))
    action.get_by_label("Under way").check()
    action.get_by_label("What happened?").fill("Karim knows who signs")
    action.get_by_label("By when").fill("2031-07-09")
    action.get_by_role("button", name="Save").click()
    otto.sees("Saved.")
    expect(action.get_by_label("Under way")).to_be_checked()
    expect(action.get_by_label("What happened?")).to_have_value("Karim knows who signs")
    expect(action.get_by_label("By when")).to_have_value("2031-07-09")

    page.get_by_text("Add a new step").click()
    otto.writes("What will you do?", "Invite the buyer")
    otto.presses("Add it")
    expect(page.get_by_role("heading", name="Invite the buyer")).to_be_visible()
    otto.finds_nothing_wrong()
    look(otto, "answered", phone)

    otto.presses("The record")
    otto.sees("Karim knows who signs")
    otto.finds_nothing_wrong()
    look(otto, "record", phone)


def test_otto_does_it_with_the_keyboard_alone(meet: Meet, near: Flask, server: Server, cast: Cast) -> None:
    otto = comes(meet, near, server, cast, "Otto", "follow-up")
    page = otto.page
    state = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=MAP)).get_by_label("Not started")
    state.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    otto.sees("Saved.")
    found = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=MAP))
    expect(found.get_by_label("Done")).to_be_checked()


def test_cara_says_how_she_can_help_and_otto_reads_it(meet: Meet, near: Flask, server: Server, cast: Cast) -> None:
    cara = comes(meet, near, server, cast, "Cara", "room", phone=True)
    cara.page.get_by_role("link", name="Say how you can help").click()
    cara.sees(FINANCE)
    cara.does_not_see(MAP)
    cara.writes("How I can help", "I know Ines in finance")
    cara.presses("Let them know")
    cara.sees("Saved.")
    cara.finds_nothing_wrong()
    look(cara, "support", True)
    otto = comes(meet, near, server, cast, "Otto", "follow-up", phone=True)
    otto.sees("I know Ines in finance")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_sees_what_is_due(meet: Meet, cast: Cast, account: Account, phone: bool) -> None:
    mia = signed_in(meet, account, phone=phone)
    mia.sees("1 check-in is due.")
    mia.finds_nothing_wrong()
    look(mia, "home", phone)
    mia.presses("Bring it up")
    mia.sees("What has changed in the plan?")
    mia.finds_nothing_wrong()
    look(mia, "due", phone)


def test_the_next_lobby_opens_with_the_last_commitments(
    meet: Meet, near: Flask, server: Server, cast: Cast, account: Account
) -> None:
    following = Cast(account).opened("Nora")
    nora = comes(meet, near, server, following, "Nora", "room", phone=True)
    nora.sees("Since last time")
    nora.sees(MAP)
    nora.finds_nothing_wrong()
    look(nora, "lobby", True)


def look(person: Person, name: str, phone: bool) -> None:
    """INTERVISE_PICTURES names a folder for pictures, for people to look at."""
    if folder := os.environ.get("INTERVISE_PICTURES"):
        person.page.screenshot(path=f"{folder}/follow-up-{name}-{'phone' if phone else 'laptop'}.png", full_page=True)
