"""Everybody reaches everything: in each step, as each role, by day and by night, at 320 px, at 200 %, in high
contrast.
"""

from typing import Any

import pytest

from app.accounts import passwords
from app.extensions import db
from tests.browser.conftest import Enter, Meet
from tests.browser.people import Person
from tests.browser.reach import faults, in_light_and_dark, screen
from tests.browser.walk import Walk
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import PASSWORD


@pytest.mark.parametrize(("who", "how"), [("Mia", {}), ("Otto", {"phone": True}), ("Cara", {"width": 768})])
def test_everybody_reaches_everything_in_every_step(walk: Walk, enter: Enter, who: str, how: dict[str, Any]) -> None:
    found = []
    person: Person | None = None
    for moment in walk.moments():
        person = person or enter(who, **how)
        person.hears(walk.room().it.version)
        found += [f"{moment}: {fault}" for fault in faults(person)]
    assert found == [], "\n".join(found)


WINDOWS = (
    ("Mia", "here", "More about Cara"),
    ("Mia", "here", "More about Cara", "A personal link for them"),
    ("Mia", "Desk"),
    ("Mia", "Desk", "More for the clock"),
    ("Mia", "Desk", "Stop the session"),
    ("Cara", "here"),
    ("Cara", "here", "Your name and devices"),
    ("Cara", "here", "Your name and devices", "Use another device"),
)


def test_every_window_of_the_room_too(walk: Walk, enter: Enter) -> None:
    walk.run_up_to("questions")
    company = {"Mia": enter("Mia", phone=True), "Cara": enter("Cara", phone=True)}
    found = []
    for who, *path in WINDOWS:
        person = company[who]
        person.hears(walk.room().it.version)
        for name in path:
            person.page.get_by_role("button", name=name).first.click()
        found += [f"{path}, {who}: {fault}" for fault in faults(person)]
        person.page.keyboard.press("Escape")
        person.page.keyboard.press("Escape")
    assert found == [], "\n".join(found)


def test_the_pages_around_the_room_too(walk: Walk, enter: Enter, meet: Meet) -> None:
    walk.account.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    walk.run_up_to("statement")
    held = Cast(walk.account, title="The hospitals").run_up_to("closed")
    cara, stan, mia = enter("Cara"), meet("Stan"), meet("Mia")
    stan.may_fail = True
    sign_in(mia, walk.account.email)
    plan = f"/sessions/{Cast(walk.account, title='The next one').room().it.code}"
    found, titles = [], []
    for person, path in (
        *((stan, path) for path in ("/", "/join", link(walk.room().it), a_seat_of(cara), "/sign-in", "/no-such-page")),
        *((mia, path) for path in ("/", "/account", "/sessions/", "/sessions/new", plan, f"{plan}/edit")),
        *((mia, path) for path in ("/archive", f"/sessions/{held.room().it.code}/record")),
    ):
        person.goes_to(path)
        found += [f"{path}, {person.name}: {fault}" for fault in faults(person)]
        with screen(person, 390, 844):
            found += [f"{path}, {person.name}: at 390 {fault}" for fault in in_light_and_dark(person)]
        titles.append(person.page.title())
    assert found == [], "\n".join(found)
    assert sorted(set(titles)) == sorted(titles[1:]), "only the start page is seen by two"


def sign_in(person: Person, email: str, password: str = PASSWORD) -> None:
    person.goes_to("/sign-in")
    person.writes("E-mail", email)
    person.writes("Password", password)
    person.presses("Sign in", within="main")


def a_seat_of(person: Person) -> str:
    person.presses("Your name and devices")
    person.presses("Use another device")
    return person.page.locator("input[readonly]").first.input_value()


def test_forms_with_errors_too(meet: Meet, walk: Walk) -> None:
    walk.account.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    mia = meet("Mia")
    mia.may_fail = True
    sign_in(mia, walk.account.email, "another password")
    mia.page.wait_for_selector(".banner.is-alert, .field-error")
    found = list(faults(mia))
    sign_in(mia, walk.account.email)
    mia.goes_to("/sessions/new")
    mia.page.evaluate("document.getElementById('plan').noValidate = true")
    mia.presses("Plan it, and invite the team")
    mia.sees("Something needs your attention")
    found += faults(mia)
    mia.goes_to("/join")
    mia.page.locator("main input:not([type=hidden])").first.fill("NO-SUCH")
    mia.page.keyboard.press("Enter")
    mia.page.wait_for_selector(".field-error, .banner")
    found += faults(mia)
    assert found == [], "\n".join(found)
