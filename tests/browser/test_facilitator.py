"""Themes given in the room, the choice of who reads, and Fay who reviews: on a phone and on a laptop."""

import os
import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.accounts.models import AccountKind
from app.extensions import db
from app.teams.models import MemberKind, Membership, Team
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.sessions.cast import Cast
from tests.visitor import PASSWORD, make_account


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_gives_themes_in_the_last_phase_and_fay_finds_the_session_by_them(
    meet: Meet, near: Flask, phone: bool
) -> None:
    account = make_account("Mia")
    earlier = Cast(account, title="An earlier one").go_to("lessons")
    earlier.does("Mia", "themes", themes=["Several deciders"])
    cast = Cast(account, visibility="facilitators").run_up_to("lessons")
    code = cast.room().it.code
    db.session.rollback()
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.query(Team).one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()

    mia = enters(meet, "Mia", phone)
    mia.goes_to(f"/sessions/{code}/room")
    chip = mia.page.get_by_role("button", name="Several deciders")
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    mia.writes("Another theme", "Renewal")
    mia.page.keyboard.press("Enter")
    expect(mia.page.get_by_role("button", name="Renewal")).to_have_attribute("aria-pressed", "true")
    look(mia, "themes", phone)
    mia.finds_nothing_wrong()
    cast.does("Mia", "advance")
    mia.sees("the facilitators of")
    mia.page.get_by_role("button", name="Renewal").click()
    expect(mia.page.get_by_role("button", name="Renewal")).to_have_count(0)
    mia.finds_nothing_wrong()

    fays = enters(meet, "Fay", phone)
    expect(fays.page).to_have_url(re.compile("/archive$"))
    fays.writes("Words in the sessions", "deciders")
    fays.page.keyboard.press("Enter")
    fays.sees("1 session")
    look(fays, "archive", phone)
    fays.finds_nothing_wrong()
    fays.page.get_by_role("link", name=re.compile("^Record")).click()
    fays.sees("Nobody will name a decider")
    look(fays, "record", phone)
    fays.finds_nothing_wrong()

    mia.goes_to(f"/sessions/{code}/record")
    mia.page.get_by_text("Who read this record").click()
    mia.sees("(facilitator)")
    mia.page.get_by_text("Change the themes").click()
    mia.writes("Other themes", "Price")
    mia.presses("Save the themes")
    mia.sees("The themes are saved.")
    mia.finds_nothing_wrong()
    mia.goes_to(f"/sessions/{code}/people")
    mia.page.get_by_label("and no words of the case").check()
    look(mia, "people", phone)
    mia.finds_nothing_wrong()
    mia.presses("Let fewer people read it")
    mia.sees("From now on fewer people can read it.")

    fays.goes_to(f"/sessions/{code}/record")
    fays.sees("How it went: North")
    fays.does_not_see("Nobody will name a decider")
    look(fays, "process", phone)
    fays.finds_nothing_wrong()


def enters(meet: Meet, name: str, phone: bool) -> Person:
    person = meet(name, phone=phone)
    person.goes_to("/sign-in")
    person.writes("E-mail", f"{name.lower()}@example.org")
    person.writes("Password", PASSWORD)
    person.presses("Sign in", within="main")
    expect(person.page.get_by_role("navigation", name="Main").get_by_role("button")).to_be_visible()
    return person


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_ada_adds_fay_to_a_team(meet: Meet, near: Flask, phone: bool) -> None:
    make_account("Ada", admin=True)
    make_account("Fay", AccountKind.FACILITATOR)
    ada = enters(meet, "Ada", phone)
    ada.goes_to("/teams")
    ada.writes("Name of the team", "North")
    ada.presses("Make the team")
    ada.page.get_by_label("Who?").select_option(label="Fay · fay@example.org")
    ada.page.get_by_label("Facilitator:").check()
    ada.presses("Add to the team")
    expect(ada.page.get_by_role("heading", name="Fay")).to_be_visible()
    look(ada, "team", phone)
    ada.finds_nothing_wrong()
    ada.presses("Take out")
    ada.sees("Nobody belongs to this team yet.")
    ada.goes_to("/teams")
    ada.finds_nothing_wrong()


def look(person: Person, name: str, phone: bool) -> None:
    if folder := os.environ.get("ARCHIVE_LOOK"):
        person.page.screenshot(path=f"{folder}/{name}-{'phone' if phone else 'laptop'}.png", full_page=True)
