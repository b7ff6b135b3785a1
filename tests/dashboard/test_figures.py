"""The figures: of sessions that their reader may know of, and of so many people that nobody stands out."""

from datetime import date, timedelta

from flask import Flask

from app.accounts.models import Account
from app.dashboard import figures, rotation
from app.dashboard.figures import Figures, QuarterFigures, Recurring
from app.dashboard.quarters import Quarter
from app.extensions import db
from app.privacy import retention
from app.sessions.commands import erasing, planning
from app.sessions.models import Visibility
from app.sessions.process import Share
from app.teams.models import MemberKind, Membership, Team
from app.times import at
from tests.dashboard.conftest import MAY, Hold, facilitator
from tests.sessions.cast import Cast
from tests.visitor import Visitor, make_account

TODAY = date(2026, 8, 15)
SPRING = Quarter(2026, 2)


def seen_by(account: Account, today: date = TODAY) -> Figures:
    db.session.rollback()
    team = db.session.query(Team).filter_by(name="North").one()
    return figures.of(account, team, SPRING, today)


def spring(account: Account, today: date = TODAY) -> QuarterFigures:
    return seen_by(account, today).quarters[-1]


def test_four_quarters_end_with_the_one_that_is_asked_for(mia: Account, hold: Hold) -> None:
    hold(MAY - timedelta(days=180))
    hold(MAY - timedelta(days=400))
    found = seen_by(mia).quarters
    assert [each.quarter for each in found] == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
    assert [each.completed.whole for each in found] == [0, 1, 0, 0]


def test_a_session_that_was_stopped_did_not_go_through_all_phases(mia: Account, hold: Hold) -> None:
    hold()
    hold(stop="brainstorm")
    hold(stop="lessons")
    assert spring(mia).completed == Share(1, 3)


def test_plans_and_check_ins_are_told_from_three_sessions_on(mia: Account, hold: Hold) -> None:
    hold(helped=4)
    hold(dated=False)
    assert (spring(mia).dated, spring(mia).check_ins) == (None, None)
    hold()
    assert spring(mia).dated == Share(2, 3)
    assert spring(mia).check_ins == Share(1, 9)


def test_only_check_ins_that_fell_due_count(mia: Account, hold: Hold) -> None:
    for _ in range(3):
        hold()
    assert spring(mia, MAY.date() + timedelta(days=1)).check_ins is None
    assert spring(mia, MAY.date() + timedelta(days=2)).check_ins == Share(0, 3)


def test_how_it_helped_is_told_from_five_owners_on(mia: Account, hold: Hold) -> None:
    for helped in (5, 5, 4, 1):
        hold(helped=helped)
    assert spring(mia).helped is None
    hold(helped=4)
    assert spring(mia).helped == figures.Answers((1, 0, 0, 2, 2), 3.8)
    hold(helped=1)
    assert spring(mia).helped == figures.Answers((1, 0, 0, 2, 2), 3.8), "one more answer waits for company"


def again(cast: Cast, helped: int, days: int = 20) -> None:
    """The owner answers the check-in (once more); with 0 in words alone."""
    with at(MAY + timedelta(days=days)):
        cast.does("Otto", "check_in", number=2, first="It went on", second="", helped=helped)


FIVE = figures.Answers((0, 0, 0, 0, 5), 5.0)


def test_who_answers_again_changes_nothing_that_is_told(mia: Account, hold: Hold) -> None:
    casts = [hold(helped=5) for _ in range(5)]
    for cast, helped in zip(casts, (3, 0, 1, 5, 2), strict=True):
        again(cast, helped)
        assert spring(mia).helped == FIVE


def test_who_adds_a_number_to_their_words_waits_for_company(mia: Account, hold: Hold) -> None:
    first = hold()
    again(first, 0, 15)
    for _ in range(5):
        hold(helped=5)
    again(first, 1)
    assert spring(mia).helped == FIVE, "one more answer, though its owner was the first to say anything"
    for _ in range(4):
        again(hold(), 5, 21)
    assert spring(mia).helped == figures.Answers((1, 0, 0, 0, 9), 4.6)


def test_of_a_quarter_that_lost_a_session_no_answers_are_told(app: Flask, mia: Account, hold: Hold) -> None:
    before = hold(MAY - timedelta(days=90), safe=(4,) * 5)
    casts = [hold(helped=helped, safe=(4,)) for helped in (1, 5, 5, 5, 5, 5)]
    assert (spring(mia).helped, spring(mia).safe) == (figures.Answers((1, 0, 0, 0, 4), 4.2), 4.0)
    erasing.delete(casts[0].id)
    assert (spring(mia).helped, spring(mia).safe) == (None, None), "not those of the other five, less the one"
    assert spring(mia).completed == Share(5, 5)
    assert seen_by(mia).quarters[-2].safe == 4.0, "the quarter before lost none"
    erasing.purge(before.id, lambda _under_way: True)
    assert seen_by(mia).quarters[-2].safe is None


def test_of_a_quarter_that_lost_a_session_to_its_room_no_answers_are_told(app: Flask, mia: Account, hold: Hold) -> None:
    casts = [hold(visibility="facilitators", helped=5, safe=(4,)) for _ in range(6)]
    fay = facilitator()
    planning.narrow(casts[0].id, Visibility.PROCESS)
    assert (spring(fay).helped, spring(fay).safe) == (FIVE, 4.0), "it still counts"
    planning.narrow(casts[0].id, Visibility.ROOM)
    assert (spring(fay).helped, spring(fay).safe) == (None, None)


