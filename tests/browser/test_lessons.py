"""Shared lessons in a real browser: today's card on a phone, the list, and a plan on a theme."""

import os
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Route, expect

from app.accounts.models import Account
from app.sessions.commands import planning
from app.sessions.models import Visibility
from app.times import at, now
from tests.browser.conftest import Enter, Meet
from tests.browser.people import Person
from tests.browser.test_archive import signed_in
from tests.browser.walk import Walk
from tests.sessions.cast import FIELDS, Cast
from tests.visitor import make_account

LESSONS: tuple[dict[str, Any], ...] = (
    {
        "text": "Count roles, not contacts: who signs, who pays, who uses it, and who can stop it.",
        "situation": "Nine people are friendly, and for a year nobody has said who decides.",
        "named": True,
    },
    {
        "text": "A hand-over is a moment to ask what the other one would not write down.",
        "situation": "",
        "named": False,
    },
)


@pytest.fixture
def account(near: Flask) -> Account:
    return make_account("Mia")


def hold(account: Account, days_ago: int, *lessons: dict[str, Any]) -> Cast:
    moment = now() - timedelta(days=days_ago)
    with at(moment):
        cast = Cast(account, starts_at=moment, visibility=Visibility.FACILITATORS).go_to("lessons")
        for lesson in lessons:
            cast.does("Cara", "lesson", share=True, **lesson)
        cast.does("Mia", "themes", themes=["Deciders"])
        cast.does("Mia", "advance", anyway=True)
    return cast


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_meets_a_lesson_again_on_her_phone_and_nothing_she_types_leaves_it(
    meet: Meet, account: Account, phone: bool
) -> None:
    hold(account, 7, *LESSONS)
    mia = signed_in(meet, account, phone=phone)
    page = mia.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data}"))
    mia.goes_to("/")
    mia.presses("Today’s cards: 2")
    mia.finds_nothing_wrong()
    words = page.get_by_text(re.compile("^(Count roles|A hand-over)"))
    expect(words).to_be_hidden()
    mia.writes("What would you do?", "I would ask who signs")
    look(mia, "card-before", phone)
    page.get_by_text("Show what they learned").click()
    expect(words).to_be_visible()
    expect(page.get_by_label("What would you do?")).to_have_value("I would ask who signs")
    look(mia, "card-after", phone)
    mia.finds_nothing_wrong()
    mia.presses("Next card")
    mia.sees("Card 2 of 2")
    expect(page.get_by_label("What would you do?")).to_have_value("")
    page.locator("summary").press("Enter")
    mia.presses("That was the last one today")
    mia.sees("2 lessons")
    mia.finds_nothing_wrong()
    look(mia, "lessons", phone)
    assert not [each for each in sent if "who signs" in each or "who+signs" in each]


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_plans_on_a_theme_and_reads_what_was_learned_about_it(meet: Meet, account: Account, phone: bool) -> None:
    hold(account, 40, *LESSONS)
    mia = signed_in(meet, account, phone=phone)
    mia.goes_to("/sessions/new")
    expect(mia.page.get_by_role("heading", name="What colleagues learned about it before")).to_be_hidden()
    mia.writes("Theme, if you know it", "deciders")
    mia.page.get_by_label("Theme, if you know it").press("Tab")
    mia.sees(LESSONS[0]["situation"])
    mia.sees(LESSONS[1]["text"])
    mia.finds_nothing_wrong()
    look(mia, "plan-on-a-theme", phone)
    mia.writes("Theme, if you know it", "something else")
    mia.page.get_by_label("Theme, if you know it").press("Tab")
    expect(mia.page.get_by_text(LESSONS[0]["situation"])).to_be_hidden()


def test_a_plan_goes_on_without_the_earlier_lessons(meet: Meet, account: Account) -> None:
    mia = signed_in(meet, account)

    def fail(route: Route) -> None:
        route.fulfill(status=200, body="no json")

    mia.page.route("**/lessons/earlier.json*", fail)
    mia.goes_to("/sessions/new")
    mia.writes("Theme, if you know it", "deciders")
    mia.writes("Title", "Still here")
    expect(mia.page.get_by_role("heading", name="What colleagues learned about it before")).to_be_hidden()


def test_where_only_the_room_reads_no_situation_is_asked_for(walk: Walk, enter: Enter) -> None:
    walk.go_to("lessons")
    cara = enter("Cara", phone=True)
    cara.page.get_by_label("It may be shared with the team").check()
    cara.sees("so it stays among you")
    expect(cara.page.get_by_label("The situation, in a sentence (optional)")).to_be_hidden()


def test_cara_gives_the_situation_with_her_lesson_only_when_it_travels(walk: Walk, enter: Enter) -> None:
    planning.replan(walk.id, FIELDS | {"starts_at": now(), "visibility": Visibility.PROCESS})
    walk.go_to("lessons")
    cara = enter("Cara", phone=True)
    situation = cara.page.get_by_label("The situation, in a sentence (optional)")
    expect(situation).to_be_hidden()
    cara.writes("What I will use myself", "Count roles")
    cara.page.get_by_label("It may be shared with the team").check()
    situation.fill("Nine contacts, and nobody decides")
    look(cara, "lesson-form", True)
    cara.presses("Add my lesson")
    cara.sees("Nine contacts, and nobody decides")
    data = next(item.data for item in walk.room().contributions("lesson") if item.text == "Count roles")
    assert data == {"share": True, "named": False, "situation": "Nine contacts, and nobody decides"}


def look(person: Person, name: str, phone: bool) -> None:
    """Keep a picture where INTERVISE_PICTURES names a folder."""
    if folder := os.environ.get("INTERVISE_PICTURES"):
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            person.page.screenshot(
                path=f"{folder}/{name}-{'phone' if phone else 'laptop'}-{scheme}.png", full_page=True
            )
        person.page.emulate_media(color_scheme="light", reduced_motion="reduce")


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_mia_sets_up_where_the_news_goes_and_her_feed(meet: Meet, account: Account, phone: bool) -> None:
    hold(account, 7, *LESSONS)
    mia = signed_in(meet, account, phone=phone)
    mia.goes_to("/teams/1")
    mia.presses("Where it goes")
    mia.finds_nothing_wrong()
    mia.writes("Address", "http://10.0.0.1/hook")
    mia.presses("Add it")
    mia.sees("This address cannot be used")
    mia.finds_nothing_wrong()
    look(mia, "news-refused", phone)
    mia.page.get_by_label("A program of our own").check()
    mia.writes("Address", "http://127.0.0.1:1/hook")
    mia.presses("Add it")
    mia.sees("It is shown only now")
    mia.finds_nothing_wrong()
    look(mia, "news-made", phone)
    mia.presses("Send a test")
    mia.sees("The test did not arrive. The other side could not be reached.")
    mia.finds_nothing_wrong()
    look(mia, "news", phone)
    mia.goes_to("/lessons/feeds")
    mia.presses("Make my address")
    expect(mia.page.get_by_label("The address for your feed reader").first).to_have_value(
        re.compile(r"/feeds/.+\.atom$")
    )
    mia.finds_nothing_wrong()
    look(mia, "feeds", phone)
