"""Which lessons travel, to whom, and that nothing else goes along."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.lessons import cards, shared
from app.lessons.shared import Lesson, Wanted
from app.privacy import erasure, retention
from app.sessions.commands import erasing, planning
from app.sessions.models import Seat, Visibility
from app.teams.models import MemberKind, Membership
from app.times import at
from tests.lessons.conftest import Hold, join_team
from tests.lessons.conftest import shared as given
from tests.sessions.cast import START, Cast
from tests.visitor import make_account


def read(account: Account, words: str = "", **wanted: object) -> list[Lesson]:
    db.session.rollback()
    page = shared.find(db.session, account, Wanted(words, **wanted))  # type: ignore[arg-type]
    return [found.lesson for found in page.lessons]


def texts(account: Account, words: str = "", **wanted: object) -> list[str]:
    return [lesson.text for lesson in read(account, words, **wanted)]


# --- When they come back ---


@pytest.mark.parametrize(
    ("days", "turn"),
    [(-1, None), (0, None), (1, None), (2, 1), (6, 1), (7, 2), (11, 2), (12, None), (20, None), (21, 3), (25, 3),
     (26, None), (400, None)],
)  # fmt: skip
def test_a_lesson_comes_back_after_2_7_and_21_days_for_some_days(days: int, turn: int | None) -> None:
    assert cards.turn(date(2026, 3, 2), date(2026, 3, 2) + timedelta(days=days)) == turn


def test_the_cards_of_a_day_are_those_of_the_teams_that_somebody_belongs_to(hold: Hold, mia: Account) -> None:
    hold(given("Count roles", situation="Nine contacts, and nobody decides"))
    fay, nora = make_account("Fay"), make_account("Nora")
    cast = hold(given("Ask who signs"), when=START + timedelta(days=5))
    join_team(fay, cast)
    for day, due in (
        (0, []),
        (2, ["Count roles"]),
        (7, ["Count roles", "Ask who signs"]),
        (13, ["Ask who signs"]),
        (60, []),
    ):
        moment = START + timedelta(days=day)
        for account in (fay, mia):
            assert [card.lesson.text for card in shared.due_today(db.session, account, moment)] == due, day
        assert shared.due_today(db.session, nora, moment) == []
    (card,) = shared.due_today(db.session, fay, START + timedelta(days=21))
    assert (card.turn, card.lesson.situation) == (3, "Nine contacts, and nobody decides")


def test_a_day_is_one_on_the_clock_of_the_session(hold: Hold, mia: Account) -> None:
    hold(given("Late in Tokyo"), when=START.replace(hour=20), timezone="Asia/Tokyo")  # there it is the next day
    assert shared.due_today(db.session, mia, START.replace(hour=14) + timedelta(days=2)) == []
    assert len(shared.due_today(db.session, mia, START.replace(hour=16) + timedelta(days=2))) == 1


# --- Who reads them ---


def another_mia() -> Account:
    account = Account(email="mia@south.example", name="Mia", password_hash="-")
    db.session.add(account)
    db.session.commit()
    return account


@pytest.mark.parametrize("visibility", list(Visibility))
@pytest.mark.parametrize(
    "who", ["planned it", "moderates the team", "facilitates the team", "another team", "administers"]
)
def test_who_reads_what_was_shared(hold: Hold, mia: Account, visibility: Visibility, who: str) -> None:
    cast = hold(given("Count roles"), visibility=visibility)
    other = hold(given("Elsewhere"), team="South", account=another_mia())
    reader = mia if who == "planned it" else make_account("Rae", admin=who == "administers")
    match who:
        case "moderates the team":
            join_team(reader, cast, MemberKind.MODERATOR)
        case "facilitates the team":
            join_team(reader, cast)
        case "another team":
            join_team(reader, other)
    member = who in ("moderates the team", "facilitates the team") and visibility != Visibility.ROOM
    expected = {"planned it": ["Count roles"], "another team": ["Elsewhere"]}.get(
        who, ["Count roles"] if member else []
    )
    assert texts(reader) == expected


def test_until_the_close_nothing_is_shared_and_what_was_not_agreed_never(hold: Hold, mia: Account) -> None:
    cast = Cast(mia, visibility=Visibility.FACILITATORS).go_to("lessons")
    cast.does("Cara", "lesson", text="Not yet", share=True)
    hold({"text": "For us alone", "share": False, "named": True}, given("For all"))
    assert texts(mia) == ["For all"]


def test_what_a_moderator_notes_down_for_somebody_is_not_shared(mia: Account) -> None:
    cast = Cast(mia, visibility=Visibility.FACILITATORS).go_to("lessons")
    cast.does("Mia", "lesson", text="Said aloud", situation="A case", share=True, named=True, for_=cast.seats["Cara"])
    cast.does("Mia", "advance", anyway=True)
    assert texts(mia) == []


def test_a_name_is_there_only_if_its_author_wants_it(hold: Hold, mia: Account) -> None:
    hold(given("With my name", named=True), given("Without", named=False))
    assert {lesson.text: lesson.name for lesson in read(mia)} == {"With my name": "Cara", "Without": ""}


def test_without_a_transcript_too_and_the_case_never(hold: Hold, mia: Account) -> None:
    hold(given("Named", named=True), given("Unnamed"), {"text": "Ours", "share": False}, transcript=False)
    assert {lesson.text: lesson.name for lesson in read(mia)} == {"Named": "Cara", "Unnamed": ""}
    for lesson in read(mia):
        assert "Nine contacts" not in repr(lesson), "the title of the case"
        assert "Otto" not in repr(lesson)


def test_narrowing_a_session_takes_its_lessons_back(hold: Hold, mia: Account) -> None:
    cast = hold(given("Count roles"))
    fay = join_team(make_account("Fay"), cast)
    assert texts(fay) == ["Count roles"]
    planning.narrow(cast.id, Visibility.ROOM)
    assert texts(fay) == []


def test_who_leaves_the_team_reads_nothing_any_more(hold: Hold) -> None:
    cast = hold(given("Count roles"))
    fay = join_team(make_account("Fay"), cast)
    db.session.delete(db.session.get(Membership, (fay.id, cast.room().it.team_id, MemberKind.FACILITATOR)))
    db.session.commit()
    assert texts(fay) == []


# --- Erasing and keeping ---


def test_with_an_authors_name_goes_the_credit_and_with_their_words_the_lesson(hold: Hold, mia: Account) -> None:
    cast = hold(given("Count roles", named=True, situation="A hand-over"))
    cara = cast.seats["Cara"]
    erasure.erase_seat(cara, words=False)
    assert [(lesson.text, lesson.name) for lesson in read(mia)] == [("Count roles", "")]
    erasure.erase_seat(cara, words=True)
    assert texts(mia) == []


def test_a_session_that_is_deleted_or_whose_time_is_over_takes_its_lessons_along(hold: Hold, mia: Account) -> None:
    deleted, _old = hold(given("Deleted")), hold(given("Old"))
    erasing.delete(deleted.id)
    assert texts(mia) == ["Old"]
    with at(START + timedelta(days=366)):
        retention.purge()
    assert texts(mia) == []


# --- Finding ---


def test_words_are_found_in_lesson_situation_and_theme_whatever_the_accents(hold: Hold, mia: Account) -> None:
    hold(given("Ask at the Café", situation="A hand-over in Łódź"), given("Another one"), themes=("Prix élevés",))
    hold(given("Count roles"))
    assert texts(mia, "CAFE") == ["Ask at the Café"]
    assert texts(mia, "lodz hand-over") == ["Ask at the Café"]
    assert sorted(texts(mia, "eleves")) == ["Another one", "Ask at the Café"]
    assert texts(mia, "cafe roles") == []
    assert texts(mia, "cara") == [], "who was there is not searched"
    page = shared.find(db.session, mia, Wanted("cafe"))
    assert page.lessons[0].text == [("Ask at the ", False), ("Café", True)]


def test_team_and_theme_narrow_the_list_and_pages_follow(hold: Hold, mia: Account) -> None:
    hold(given("North, pricing"), themes=("Pricing",))
    hold(given("South, pricing"), themes=("pricing",), team="South")
    cast = hold(*(given(f"Lesson {number}") for number in range(25)))
    north = cast.room().it.team_id
    assert sorted(texts(mia, theme="PRICING")) == ["North, pricing", "South, pricing"]
    assert texts(mia, theme="Pricing", team_id=north) == ["North, pricing"]
    first, last = (shared.find(db.session, mia, Wanted(), number) for number in (1, 99))
    assert (len(first.lessons), len(last.lessons), last.number, last.count) == (20, 7, 2, 27)
    assert shared.themes_of(db.session, mia) in (["Pricing", "pricing"], ["pricing", "Pricing"])
    assert [name for _, name in shared.teams_of(db.session, mia)] == ["North", "South"]


def test_the_order_within_a_session_says_nothing_of_who_came_first(hold: Hold, mia: Account) -> None:
    hold(*(given(f"Lesson {number}") for number in range(12)))
    lessons = read(mia)
    assert [lesson.id for lesson in lessons] == sorted(lesson.id for lesson in lessons)


def test_lessons_of_earlier_sessions_on_a_theme_come_to_whoever_plans_on_it(hold: Hold, mia: Account) -> None:
    hold(given("Older"), themes=("Pricing",))
    hold(given("Newer"), themes=("pricing", "Handover"), when=START + timedelta(days=1))
    hold(given("Other"), themes=("Handover",))
    assert [lesson.text for lesson in shared.earlier(db.session, mia, " PRICING ")] == ["Newer", "Older"]
    assert shared.earlier(db.session, make_account("Nora"), "pricing") == []


def test_a_seat_that_was_erased_is_nobodys_name(app: Flask, hold: Hold, mia: Account) -> None:
    cast = hold(given("Count roles", named=True))
    erasure.erase_seat(cast.seats["Cara"], words=False)
    db.session.rollback()
    assert db.session.scalars(select(Seat.name).where(Seat.id == cast.seats["Cara"])).one() == ""
    assert [lesson.name for lesson in read(mia)] == [""]
