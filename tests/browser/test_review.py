"""Fay's way through: she finds sessions, takes some along, and looks back on one, on a phone and on a laptop."""

import io
import os
import re
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.accounts.models import AccountKind
from app.extensions import db
from app.sessions.phases import POSITION, STEPS
from app.teams.models import MemberKind, Membership, Team
from app.times import at
from tests.archive.test_facilitators import held
from tests.browser.conftest import Meet
from tests.browser.people import Person
from tests.browser.test_facilitator import enters
from tests.sessions.cast import START, Cast
from tests.visitor import make_account


@pytest.fixture
def code(near: Flask) -> str:
    """Two sessions that Fay may read, and one of which she may know how it went; the code of the one in detail."""
    mia = make_account("Mia")
    held(mia, "process")
    held(mia, "facilitators", title="Another one")
    with at(START):
        cast = Cast(mia, title="The stalled renewal", visibility="facilitators").opened("Cara", "Carl")
        cast.does("Mia", "resume")
    with at(START + timedelta(minutes=4)):
        cast.does("Mia", "pause")
    with at(START + timedelta(minutes=6)):
        cast.does("Mia", "resume")
    for minute, step in enumerate(STEPS[POSITION["lobby"] :], 7):
        with at(START + timedelta(minutes=minute)):
            cast.go_to(step.name)
        with at(START + timedelta(minutes=minute, seconds=30)):
            cast._say_something(step.name)
    db.session.rollback()
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.query(Team).filter_by(name="North").one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    return cast.room().it.code


@pytest.mark.parametrize("phone", [True, False], ids=["phone", "laptop"])
def test_fay_finds_selects_takes_along_and_looks_back(meet: Meet, code: str, phone: bool) -> None:
    fay = enters(meet, "Fay", phone)
    page = fay.page
    fay.sees("3 sessions")
    page.get_by_label("Take along: The stalled renewal").check()
    page.get_by_label(re.compile("Take along: North, ")).check()
    look(fay, "selected", phone)
    fay.finds_nothing_wrong()
    files = zipped(page)
    assert {Path(path).suffix for path in files} == {".pdf", ".md", ".json"}
    assert len(files) == 6
    assert "Map the contacts" in next(text for path, text in files.items() if path.endswith("renewal.md"))
    with page.expect_download() as table:
        page.get_by_role("button", name="Actions").click()
    assert "Draw the map" in table.value.path().read_text(encoding="utf-8-sig")

    page.get_by_text("Only some of them").click()
    page.get_by_label("With actions that are still open").check()
    fay.presses("Search", within="form[role=search]")
    fay.sees("2 sessions")
    expect(page).to_have_url(re.compile(r"/archive\?still_open=yes$"))
    fay.finds_nothing_wrong()
    page.get_by_role("link", name=re.compile("^Record.*The stalled renewal$")).click()
    expect(page.locator(".bar")).to_have_count(2)
    fay.sees("The clock paused for 2 minutes")
    look(fay, "timeline", phone)
    fay.finds_nothing_wrong()

    page.get_by_role("link", name="Replay").click()
    replays(fay)
    look(fay, "replay", phone)
    fay.finds_nothing_wrong()

    fay.goes_to(f"/sessions/{code}/process")
    fay.writes("What went well", "The silence paid off.")
    fay.presses("Leave the note")
    fay.sees("The moderator sees your note from now on.")
    fay.sees("The silence paid off.")
    fay.finds_nothing_wrong()
    mia = enters(meet, "Mia", phone)
    mia.goes_to(f"/sessions/{code}/record")
    mia.sees("The silence paid off.")


def zipped(page: Page) -> dict[str, str]:
    with page.expect_download() as taken:
        page.get_by_role("button", name="Records").click()
    with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as files:
        return {name: files.read(name).decode("utf-8", "replace") for name in files.namelist()}


def replays(fay: Person) -> None:
    """With the keyboard, by phase, and by itself."""
    page = fay.page
    slider = page.get_by_role("slider", name="Moment")
    expect(page.locator(".replay-step")).to_contain_text("Lobby")
    slider.press("End")
    expect(page.locator(".replay-step")).to_contain_text("Lessons learned")
    fay.does_not_see("Map the contacts")
    page.get_by_role("button", name="3. Brainstorm").click()
    expect(page.locator(".replay-step")).to_contain_text("write in silence")
    fay.does_not_see("Map the contacts")  # not revealed yet
    slider.press("ArrowRight")
    fay.sees("Map the contacts")
    fay.sees("Ask Karim")
    fay.does_not_see("Cara")
    expect(slider).to_have_attribute("aria-valuetext", re.compile("Brainstorm, moment"))
    here = slider.input_value()
    slider.press("ArrowLeft")
    fay.does_not_see("Ask Karim")
    slider.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(slider).to_have_value(here)  # it went on by itself
    fay.sees("Ask Karim")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def look(person: Person, name: str, phone: bool) -> None:
    if folder := os.environ.get("ARCHIVE_LOOK"):
        person.page.screenshot(path=f"{folder}/{name}-{'phone' if phone else 'laptop'}.png", full_page=True)
