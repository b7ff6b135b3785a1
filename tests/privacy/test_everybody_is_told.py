"""On real sockets and in a real browser: what those who are connected are told."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.accounts.models import Account
from app.extensions import db
from app.sessions.models import Intervision
from tests.browser.conftest import enter, meet  # noqa: F401 - fixtures
from tests.browser.people import Person as Somebody
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of
from tests.visitor import PASSWORD, make_account


@pytest.fixture
def mia(near: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def cast(mia: Account) -> Cast:
    return Cast(mia)


@pytest.fixture
def mias(mia: Account, cast: Cast, meet: Callable[..., Somebody]) -> Somebody:  # noqa: F811
    """Mia at her laptop, signed in."""
    browser = meet("Mia")
    browser.goes_to("/sign-in")
    browser.writes("E-mail", mia.email)
    browser.writes("Password", PASSWORD)
    browser.presses("Sign in", within="main")
    expect(browser.page).to_have_url(re.compile(r"/sessions/$"))
    return browser


def test_deleted_while_it_is_live_everybody_is_told_and_nothing_is_left(
    near: Flask, server: Server, cast: Cast, mias: Somebody
) -> None:
    cast.go_to("questions")
    code = cast.room().it.code
    people = [Person(server.url, code, cookie_of(near, cast, who)) for who in ("Otto", "Cara", "Carl")]
    mias.goes_to(f"/sessions/{code}/delete")
    mias.sees("It is open at the moment")
    mias.finds_nothing_wrong()
    mias.presses("Delete it for good")
    mias.sees("is deleted")
    assert [person.next("goodbye") for person in people] == [{"reason": "ended"}] * 3
    for person in people:
        person.leave()
    db.session.rollback()
    assert db.session.get(Intervision, cast.id) is None


def test_otto_has_his_words_erased_from_his_phone(
    near: Flask,
    server: Server,
    cast: Cast,
    enter: Callable[..., Somebody],  # noqa: F811
) -> None:
    cast.run_up_to("closed")
    code = cast.room().it.code
    tablet = Person(server.url, code, cookie_of(near, cast, "Otto"))
    otto = enter("Otto", phone=True)
    otto.page.evaluate(
        f"sessionStorage.setItem('intervise:{code}:{cast.seats['Otto']}:draft:note', '\"half written\"')"
    )
    page = otto.context.new_page()
    page.goto(f"{server.url}/sessions/{code}/record")
    page.get_by_text("Who read this record").click()
    page.get_by_role("link", name="My words").click()
    page.get_by_text("Name and words").click()
    page.get_by_text("I know that nobody can bring it back").click()
    page.get_by_role("button", name="Erase it").click()
    expect(page.get_by_text("You are erased from the session")).to_be_visible()
    otto.sees("You are erased from this session")
    assert otto.page.evaluate("sessionStorage.length") == 0
    assert tablet.next("goodbye") == {"reason": "erased"}
    tablet.leave()
    cara = enter("Cara")
    cara.goes_to(f"/sessions/{code}/record")
    cara.sees("Words erased at the author’s wish.")
    cara.sees("Someone who left")


def test_the_pages_of_privacy_are_for_everybody(
    cast: Cast,
    mia: Account,
    mias: Somebody,
    enter: Callable[..., Somebody],  # noqa: F811
) -> None:
    cast.run_up_to("closed")
    db.session.rollback()
    mia.admin = True
    db.session.commit()
    code = cast.room().it.code
    for page in (
        f"/sessions/{code}/record",
        f"/sessions/{code}/people",
        f"/sessions/{code}/people/{cast.seats['Otto']}",
        "/account",
        "/account/erase",
        "/teams",
        "/teams/1",
        "/audit",
    ):
        mias.goes_to(page)
        mias.finds_nothing_wrong()
    otto = enter("Otto", phone=True)
    otto.goes_to(f"/sessions/{code}/mine")
    otto.finds_nothing_wrong()
