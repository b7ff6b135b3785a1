"""The archive: what a moderator finds of past sessions, and what is not there to be found."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.accounts.models import Account
from app.archive import search
from app.archive.search import Wanted
from app.database import Base
from app.extensions import db
from app.sessions.commands import erasing
from app.sessions.commands.door import change
from app.sessions.folding import EXCERPT_LENGTH, excerpt, fold, marked
from app.sessions.models import Archived
from app.times import at
from tests.sessions.cast import START, Cast
from tests.visitor import Visitor, make_account, path_of


@pytest.fixture
def account(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def mia(app: Flask, account: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


def hold(account: Account, title: str, *, issue: str = "", lessons: tuple[str, ...] = (), **fields: Any) -> Cast:
    """A session that was held at `starts_at`, with an issue and with lessons that may be shared."""
    with at(fields.get("starts_at", START)):
        cast = Cast(account, title=title, **fields).opened()
        if issue:
            cast.go_to("statement")
            cast.does(fields.get("owner_name", "Otto"), "statement", issue=issue, situation="Told in the room")
        for lesson in lessons:
            cast.go_to("lessons")
            cast.does("Mia", "lesson", text=lesson, share=True, named=False)
        cast.does("Mia", "stop")
    db.session.rollback()  # what the test reads next, it reads anew
    return cast


def found(account: Account, words: str = "", **wanted: Any) -> list[str]:
    db.session.rollback()
    return [it.name for it in search.find(account, Wanted(words, **wanted)).sessions]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("cafe", "Café"),
        ("CAFÉ", "the cafe\u0301 near the station"),
        ("STRASSE", "Die lange straße"),
        ("lodz", "Łódź"),
        ("oestergaard", "Œstergaard"),
        ("customer's", "The customer’s no"),
        ("e-mail", "An e–mail too many"),
        ("offer", "An of\u00adfer"),
        ("ΟΔΟΣ", "οδός"),
        ("fine", "ﬁne print"),
        ("合同", "续签合同"),
        ("२", "अंक २"),
    ],
)
def test_accents_case_and_signs_make_no_difference(account: Account, typed: str, written: str) -> None:
    hold(account, written)
    hold(account, "Something else")
    assert found(account, typed) == [written]


EVERYWHERE = ("nine contacts", "otto", "north", "decider", "nine", "who asked", "technical", "product arguments",
              "map the contacts", "karim", "trust", "draw the map", "when i call", "strong first step",
              "count roles")  # fmt: skip
"""Words of the title, of people, and of what the cast says in each phase."""


@pytest.mark.parametrize("words", EVERYWHERE)
def test_all_that_the_record_shows_is_found(account: Account, words: str) -> None:
    hold(account, "Something else")
    Cast(account, team="North").run_up_to("closed")
    assert found(account, words)[:1] == ["Nine contacts, no decider"]


@pytest.mark.parametrize("words", ["ask about finance", "written", "helps", "2026-03-05", "decider unicorn"])
def test_what_the_record_does_not_show_is_not_found(account: Account, words: str) -> None:
    Cast(account).run_up_to("closed")
    assert found(account, words) == []


def test_signs_that_a_database_takes_for_wildcards_mean_themselves(account: Account) -> None:
    hold(account, "A discount of 10% asked")
    hold(account, "A discount of 100 asked")
    hold(account, "The field deal_size")
    hold(account, "The field dealXsize")
    hold(account, "A slash / and a back\\slash")
    assert found(account, "10%") == ["A discount of 10% asked"]
    assert found(account, "%") == ["A discount of 10% asked"]
    assert found(account, "deal_size") == ["The field deal_size"]
    assert found(account, "back\\slash /") == ["A slash / and a back\\slash"]


def test_team_owner_and_days_narrow_the_list(account: Account) -> None:
    spring = datetime(2026, 3, 2, 9, tzinfo=UTC)
    hold(account, "March, North", team="North", owner_name="Otto", starts_at=spring)
    hold(account, "April, North", team="North", owner_name="Olga", starts_at=spring + timedelta(days=31))
    hold(account, "May, South", team="South", owner_name="Otto", starts_at=spring + timedelta(days=61))
    assert found(account) == ["May, South", "April, North", "March, North"]
    assert found(account, team="North") == ["April, North", "March, North"]
    assert found(account, owner="Otto") == ["May, South", "March, North"]
    assert found(account, "north", owner="Otto") == ["March, North"]
    assert found(account, since=date(2026, 4, 2)) == ["May, South", "April, North"]
    assert found(account, until=date(2026, 4, 2)) == ["April, North", "March, North"]
    assert found(account, since=date(2026, 4, 3), until=date(2026, 5, 1)) == []
    assert list(search.offered(account).teams) == ["North", "South"]
    assert search.owners_of(account) == ["Olga", "Otto"]


def test_a_session_belongs_to_the_day_that_it_was_where_it_was_held(account: Account) -> None:
    late = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    hold(account, "After midnight in Brussels", starts_at=late, timezone="Europe/Brussels")
    assert found(account, since=date(2026, 3, 3), until=date(2026, 3, 3)) == ["After midnight in Brussels"]
    assert found(account, until=date(2026, 3, 2)) == []


def test_nobody_finds_somebody_elses_sessions(app: Flask, account: Account, mia: Visitor) -> None:
    hold(account, "The stalled renewal", team="A team of Mia", issue="Nobody will name a decider")
    stan = make_account("Stan")
    assert found(stan, "renewal") == []
    assert list(search.offered(stan).teams) == list(search.owners_of(stan)) == []
    browser = Visitor(app)
    browser.sign_in(stan)
    for page in ("/archive", "/archive?q=renewal", "/archive?team=North&owner=Otto"):
        assert "stalled" not in browser.get(page).text
        assert "A team of Mia" not in browser.get(page).text
    assert path_of(Visitor(app).get("/archive?q=renewal")) == "/sign-in?next=/archive?q%3Drenewal"


def test_only_closed_sessions_are_in_the_archive(account: Account) -> None:
    cast = Cast(account, title="Still going on").run_up_to("lessons")
    cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
    assert found(account) == []
    assert db.session.scalars(select(Archived)).all() == []
    cast.does("Mia", "advance")
    assert found(account, "decider roles") == ["Still going on"]


def test_without_a_transcript_only_the_plan_and_shared_lessons_are_found(account: Account) -> None:
    cast = Cast(account, title="Nothing stays", transcript=False).run_up_to("lessons")
    cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
    cast.does("Carl", "lesson", text="A lesson for myself", share=False, named=False)
    cast.does("Mia", "advance")
    assert found(account, "nothing") == found(account, "roles") == ["Nothing stays"]
    for gone in ("decider", "myself", "finance", "Karim", "Carl"):
        assert found(account, gone) == [], gone
    row = db.session.scalars(select(Archived)).one()
    assert row.shared == "Count roles, not contacts"
    assert row.words.splitlines() == [
        "North", "Mia, Otto", "Draw the map", "Otto", "When I call, I will ask", "Count roles, not contacts"
    ]  # fmt: skip


def test_without_names_nobody_finds_an_owner(account: Account) -> None:
    Cast(account, title="Nobody is named", names=False).go_to("closed")
    assert found(account, "named") == ["Nobody is named"]
    assert search.owners_of(account) == []
    assert [each.owner for each in search.find(account, Wanted("")).sessions] == [""]


def test_what_a_stopped_session_never_showed_is_not_found(account: Account) -> None:
    cast = Cast(account, title="Stopped in the lobby").opened("Cara", "Carl")
    cast.does("Otto", "statement", issue="Prepared and never told", situation="")
    cast.does("Mia", "stop")
    assert found(account) == ["Stopped in the lobby"]
    assert found(account, "prepared") == []


def test_what_is_deleted_later_is_not_found_any_more(account: Account) -> None:
    cast = hold(account, "The stalled renewal", issue="Nobody will name a decider", lessons=("Count roles",))
    with change(cast.id, "advance") as under_way:
        under_way.unseal()
        for lesson in under_way.room.contributions("lesson"):
            under_way.delete(lesson)
    assert found(account, "decider") == ["The stalled renewal"]
    assert found(account, "roles") == []
    with change(cast.id, "delete") as under_way:
        erasing.take_out(under_way)
    assert found(account) == []
    assert all("decider" not in str(row) for table in Base.metadata.sorted_tables for row in rows_of(table))


def rows_of(table: Any) -> Any:
    return db.session.execute(select(table)).all()


def test_a_page_has_twenty_and_the_rest_is_a_page_further(account: Account, mia: Visitor) -> None:
    for number in range(1, 43):
        hold(account, f"Case {number:02}.", starts_at=START + timedelta(days=number))
    first, last = mia.get("/archive?q=case").text, mia.get("/archive?q=case&page=3").text
    assert titles(first) == [f"Case {number}." for number in range(42, 22, -1)]
    assert titles(last) == ["Case 02.", "Case 01."]
    assert 'href="/archive?page=2&amp;q=case"' in first
    assert "42 sessions" in first
    assert "Page 3 of 3" in last
    for odd in ("9", "0", "-1", "x", "9" * 30):
        assert titles(mia.get(f"/archive?page={odd}").text), odd
    index = mia.get("/sessions/").text
    assert titles(index) == [f"Case {number}." for number in range(42, 37, -1)]
    assert 'href="/archive"' in index


def titles(page: str) -> list[str]:
    return [re.sub("<[^>]+>", "", found) for found in re.findall(r"<h3[^>]*>(.*?)</h3>", page, re.DOTALL)]


def test_a_list_takes_few_queries_however_long_it_is(app: Flask, account: Account) -> None:
    for number in range(12):
        hold(account, f"Case {number}", team=f"Team {number}")
    assert account.id  # read again, so that the queries below are the list's own
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert len(search.find(account, Wanted("case")).sessions) == 12
    assert len([query for query in asked if query.startswith("SELECT")]) == 3


def test_the_list_leads_to_record_and_plan_and_says_who_and_when(account: Account, mia: Visitor) -> None:
    with at(START):
        cast = Cast(account, title="The stalled renewal", team="North").run_up_to("closed")
    page = mia.get("/archive").text
    code = cast.room().it.code
    assert f'href="/sessions/{code}/record"' in page
    assert f'href="/sessions/{code}/plan.pdf"' in page
    for words in ("North", "Case of Otto", "1 action", "2 Mar 2026"):
        assert words in page


def test_hits_are_marked_and_nothing_that_people_typed_becomes_markup(account: Account, mia: Visitor) -> None:
    hold(account, "Café <b>Zürich</b>", issue="The <script>café</script> will not sign")
    page = mia.get("/archive?q=cafe").text
    assert "<mark>Café</mark> &lt;b&gt;Zürich&lt;/b&gt;" in page
    assert "The &lt;script&gt;<mark>café</mark>&lt;/script&gt; will not sign" in page
    assert 'value="cafe"' in page


def test_nothing_yet_and_nothing_found_say_what_to_do(account: Account, mia: Visitor) -> None:
    assert "No session has been closed yet" in mia.get("/archive").text
    hold(account, "The stalled renewal")
    page = mia.get("/archive?q=unicorn&team=Nowhere").text
    assert "Try fewer words" in page
    assert '<option selected value="Nowhere">' in page


@pytest.mark.parametrize(
    "address",
    [
        "q=%00renewal",
        "q=" + "x" * 5000,
        "q=" + "renewal+" * 30,
        "since=soon&until=2026-13-45",
        "since=2026-05-01&until=2026-01-01",
        "since=0001-01-01&until=9999-12-31",
        "q=%F0%9F%99%82%ED%A0%80",
        "team=%25&owner=_",
        "q=%25%25%25'--",
        "csrf_token=x&unknown=1",
    ],
)
def test_an_odd_address_is_answered_with_a_page(account: Account, mia: Visitor, address: str) -> None:
    hold(account, "The stalled renewal")
    assert mia.get(f"/archive?{address}").status_code == 200


def test_days_that_make_no_sense_are_said_and_left_out(account: Account, mia: Visitor) -> None:
    hold(account, "The stalled renewal")
    page = mia.get("/archive?since=2026-05-01&until=2026-01-01").text
    assert "comes before the first one" in page
    assert "could not be read" in mia.get("/archive?since=soon").text


def test_an_excerpt_is_short_and_shows_the_hit() -> None:
    text = "Another line\n" + "lorem ipsum " * 60 + "the Café at last " + "dolor sit " * 60
    pieces = excerpt(text, ["cafe"])
    assert ("Café", True) in pieces
    assert len("".join(piece for piece, _hit in pieces)) <= EXCERPT_LENGTH + 2
    assert pieces[0][0].startswith("…")
    assert pieces[-1] == ("…", False)
    assert excerpt("", ["x"]) == excerpt("nothing here", ["x"]) == []
    assert excerpt("漢" * 400 + "字", ["字"])[-1] == ("字", True)


def test_a_mark_goes_with_its_letter() -> None:
    assert marked("cafe\u0301s", [fold("café")]) == [("cafe\u0301", True), ("s", False)]
    assert marked("straße", [fold("STRASSE")]) == [("straße", True)]
    assert marked("", ["x"]) == []
