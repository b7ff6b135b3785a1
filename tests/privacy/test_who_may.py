"""Who opens which page of privacy, and what the pages do."""

import json
import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account, AccountKind
from app.extensions import db
from app.privacy import readers
from app.privacy.audit import Line
from app.sessions.models import Intervision
from app.teams.models import Team
from tests.privacy.conftest import Enter, everything_kept, unpacked
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import PASSWORD, Visitor, make_account, path_of

PEOPLE = ("Mia", "Otto", "Cara", "Stan", "Moe", "Fay", "Ada")
"""Mia planned the session; Otto and Cara are guests in it; Stan has nothing; the others have accounts and were not
there: Moe moderates elsewhere, Fay is a facilitator, Ada administers.
"""
IN, ASK, NONE = 200, "sign in", 404
# page                      Mia   Otto  Cara  Stan  Moe   Fay   Ada
WHO_SEES = {
    "/sessions/{code}/mine": (IN, IN, IN, NONE, NONE, NONE, NONE),
    "/sessions/{code}/mine.zip": (IN, IN, IN, NONE, NONE, NONE, NONE),
    "/sessions/{code}/people": (IN, ASK, ASK, ASK, NONE, NONE, IN),
    "/sessions/{code}/people/{cara}": (IN, ASK, ASK, ASK, NONE, NONE, IN),
    "/sessions/{code}/delete": (IN, ASK, ASK, ASK, NONE, 403, NONE),
    "/teams": (IN, ASK, ASK, ASK, IN, IN, IN),
    "/teams/1": (IN, ASK, ASK, ASK, NONE, NONE, IN),
    "/account/data.zip": (IN, ASK, ASK, ASK, IN, IN, IN),
    "/account/erase": (IN, ASK, ASK, ASK, IN, IN, IN),
    "/audit": (NONE, ASK, ASK, ASK, NONE, NONE, IN),
}
POSTED = ("/sessions/{code}/mine", "/sessions/{code}/people/{cara}", "/sessions/{code}/delete", "/teams/1")


@pytest.fixture
def others(ada: Account) -> None:
    make_account("Moe")
    make_account("Fay", kind=AccountKind.FACILITATOR)


def addresses(cast: Cast, page: str) -> str:
    return page.format(code=cast.room().it.code, cara=cast.seats["Cara"])


@pytest.mark.parametrize("who", PEOPLE)
def test_who_opens_which_page(cast: Cast, others: None, enter: Enter, who: str) -> None:
    browser = enter(who)
    found = {}
    for page in WHO_SEES:
        answer = browser.get(addresses(cast, page))
        found[page] = ASK if answer.status_code == 302 and "/sign-in" in path_of(answer) else answer.status_code
    assert found == {page: answers[PEOPLE.index(who)] for page, answers in WHO_SEES.items()}


@pytest.mark.parametrize("who", [who for who in PEOPLE if who != "Mia"])
def test_nobody_else_erases_or_deletes(cast: Cast, others: None, enter: Enter, who: str) -> None:
    browser = enter(who)
    before = snapshot()
    for page in POSTED:
        if WHO_SEES[page][PEOPLE.index(who)] != IN:
            answer = browser.send(addresses(cast, page), how="words", sure="y", days="30")
            assert answer.status_code in (302, 403, 404), page
    assert snapshot() == before


def snapshot() -> object:
    db.session.rollback()
    db.session.expire_all()
    return [
        *db.session.execute(select(Intervision.id, Intervision.version)),
        *db.session.execute(select(Team.id, Team.retention_days)),
    ]


def test_a_stranger_is_answered_as_where_there_is_no_session(cast: Cast, enter: Enter) -> None:
    stan, code = enter("Stan"), cast.room().it.code
    for page in ("mine", "mine.zip"):
        theirs, absent = stan.get(f"/sessions/{code}/{page}"), stan.get(f"/sessions/ZZZZZZ/{page}")
        assert theirs.status_code == absent.status_code == 404
        assert bare(theirs.text) == bare(absent.text)


def bare(page: str) -> str:
    return re.sub(r'value="[^"]+"|nonce="[^"]+"', "", page)


def test_cara_has_her_words_erased_and_nothing_of_hers_is_left(app: Flask, cast: Cast, enter: Enter) -> None:
    cara, page = enter("Cara"), f"/sessions/{cast.room().it.code}/mine"
    assert "Please tick this" in cara.send(page, how="words").text
    assert "Cara" in everything_kept(app)
    assert path_of(cara.send(page, how="words", sure="y")) == "/"
    assert "You are erased" in cara.get("/").text
    assert cara.get(page).status_code == 404
    assert "of Cara" not in everything_kept(app)


def test_ada_erases_somebody_without_reading_a_word(cast: Cast, ada: Account, enter: Enter) -> None:
    browser, code = enter("Ada"), cast.room().it.code
    pages = [
        browser.get(f"/sessions/{code}/people").text,
        browser.get(f"/sessions/{code}/people/{cast.seats['Cara']}").text,
    ]
    assert all("Cara" in page and "Canary" not in page for page in pages)
    done = browser.send(f"/sessions/{code}/people/{cast.seats['Cara']}", how="name", sure="y")
    assert path_of(done) == f"/sessions/{code}/people"
    assert "Someone who left" in browser.get(f"/sessions/{code}/people").text


def test_while_the_room_is_open_nobody_is_erased(mia: Account, app: Flask) -> None:
    cast = Cast(mia).go_to("questions")
    browser = Visitor(app)
    browser.sign_in(mia)
    answer = browser.send(f"/sessions/{cast.room().it.code}/people/{cast.seats['Cara']}", how="words", sure="y")
    assert answer.status_code == 409
    assert "open at the moment" in answer.text


