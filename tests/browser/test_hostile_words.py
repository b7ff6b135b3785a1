"""Hostile text in every field, in a real browser: it is read as text, runs nothing, breaks no policy and no layout."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Dialog, Page

from app.accounts import passwords
from app.extensions import db
from app.sessions import words
from app.sessions.commands.door import change
from app.sessions.models import Contribution
from tests.attacks.corpus import HOSTILE
from tests.attacks.test_words import fill, filled
from tests.browser.conftest import Enter, Meet
from tests.browser.people import Person
from tests.browser.test_reach import sign_in
from tests.sessions.cast import Cast
from tests.visitor import PASSWORD

WATCH = """
document.addEventListener("securitypolicyviolation", (e) => console.error("violation: " + e.violatedDirective));
window.alert = window.confirm = window.prompt = () => console.error("a dialog was opened");
"""
LONGEST = ("html", "long word", "marks", "right to left", "attribute")


@pytest.fixture
def cast(near: Flask) -> Cast:
    return Cast(call_url="https://meet.example/%22onclick=alert(1)")


def watched(person: Person) -> Person:
    person.page.add_init_script(WATCH)

    def on_dialog(dialog: Dialog) -> None:
        person.errors.append("a dialog was opened")
        dialog.dismiss()

    person.page.on("dialog", on_dialog)
    return person


def fill_each_differently(cast: Cast) -> None:
    """Every contribution with another text of the corpus, so that one look shows them all."""
    texts = list(HOSTILE.values())
    with change(cast.id, "corpus") as under_way:
        under_way.unseal()
        for number, item in enumerate(under_way.room.contributions()):
            text = clean(texts[number % len(texts)])
            item.text = text
            item.data = {name: filled(name, value, text) for name, value in item.data.items()}
        owner = under_way.room.owner
        for number, text in enumerate(texts):
            under_way.rows.add(idea(cast.id, owner.id if owner else None, number, clean(text)))


def idea(intervision_id: int, seat_id: str | None, number: int, text: str) -> Contribution:
    return Contribution(
        intervision_id=intervision_id, seat_id=seat_id, kind="idea", place=2_000_000 + number, text=text, data={}
    )


def clean(text: str) -> str:
    return words.clean(text) or "-"


def too_wide(page: Page) -> list[str]:
    wider: Any = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{page.url} scrolls sideways by {wider} px"] if wider > 0 else []


def holds(page: Page) -> None:
    assert too_wide(page) == []


@pytest.mark.parametrize("step", ["questions", "brainstorm", "recommendations", "feedback", "lessons", "closed"])
def test_the_room_shows_it_as_text(enter: Enter, cast: Cast, step: str) -> None:
    cast.run_up_to(step)
    fill_each_differently(cast)
    otto = enter("Otto", phone=True)
    watched(otto).page.reload()
    otto.page.get_by_role("heading", level=1).first.wait_for()
    if step == "brainstorm":
        otto.page.get_by_text("DROP TABLE seats").first.wait_for()
    holds(otto.page)
    assert otto.page.evaluate("document.querySelectorAll('main img, main svg[onload], main script').length") == 0


LOOSE = """
() => {
  const found = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (found.nextNode()) if (found.currentNode.data.includes("\u202e")) texts.push(found.currentNode);
  const alone = (it) => it.childNodes.length === 1 && getComputedStyle(it).display !== "inline";
  const free = (it) => !it.closest("bdi, [dir=auto], option, textarea, script") && !alone(it);
  const loose = texts.filter((text) => free(text.parentElement));
  return { count: texts.length, loose: loose.map((text) => text.parentElement.outerHTML) };
}
"""
"""Texts with a mark that turns the direction: how many there are, and those that share a paragraph with other words."""


@pytest.mark.parametrize("step", ["lobby", "questions", "brainstorm", "recommendations", "lessons", "closed"])
def test_the_room_lets_no_text_turn_the_words_beside_it(enter: Enter, cast: Cast, step: str) -> None:
    cast.run_up_to(step)
    fill(cast, HOSTILE["right to left"])
    otto = enter("Otto", phone=True)
    otto.page.get_by_role("heading", level=1).first.wait_for()
    otto.waits_until(lambda: bool(otto.page.evaluate(LOOSE)["count"]))
    assert otto.page.evaluate(LOOSE)["loose"] == []


@pytest.mark.parametrize("name", LONGEST)
def test_record_and_invitation_show_it_as_text(enter: Enter, cast: Cast, name: str) -> None:
    cast.run_up_to("lessons").go_to("closed")
    fill(cast, HOSTILE[name])
    otto = watched(enter("Otto", phone=True))
    otto.goes_to(f"/sessions/{cast.room().it.code}/record")
    otto.page.get_by_role("heading", level=1).first.wait_for()
    holds(otto.page)


@pytest.mark.parametrize("name", LONGEST)
def test_the_pages_of_who_moderates_show_it_as_text(meet: Meet, cast: Cast, name: str) -> None:
    cast.account.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    cast.run_up_to("lessons").go_to("closed")
    fill(cast, HOSTILE[name])
    mia, session = watched(meet("Mia", phone=True)), f"/sessions/{cast.room().it.code}"
    sign_in(mia, cast.account.email)
    around = ("/sessions/", "/archive", "/archive?q=the", "/lessons", "/lessons/today", "/follow-ups", "/dashboard")
    found = []
    for path in (*around, session, *(f"{session}/{each}" for each in ("record", "replay", "process", "people"))):
        mia.goes_to(path)
        mia.page.get_by_role("heading", level=1).first.wait_for()
        found += too_wide(mia.page)
    assert found == [], "\n".join(found)


def test_a_room_with_two_thousand_contributions_can_still_be_used(enter: Enter, cast: Cast) -> None:
    cast.go_to("brainstorm")
    with change(cast.id, "corpus") as under_way:
        for number in range(1_990):
            under_way.rows.add(idea(cast.id, cast.seats["Carl"], number, f"Idea number {number}"))
    db.session.rollback()
    cara = enter("Cara")
    cara.sees("Idea number 1989")
    cara.page.get_by_role("textbox").first.fill("One of the last")
    cara.page.keyboard.press("Control+Enter")
    cara.sees("One of the last")