def test_a_session_that_was_left_to_its_room_before_its_close_takes_nothing_along(mia: Account, hold: Hold) -> None:
    for _ in range(5):
        hold(helped=5)
    with at(MAY):
        early = Cast(mia, visibility="process").go_to("ask")
        erasing.delete(early.id)
        other = Cast(mia, visibility="process").go_to("ask")
        planning.narrow(other.id, Visibility.ROOM)
        other.go_to("closed")
    assert spring(mia).helped == FIVE


def test_answers_as_old_as_what_the_trail_remembers_are_not_told(mia: Account, hold: Hold) -> None:
    for _ in range(5):
        hold(helped=5)
    assert spring(mia, SPRING.first + retention.TRAIL - timedelta(days=1)).helped == FIVE
    assert spring(mia, SPRING.first + retention.TRAIL).helped is None


def test_the_pulse_is_told_from_five_answers_on(mia: Account, hold: Hold) -> None:
    hold(safe=(5, 5, 4, 4))
    assert spring(mia).safe is None
    hold(safe=(2,))
    assert spring(mia).safe == 4.0
    hold(safe=(1,))
    assert spring(mia).safe == 4.0


def test_themes_that_came_back_the_most_frequent_first(mia: Account, hold: Hold) -> None:
    hold(themes=["Renewal", "Price"])
    hold(MAY - timedelta(days=120), themes=["Renewal", "Deciders"])
    hold(themes=["Deciders", "Renewal"])
    assert seen_by(mia).themes == (Recurring("Renewal", 3), Recurring("Deciders", 2))


def test_only_sessions_that_the_reader_may_know_of_count(app: Flask, mia: Account, hold: Hold) -> None:
    hold(visibility="room", safe=(1, 1, 1, 1, 1), themes=["Secret"])
    hold(visibility="room", themes=["Secret"])
    hold(visibility="process")
    hold(visibility="facilitators", stop="ask")
    fay = facilitator()
    assert spring(mia).completed.whole == 4
    assert spring(fay).completed == Share(1, 2)
    assert (spring(fay).safe, seen_by(fay).themes) == (None, ())
    max_ = make_account("Max")
    db.session.add(Membership(account_id=max_.id, team_id=1, kind=MemberKind.MODERATOR))
    db.session.commit()
    assert spring(max_).completed.whole == 0


def test_whose_turn_it_is_begins_with_those_who_brought_none(mia: Account, hold: Hold) -> None:
    hold(MAY - timedelta(days=90), owner="Zoe")
    hold(MAY, owner="Otto")
    hold(MAY + timedelta(days=1), owner="Zoe")
    hold(MAY + timedelta(days=2), owner="Cara Senior")
    found = seen_by(mia).rotation
    assert found
    assert [turn.name for turn in found] == ["Cara", "Carl", "Cleo", "Otto", "Zoe", "Cara Senior"]
    assert found[3] == rotation.Turn("Otto", MAY.date())


def test_without_a_transcript_nobody_is_in_turn_but_who_brought_the_case(mia: Account, hold: Hold) -> None:
    with at(MAY):
        cast = Cast(mia, transcript=False).go_to("lessons")
        cast.does("Cara", "lesson", text="Count roles", share=True, named=True)
        cast.go_to("closed")
    found = seen_by(mia).rotation
    assert [turn.name for turn in found or ()] == ["Otto"]


def test_without_names_it_is_not_known_whose_turn_it_was(mia: Account) -> None:
    with at(MAY):
        Cast(mia, names=False).go_to("closed")
    assert seen_by(mia).rotation == ()


def test_whoever_has_not_been_there_for_a_year_is_not_in_turn(mia: Account, hold: Hold) -> None:
    hold(MAY - timedelta(days=400), owner="Zoe")
    assert seen_by(mia).rotation == ()


def test_whose_turn_it_is_is_for_moderators_alone(app: Flask, hold: Hold) -> None:
    hold(visibility="facilitators")
    assert seen_by(facilitator()).rotation is None


# --- The page ---


def page_of(app: Flask, account: Account, asked: str = "?quarter=2026-Q2") -> str:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser.get(f"/dashboard{asked}").text


def test_the_page_names_nobody_to_a_facilitator(app: Flask, hold: Hold) -> None:
    hold(visibility="facilitators", title="A secret case")
    hold(visibility="process", owner="Zoe")
    page = page_of(app, facilitator())
    assert "2 of 2" in page
    for name in ("Otto", "Zoe", "Cara", "Carl", "Mia", "A secret case", "Draw the map"):
        assert name not in page, name
    assert "What this page leaves out, and why" in page


def test_the_page_says_whose_turn_it_is_to_the_moderator(app: Flask, mia: Account, hold: Hold) -> None:
    hold()
    page = page_of(app, mia)
    assert page.index("Cleo") < page.index("Otto")
    assert "last in May 2026" in page


def test_a_team_that_is_not_ones_own_has_no_page(app: Flask, mia: Account, hold: Hold) -> None:
    hold()
    stan = Visitor(app)
    stan.sign_in(make_account("Ada", admin=True))
    assert stan.get("/dashboard?team=1").status_code in (200, 404)
    assert "North" not in stan.get("/dashboard?team=1").text
    mias = Visitor(app)
    mias.sign_in(mia)
    for team in ("2", "x", "-1", "1.0"):
        assert mias.get(f"/dashboard?team={team}").status_code == 404


def test_what_is_no_quarter_shows_that_of_today(app: Flask, mia: Account, hold: Hold) -> None:
    hold()
    for asked in ("?quarter=x", "?quarter=9999-Q1", ""):
        assert "A quarter later" not in page_of(app, mia, asked)
    assert "A quarter later" in page_of(app, mia)