def test_mia_deletes_a_closed_session_and_nothing_is_left(app: Flask, cast: Cast, enter: Enter) -> None:
    browser, code = enter("Mia"), cast.room().it.code
    assert "Delete it for good" in browser.get(f"/sessions/{code}/delete").text
    assert path_of(browser.send(f"/sessions/{code}/delete")) == "/sessions/"
    assert browser.get(f"/sessions/{code}/record").status_code == 404
    assert enter("Stan").get(f"/sessions/{code}/record").status_code == 404
    left = everything_kept(app)
    for gone in ("Canary", "Nine contacts", "Draw the map", "Cara", "Otto"):
        assert gone not in left, gone


def test_caras_zip_holds_her_own_words_and_nobody_elses_name(cast: Cast, enter: Enter) -> None:
    answer = enter("Cara").get(f"/sessions/{cast.room().it.code}/mine.zip")
    assert answer.headers["Content-Type"] == "application/zip"
    files = unpacked(answer.data)
    code = cast.room().it.code
    of_session = {f"sessions/{code}.json", f"after/{code}.json"}
    assert set(files) == of_session | {"profile.json", "memberships.json", "notes.json", "audit.json", "README.txt"}
    said = [item["text"] for item in json.loads(files[f"sessions/{code}.json"])]
    for own in ("Canary note of Cara", "Canary lesson of Cara", "Canary lesson noted for Cara", "Map the contacts"):
        assert own in said
    everything = "\n".join(files.values())
    for theirs in ("Otto", "Carl", "Mia", "The technical manager", "Canary issue"):
        assert theirs not in everything, theirs
    [membership] = json.loads(files["memberships.json"])
    assert (membership["role"], membership["title"]) == ("consultant", "Nine contacts, no decider")
    assert membership["agreement_accepted_at"]


def test_mias_zip_holds_every_session_and_what_the_trail_says_of_her(cast: Cast, mia: Account, enter: Enter) -> None:
    other = Cast(mia, title="Another one").room().it.code
    browser = enter("Mia")
    browser.send(f"/lessons/feeds/{cast.room().it.team_id}")
    files = unpacked(browser.get("/account/data.zip").data)
    assert json.loads(files["profile.json"])["email"] == "mia@example.org"
    assert {line["session"] for line in json.loads(files["memberships.json"])} == {cast.room().it.code, other}
    acts = [line["act"] for line in json.loads(files["audit.json"])]
    assert acts.count("plan") == 2
    assert "sign_in" in acts
    (feed,) = json.loads(files["profile.json"])["feeds"]
    assert feed["team"] == "North"
    assert "argon2" not in "\n".join(files.values())
    assert "Cara" not in "\n".join(files.values()).replace("Canary lesson noted for Cara", "")


def test_mia_says_how_long_the_team_keeps_its_sessions(cast: Cast, enter: Enter) -> None:
    browser = enter("Mia")
    for wrong in ("29", "3651", "", "x"):
        assert "field-error" in browser.send("/teams/1", days=wrong).text
    it = cast.room().it
    it.closed_at = it.closed_at.replace(year=it.closed_at.year - 1) if it.closed_at else None
    db.session.commit()
    asked = browser.send("/teams/1", days="60").text
    assert "1 session is deleted tonight" in asked
    assert cast.room().it.team.retention_days == 365
    assert path_of(browser.send("/teams/1", days="60", sure="yes")) == "/teams"
    assert cast.room().it.team.retention_days == 60
    assert path_of(browser.send("/teams/1", days="730")) == "/teams"
    assert "Kept for 24 months" in browser.get("/teams").text


def test_whoever_is_about_to_join_reads_how_long_it_is_kept(app: Flask, mia: Account) -> None:
    cast = Cast(mia)
    cast.room().it.team.retention_days = 45
    db.session.commit()
    browser = Visitor(app)
    page = browser.get(path_of(browser.get(link(cast.room().it)))).text
    assert "Kept for 45 days, then deleted." in page
    assert page.index("Kept for") < page.index('name="name"')


def test_an_account_is_erased_with_its_password_alone(app: Flask, cast: Cast, enter: Enter) -> None:
    browser = enter("Mia")
    assert "That is not your password" in browser.send("/account/erase", how="words", sure="y", password="wrong").text
    assert path_of(browser.send("/account/erase", how="words", sure="y", password=PASSWORD)) == "/"
    assert "Your account is erased" in browser.get("/").text
    assert "mia@example.org" not in everything_kept(app)


def test_those_who_were_there_read_who_opened_the_record(cast: Cast, enter: Enter) -> None:
    code = cast.room().it.code
    enter("Mia").get(f"/sessions/{code}/record")
    enter("Carl").get(f"/sessions/{code}/record.md")
    page = enter("Otto").get(f"/sessions/{code}/record").text
    fold = page[page.index('id="about"') :]
    assert re.findall(r"<li><bdi>(\w+)</bdi>", fold) == ["Carl", "Mia"]
    assert "downloaded record.md" in fold
    assert db.session.scalars(select(Line.act).where(Line.act == "downloaded")).all() == ["downloaded"]


def test_who_opened_the_record_does_not_go_under_in_somebodys_many_looks(cast: Cast, enter: Enter) -> None:
    code = cast.room().it.code
    enter("Carl").get(f"/sessions/{code}/record.md")
    mia = enter("Mia")
    for _look in range(readers.LATEST + 1):
        mia.get(f"/sessions/{code}/record")
    assert [each.name for each in readers.of(cast.room().it)] == ["Mia", "Carl"]
    looks = db.session.scalars(select(Line.id).where(Line.act == "record_opened")).all()
    assert len(looks) == readers.LATEST + 1  # the trail has them all
