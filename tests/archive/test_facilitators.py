"""Fay facilitates the team North: what she finds, reads and takes along, by what a session says of it."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Account, AccountKind
from app.archive import search
from app.archive.search import Found, Wanted
from app.extensions import db
from app.privacy import audit, readers
from app.sessions.exports import formats
from app.sessions.models import Contribution
from app.sessions.process import shared_lessons
from app.teams.models import MemberKind, Membership, Team
from app.times import at, now
from tests.sessions.cast import START, Cast
from tests.visitor import Visitor, make_account

SECRETS = ("Nine contacts", "decider", "Otto", "Cara", "Carl", "Draw the map", "technical manager", "Karim",
           "Ask about finance", "A lesson for us alone")  # fmt: skip
"""What nobody sees who may know of the process alone."""
FILES = [f"{document}.{name}" for document in ("plan", "record") for name in formats.of(document)]
SHARED = [f"lessons.{name}" for name in formats.of("lessons")]


def held(mia: Account, visibility: str, moment: datetime = START, **fields: Any) -> Cast:
    """A whole session of the team North, with two lessons of which one may be shared, and two themes."""
    with at(moment):
        cast = Cast(mia, visibility=visibility, **fields).run_up_to("lessons")
        cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
        cast.does("Carl", "lesson", text="A lesson for us alone", share=False, named=False)
        cast.does("Mia", "themes", themes=["Several deciders", "Renewal"])
        cast.go_to("closed")
    db.session.rollback()
    return cast


def fay_of(app: Flask) -> Visitor:
    """Fay, who facilitates North and nothing else."""
    db.session.rollback()
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.query(Team).filter_by(name="North").one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    browser = Visitor(app)
    browser.sign_in(fay)
    return browser


def found(words: str = "", name: str = "Fay", **wanted: Any) -> list[Found]:
    db.session.rollback()
    account = db.session.query(Account).filter_by(name=name).one()
    return search.find(account, Wanted(words, **wanted)).sessions


def test_a_session_for_the_room_is_not_there_for_fay(app: Flask, mia: Account) -> None:
    cast = held(mia, "room")
    fay, code = fay_of(app), cast.room().it.code
    assert found() == []
    assert "Nine contacts" not in fay.get("/archive").text
    for page in ("record", "mine", "people", "room", *FILES, *SHARED):
        assert fay.get(f"/sessions/{code}/{page}").status_code in (404, 302), page
    assert readers.of(cast.room().it) == []


def test_a_session_for_facilitators_is_read_and_taken_along_whole(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    fay, it = fay_of(app), cast.room().it
    page = fay.get(f"/sessions/{it.code}/record").text
    for words in ("Nobody will name a decider", "Draw the map", "Who asked, Cara?", "A lesson for us alone", "Renewal"):
        assert words in page, words
    assert "Ask about finance" not in page
    assert "My words" not in page
    assert "Save the themes" not in page
    for file in FILES + SHARED:
        answer = fay.get(f"/sessions/{it.code}/{file}")
        assert answer.status_code == 200, file
        assert "Ask about finance" not in words_in(answer.data, file)
    assert '"text": "Map the contacts",' in fay.get(f"/sessions/{it.code}/record.json").text
    openings = readers.of(cast.room().it)
    assert {each.name for each in openings} == {"Fay"}
    assert all(each.outside for each in openings)
    assert len(openings) == 1 + len(FILES + SHARED)
    reads = browser_of_cara(app, cast).get(f"/sessions/{it.code}/record").text
    assert "<bdi>Fay</bdi> (facilitator)" in reads


def test_who_read_from_outside_is_seen_behind_all_the_ways_in_which_others_read(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    code = cast.room().it.code
    fay_of(app).get(f"/sessions/{code}/record")
    with at(now() + timedelta(days=1)):
        for who in ("Mia", "Otto", "Cara"):
            for file in range(readers.LATEST):
                audit.record("downloaded", by_seat=cast.seats[who], intervision_id=cast.id, detail=f"file {file}")
    openings = readers.of(cast.room().it)
    assert [each.name for each in openings if each.outside] == ["Fay"]
    assert {each.name for each in openings} == {"Mia", "Otto", "Cara", "Fay"}
    assert len(openings) == readers.LATEST + 3, "all three latest of others, beside the newest"


def words_in(data: bytes, file: str) -> str:
    if file.endswith(".docx"):
        return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()
    return data.decode("utf-8", "replace")


def browser_of_cara(app: Flask, cast: Cast) -> Visitor:
    browser = Visitor(app)
    with browser.client.session_transaction() as session:
        session["seats"] = [[cast.id, cast.seats["Cara"], 1]]
    return browser


def test_ideas_stay_unattributed_for_fay(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators")
    record = json.loads(fay_of(app).get(f"/sessions/{cast.room().it.code}/record.json").data)
    assert record["ideas"] == [{"text": text, "noted": False, "built": []} for text in
                               (idea["text"] for idea in record["ideas"])]  # fmt: skip
    assert {idea["text"] for idea in record["ideas"]} == {"Map the contacts", "Ask Karim"}


def test_of_the_process_alone_fay_sees_how_it_went_and_no_words(app: Flask, mia: Account) -> None:
    cast = held(mia, "process")
    fay, it = fay_of(app), cast.room().it
    page = fay.get(f"/sessions/{it.code}/record").text
    for words in ("How it went: North", "2 Mar 2026", "Mia", "Several deciders", "Count roles, not contacts", "2 of 4",
                  "not shown: it would tell of one person"):  # fmt: skip
        assert words in page, words
    listed = fay.get("/archive").text
    for secret in SECRETS:
        assert secret not in page.replace("Several deciders", ""), secret
        assert secret not in listed.replace("Several deciders", ""), secret
    for file in FILES:
        assert fay.get(f"/sessions/{it.code}/{file}").status_code == 404, file
    for file in SHARED:
        answer = fay.get(f"/sessions/{it.code}/{file}")
        assert answer.status_code == 200, file
        assert not [each for each in SECRETS if each in words_in(answer.data, file).replace("Several deciders", "")]
    assert "Count roles, not contacts" in fay.get(f"/sessions/{it.code}/lessons.md").text
    first = readers.of(cast.room().it)[-1]
    assert (first.name, first.process, first.outside) == ("Fay", True, True)


@pytest.mark.parametrize("words", ["nine", "decider nobody", "otto", "cara", "us alone", "map", "mia"])
def test_of_the_process_alone_no_word_of_the_case_finds_it(app: Flask, mia: Account, words: str) -> None:
    held(mia, "process")
    fay_of(app)
    assert found(words) == []
    assert len(found(words, name="Mia")) == 1


@pytest.mark.parametrize("words", ["count roles", "DECIDERS", "renewal contacts"])
def test_of_the_process_alone_shared_lessons_and_themes_find_it(app: Flask, mia: Account, words: str) -> None:
    held(mia, "process")
    fay_of(app)
    assert [(it.full, it.name, it.owner, it.actions) for it in found(words)] == [(False, "", "", None)]


def test_fay_narrows_by_theme_and_moderator_and_never_by_an_owner_whom_she_may_not_know(
    app: Flask, mia: Account
) -> None:
    held(mia, "process")
    held_by_max(title="The open one", team="North")
    held(mia, "facilitators", title="Of another team", team="South")
    fay_of(app)
    max_id = db.session.query(Account.id).filter_by(name="Max").scalar()
    assert [it.name for it in found()] == ["The open one", ""]
    assert [it.name for it in found(moderator=max_id)] == ["The open one"]
    assert [it.name for it in found(theme="several DECIDERS")] == ["The open one", ""]
    assert found(theme="Price") == []
    assert [it.name for it in found(owner="Otto")] == ["The open one"]
    account = db.session.query(Account).filter_by(name="Fay").one()
    assert list(search.owners_of(account)) == ["Otto"]
    assert [name for _id, name in search.offered(account).moderators] == ["Max", "Mia"]
    assert list(search.offered(account).teams) == ["North"]


def held_by_max(**fields: Any) -> None:
    account = make_account("Max")
    account.name = "Mia"  # as the cast knows whoever moderates
    held(account, "facilitators", **fields)
    account.name = "Max"
    db.session.commit()


@pytest.mark.parametrize(("sort", "names"), [
    ("title", ["Äpfel", "Birnen", "Zitronen", ""]),
    ("newest", ["", "Zitronen", "Äpfel", "Birnen"]),
    ("oldest", ["Birnen", "Äpfel", "Zitronen", ""]),
])  # fmt: skip
def test_the_order_is_as_asked_and_without_a_title_last(app: Flask, mia: Account, sort: str, names: list[str]) -> None:
    for title in ("Birnen", "Äpfel", "Zitronen"):
        Cast(mia, title=title, visibility="facilitators").opened("Cara").does("Mia", "stop")
    Cast(mia, title="A hidden one", visibility="process").opened("Cara").does("Mia", "stop")
    fay_of(app)
    assert [it.name for it in found(sort=sort)] == names


def test_the_old_address_leads_to_the_archive_with_all_that_was_asked(app: Flask) -> None:
    answer = Visitor(app).get("/sessions/past?q=cafe&team=North")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/archive?q=cafe&team=North")


def test_the_order_of_shared_lessons_does_not_say_whose_each_is() -> None:
    round_ = [Contribution(id=id_, kind="lesson", data={"share": True}, erased=False) for id_ in "cab"]
    assert [item.id for item in shared_lessons(round_)] == ["a", "b", "c"]
