"""Several sessions taken along at once: what is in the files, and never more than their reader may read."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.archive import taking
from app.extensions import db
from app.privacy.audit import Line
from app.sessions.exports import actions_csv, lessons, rows
from app.sessions.exports.lessons import Lessons
from app.sessions.models import Intervision
from tests.archive.test_facilitators import SECRETS, fay_of, held
from tests.export import session_a
from tests.export.corpus import snapshot as hostile
from tests.sessions.cast import Cast
from tests.visitor import Visitor, make_account, path_of

GOLDEN = Path(__file__).parent.parent / "export"


def packed(answer: Any) -> dict[str, bytes]:
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        return {info.filename: files.read(info) for info in files.infolist()}


def table(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), strict=True))


def sent(browser: Visitor, what: str, *casts: Cast, **fields: Any) -> Any:
    return browser.send(f"/archive/{what}", session=[cast.room().it.code for cast in casts], **fields)


def trail(cast: Cast) -> list[str]:
    query = select(Line.detail).where(Line.intervision_id == cast.id, Line.act == "downloaded").order_by(Line.id)
    return list(db.session.scalars(query))


# --- What each reader gets, by what a session says of it ---

READERS = ("Mia", "Fay", "Fred", "Nora")
"""She who moderated it; a facilitator of its team, one of another team, and somebody with an account."""

FULL, PROCESS, NOTHING = "record", "how-it-went", ""
EXPECTED = {
    ("Mia", "room"): FULL,
    ("Mia", "process"): FULL,
    ("Mia", "facilitators"): FULL,
    ("Fay", "room"): NOTHING,
    ("Fay", "process"): PROCESS,
    ("Fay", "facilitators"): FULL,
}


def browser_of(app: Flask, who: str) -> Visitor:
    if who == "Fay":
        return fay_of(app)
    db.session.rollback()
    account = db.session.scalar(select(Account).where(Account.name == who)) or make_account(who)
    if who == "Fred":
        make_elsewhere(account)
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


def make_elsewhere(account: Account) -> None:
    from app.teams.models import MemberKind, Membership, Team

    south = Team(name="South")
    db.session.add(south)
    db.session.flush()
    db.session.add(Membership(account_id=account.id, team_id=south.id, kind=MemberKind.FACILITATOR))
    db.session.commit()


@pytest.mark.parametrize("transcript", [True, False], ids=["transcript", "no transcript"])
@pytest.mark.parametrize("visibility", ["room", "process", "facilitators"])
@pytest.mark.parametrize("who", READERS)
def test_the_matrix_of_reader_and_visibility_and_page_and_file(
    app: Flask,
    mia: Account,
    who: str,
    visibility: str,
    transcript: bool,
) -> None:
    cast = held(mia, visibility, transcript=transcript)
    browser, code = browser_of(app, who), cast.room().it.code
    expected = EXPECTED.get((who, visibility), NOTHING)
    if who == "Fay" and expected == FULL and not transcript:
        expected = PROCESS  # what stays of it is the owner's plan
    pages = {page: browser.get(f"/sessions/{code}/{page}").status_code for page in
             ("record", "process", "replay", "record.md", "plan.csv", "process.json", "lessons.md")}  # fmt: skip
    full, some = 200 if expected == FULL else 404, 200 if expected else 404
    assert pages == {"record": some, "process": some, "replay": full, "record.md": full, "plan.csv": full,
                     "process.json": some, "lessons.md": some}  # fmt: skip

    answers = {what: sent(browser, what, cast) for what in ("records", "actions", "lessons")}
    if not expected:
        assert {path_of(answer) for answer in answers.values()} == {"/archive"}
        assert trail(cast) == []
        return
    files = packed(answers["records"])
    assert {path.split("/")[1].split(".")[0].removesuffix(f"-{slug(cast, expected)}") for path in files} == {expected}
    assert len(table(answers["actions"])) == (2 if expected == FULL else 1)
    assert [row[0] for row in table(answers["lessons"])[1:]] == ["Count roles, not contacts"]
    if expected == PROCESS:
        everything = b"".join(files.values()) + answers["actions"].data + answers["lessons"].data
        for secret in SECRETS:
            assert secret not in everything.decode("utf-8", "replace").replace("Several deciders", ""), secret


def slug(cast: Cast, expected: str) -> str:
    return "nine-contacts-no-decider" if expected == FULL else "north-2026-03-02"


# --- What is in the files ---


def test_a_zip_holds_the_same_bytes_as_each_download(app: Flask, mia: Account) -> None:
    first, second = held(mia, "facilitators"), held(mia, "process")
    fay = fay_of(app)
    files = packed(sent(fay, "records", first, second))
    assert len(files) == 6
    for cast, document in ((first, "record"), (second, "process")):
        code = cast.room().it.code
        inside = {path.rsplit(".", 1)[1]: data for path, data in files.items() if code in path}
        for ending in ("md", "json", "pdf"):
            assert inside[ending] == fay.get(f"/sessions/{code}/{document}.{ending}").data, (document, ending)


def test_the_same_sessions_give_the_same_zip(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators")
    fay = fay_of(app)
    assert sent(fay, "records", cast).data == sent(fay, "records", cast).data


def test_whatever_is_taken_along_is_in_the_trail_of_each_session(app: Flask, mia: Account) -> None:
    full, process = held(mia, "facilitators"), held(mia, "process")
    fay = fay_of(app)
    for what in ("records", "actions", "lessons"):
        sent(fay, what, full, process)
    assert trail(full) == ["record.zip", "actions.csv", "lessons.csv"]
    assert trail(process) == ["process.zip", "lessons.csv"]  # no action of it was read


def test_all_that_was_found_is_taken_and_no_more_than_the_most(
    app: Flask,
    mia: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    casts = [held(mia, "facilitators", title=f"Tender {number}") for number in range(3)]
    held(mia, "facilitators", title="Another")
    fay = fay_of(app)
    assert len(table(sent(fay, "actions", all="yes", q="tender"))) == 1 + 3
    assert len(table(sent(fay, "actions", casts[0], q="tender"))) == 1 + 1
    monkeypatch.setattr(taking, "MOST", 2)
    assert len(table(sent(fay, "actions", *casts))) == 1 + 2
    assert len(table(sent(fay, "actions", all="yes"))) == 1 + 2


def test_with_nothing_ticked_the_page_says_what_to_do_and_the_search_stays(app: Flask, mia: Account) -> None:
    held(mia, "facilitators")
    fay = fay_of(app)
    answer = fay.send("/archive/records", q="contacts", session="QQQQQQ")
    assert path_of(answer) == "/archive?q=contacts"
    assert "Tick the sessions" in fay.get("/archive?q=contacts").text


def test_a_stranger_signs_in_first(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators")
    assert "/sign-in" in path_of(sent(Visitor(app), "records", cast))


@pytest.mark.parametrize("what", ["actions", "lessons"])
def test_golden_tables(app: Flask, what: str) -> None:
    plan = rows.plan(session_a.snapshot())
    found = Lessons("Team North", "en", plan.held_at, ("Several deciders", "Hospitals"), ("Count roles.", "=1+1"))
    with app.test_request_context():
        made = actions_csv.together([plan, plan]) if what == "actions" else lessons.together([found, found])
    assert made == (GOLDEN / f"several_{what}.csv").read_bytes()


def test_no_cell_of_either_table_is_reckoned_with(app: Flask) -> None:
    plan = rows.plan(hostile("=1+1"))
    found = Lessons("=1+1", "en", plan.held_at, ("@x",), ("+1", "\t-1"))
    with app.test_request_context():
        both = actions_csv.together([plan]) + lessons.together([found])
    for row in csv.reader(io.StringIO(both.decode("utf-8-sig"), newline="")):
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_an_open_session_gives_nothing(app: Flask, mia: Account) -> None:
    cast = Cast(mia, visibility="facilitators").run_up_to("lessons")
    browser = Visitor(app)
    browser.sign_in(db.session.get_one(Intervision, cast.id).account)
    assert path_of(sent(browser, "records", cast)) == "/archive"
