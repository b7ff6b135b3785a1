"""The archive and what stays of a session, in a real browser, on a phone and on a laptop."""

import os
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.accounts.models import Account
from app.times import now
from tests.archive.test_search import hold
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.sessions.cast import START
from tests.visitor import PASSWORD, make_account

NO_TRANSCRIPT = re.compile("^This session leaves no transcript")


@pytest.fixture
def account(near: Flask) -> Account:
    return make_account("Mia")


def signed_in(meet: Meet, account: Account, **how: Any) -> Person:
    mia = meet("Mia", **how)
    mia.goes_to("/sign-in")
    mia.writes("E-mail", account.email)
    mia.writes("Password", PASSWORD)
    mia.presses("Sign in", within="main")
    expect(mia.page).to_have_url(re.compile(r"/sessions/$"))
    return mia


def fill(account: Account) -> None:
    hold(
        account,
        "A contract with the Café in the Straße der Pariser Kommune that nobody wants to sign",
        issue="The owner of the café likes us and will not name who decides about the money this year",
        lessons=("Count roles, not contacts: who signs, who pays, who uses it, and who can stop it in the café",),
        team="North",
    )
    for number in range(1, 24):
        hold(account, f"Renewal number {number}", team="South and the islands", owner_name="Olga", starts_at=START)


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_finds_a_past_session_again(meet: Meet, account: Account, phone: bool) -> None:
    fill(account)
    mia = signed_in(meet, account, phone=phone)
    page = mia.page
    mia.finds_nothing_wrong()
    mia.presses("Search all past sessions")
    mia.sees("24 sessions")
    mia.finds_nothing_wrong()
    look(mia, "archive", phone)
    mia.presses("Next page")
    mia.sees("Page 2 of 2")

    mia.writes("Words in the sessions", "cafe STRASSE")
    page.keyboard.press("Enter")
    mia.sees("1 session")
    assert page.locator("mark").all_inner_texts() == ["Café", "Straße", "café"]
    mia.finds_nothing_wrong()
    look(mia, "found", phone)

    page.get_by_text("Only some of them").click()
    page.get_by_label("Issue owner").select_option("Olga")
    mia.presses("Search", within="form[role=search]")
    mia.sees("Nothing found")
    expect(page.get_by_label("Issue owner")).to_have_value("Olga")
    mia.finds_nothing_wrong()
    look(mia, "nothing", phone)
    kept = page.url
    mia.presses("Show all")
    mia.goes_to(kept)
    mia.sees("Nothing found")

    page.get_by_label("Words in the sessions").fill("")
    page.keyboard.press("Enter")
    mia.sees("23 sessions")
    page.get_by_role("link", name=re.compile("^Record.*Renewal number 23$")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Renewal number 23")


def test_an_empty_archive_says_what_to_do(meet: Meet, account: Account) -> None:
    mia = signed_in(meet, account, phone=True)
    mia.goes_to("/archive")
    mia.sees("No session has been closed yet")
    mia.finds_nothing_wrong()


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_no_transcript_is_chosen_at_planning_and_read_before_anybody_accepts(
    meet: Meet, account: Account, phone: bool
) -> None:
    mia = signed_in(meet, account, phone=phone)
    mia.goes_to("/sessions/new")
    mia.writes("Title", "Nothing stays")
    mia.writes("Team", "North")
    mia.page.get_by_label("Date").fill((now() + timedelta(days=1)).date().isoformat())
    mia.page.get_by_label("Time", exact=True).fill("10:00")
    expect(mia.page.get_by_label("Participants can read")).to_have_value("90")
    mia.page.get_by_label("No transcript.").check()
    expect(mia.page.get_by_label("Participants can read")).to_be_hidden()
    mia.finds_nothing_wrong()
    look(mia, "plan", phone)
    mia.presses("Plan it, and invite the team")
    mia.sees("This session leaves no transcript")
    mia.finds_nothing_wrong()
    look(mia, "invitation", phone)
    join = mia.page.get_by_label("Link to join").first.input_value()

    mia.presses("Go to the room")
    mia.presses("Open the room")
    mia.sees("Our agreement")

    cara = meet("Cara", phone=phone)
    cara.goes_to(join)
    cara.sees("This session leaves no transcript")
    cara.finds_nothing_wrong()
    look(cara, "name", phone)
    cara.writes("Your name", "Cara")
    cara.presses("Come in")
    expect(cara.page.locator(".agreement").get_by_text(NO_TRANSCRIPT)).to_be_visible()
    expect(cara.page.get_by_role("button", name="I accept").first).to_be_visible()
    cara.finds_nothing_wrong()
    look(cara, "lobby", phone)


def look(person: Person, name: str, phone: bool) -> None:
    if folder := os.environ.get("ARCHIVE_LOOK"):
        person.page.screenshot(path=f"{folder}/{name}-{'phone' if phone else 'laptop'}.png", full_page=True)
