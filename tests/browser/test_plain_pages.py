"""The pages around the room in a real browser: what their scripts do, and that axe finds nothing wrong on them."""

import re

import pytest
from flask import Flask
from playwright.sync_api import expect

from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import PASSWORD, make_account


@pytest.fixture
def mia(meet: Meet, near: Flask) -> Person:
    """Mia, signed in, on a phone in Amsterdam."""
    account = make_account("Mia", admin=True)
    mia = meet("Mia", phone=True, timezone_id="Europe/Amsterdam")
    mia.goes_to("/sign-in")
    mia.finds_nothing_wrong()
    mia.writes("E-mail", account.email)
    mia.writes("Password", PASSWORD)
    mia.presses("Sign in", within="main")
    expect(mia.page).to_have_url(re.compile(r"/sessions/$"))
    return mia


def test_a_new_plan_starts_in_the_time_zone_of_this_device(mia: Person) -> None:
    mia.goes_to("/sessions/new")
    expect(mia.page.get_by_label("Time zone")).to_have_value("Europe/Amsterdam")
    expect(mia.page.get_by_label("Date")).to_have_value(re.compile(r"\d{4}-\d\d-\d\d"))
    expect(mia.page.get_by_label("Time", exact=True)).to_have_value(re.compile(r"\d\d:00"))


def test_the_plan_counts_along(mia: Person) -> None:
    mia.goes_to("/sessions/new")
    page = mia.page
    page.get_by_label("People you expect").fill("10")
    expect(page.get_by_label("75 minutes")).to_be_checked()
    mia.sees("75 minutes in all")
    expect(page.get_by_label("Brainstorm")).to_have_value("14")

    page.get_by_label("45 minutes").check()
    mia.sees("For 10 people we suggest 75 minutes.")
    mia.sees("10 people need about 4 minutes here.")
    mia.finds_nothing_wrong()
    mia.presses("Make it 60 minutes")
    mia.does_not_see("need about")

    page.get_by_label("Brainstorm").fill("20")
    mia.sees("The parts add up to 69 minutes, and the session has 60.")
    mia.presses("Back to the usual minutes")
    expect(page.get_by_label("Brainstorm")).to_have_value("11")
    mia.does_not_see("The parts add up")


def test_a_length_that_mia_chose_stays_when_the_group_grows(mia: Person) -> None:
    mia.goes_to("/sessions/new")
    mia.page.get_by_label("45 minutes").check()
    mia.page.get_by_label("People you expect").fill("12")
    expect(mia.page.get_by_label("45 minutes")).to_be_checked()


def test_the_bar_is_drawn_in_the_order_of_the_session(mia: Person) -> None:
    mia.goes_to("/sessions/new")
    bar = "[...document.querySelectorAll('.bar-slot')].map(slot => Number(slot.getAttribute('x')))"
    places = mia.page.evaluate(bar)
    assert places == sorted(places)
    mia.page.get_by_label("Issue statement").fill("20")
    moved = mia.page.evaluate(bar)
    assert moved == sorted(moved)
    assert moved[2] == places[2] + 14


def test_a_tap_copies_the_invitation(mia: Person) -> None:
    mia.goes_to("/account")
    mia.finds_nothing_wrong()
    mia.presses("Make a link")
    mia.context.grant_permissions(["clipboard-read", "clipboard-write"])
    mia.presses("Copy")
    mia.sees("Copied")
    copied = mia.page.evaluate("navigator.clipboard.readText()")
    assert copied == mia.page.get_by_label("The link for your colleague").input_value()


def test_two_taps_on_come_in_send_the_form_once(meet: Meet, cast: Cast) -> None:
    cara = meet("Cara", phone=True)
    cara.goes_to("/")
    cara.finds_nothing_wrong()
    cara.goes_to(link(cast.room().it))
    cara.finds_nothing_wrong()
    cara.writes("Your name", "Cara")
    # The window hears of a submission last; it keeps the page here, so that both taps can be counted.
    sent = cara.page.get_by_role("button", name="Come in").evaluate(
        """button => {
            let sent = 0;
            window.addEventListener("submit", event => {
                if (!event.defaultPrevented) sent += 1;
                event.preventDefault();
            });
            button.click();
            button.click();
            return sent;
        }"""
    )
    assert sent == 1
