"""From step to step, and the clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.extensions import db
from app.sessions.commands import Refused
from app.sessions.models import Contribution, Journal
from app.sessions.phases import STEPS
from tests.sessions.cast import Cast

Make = Callable[..., Cast]


def test_a_whole_session_runs_from_the_plan_to_the_close(cast: Cast) -> None:
    cast.run_up_to("closed")
    room = cast.room()
    assert room.it.step == "closed"
    assert room.it.closed_at
    assert not room.it.overridden
    steps = db.session.scalars(select(Journal.step).where(Journal.intervision_id == cast.id, Journal.act == "advance"))
    assert list(steps) == [step.name for step in STEPS[2:]]


def test_the_brainstorm_waits_for_the_ask_and_the_record_remembers_who_did_not(cast: Cast) -> None:
    cast.go_to("ask")
    with pytest.raises(Refused, match="confirm"):
        cast.does("Mia", "advance")
    cast.does("Mia", "advance", anyway=True)
    assert cast.sees("Cara")["session"]["overridden"] is True


def test_with_an_ask_the_brainstorm_opens_and_nothing_was_overridden(cast: Cast) -> None:
    cast.run_up_to("ask")
    cast.does("Otto", "ask", text="Help me find who decides")
    cast.does("Mia", "advance")
    assert cast.step == "silent_brainstorm"
    assert cast.room().it.overridden is False


def test_the_session_does_not_start_without_an_owner(make_cast: Make) -> None:
    cast = make_cast(owner_name="").opened("Cara", "Carl")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "advance", anyway=True)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    cast.does("Mia", "advance", anyway=True)
    assert cast.sees("Cara")["me"]["role"] == "owner"


def test_stepping_back_loses_nothing_and_gives_the_time_that_was_left(cast: Cast) -> None:
    cast.run_up_to("questions")
    cast.wait(100)
    questions = cast.does(cast.whose_turn(), "question", text="Who decides?")
    cast.does("Mia", "advance", anyway=True)
    cast.wait(500)
    cast.does("Mia", "back")
    assert cast.step == "questions"
    assert questions.item in cast.sees("Otto")["items"]
    clock = cast.room().clock
    assert clock.left(cast.now) == 660 - 100


def test_the_clock_pauses_resumes_and_takes_more_time(cast: Cast) -> None:
    cast.go_to("statement")
    cast.wait(60)
    cast.does("Mia", "pause")
    cast.wait(1000)
    assert cast.room().clock.left(cast.now) == 300
    cast.does("Mia", "resume")
    cast.does("Mia", "extend", seconds=60)
    cast.wait(30)
    assert cast.room().clock.left(cast.now) == 330
    cast.does("Mia", "set_time", seconds=120)
    assert cast.room().clock.left(cast.now) == 120
    assert cast.room().elapsed(cast.now) == 90


def test_time_that_was_lost_is_shared_out_and_phases_five_and_six_keep_theirs(cast: Cast) -> None:
    cast.go_to("questions")
    cast.wait(1500)
    cast.does("Mia", "share_out")
    times = cast.room().times
    rest = sum(times[name].allotted_s for name in ("ask", "silent_brainstorm", "brainstorm", "recommendations"))
    assert [times[name].allotted_s for name in ("feedback", "reactions", "lessons")] == [360, 180, 240]
    left = cast.room().clock.left(cast.now)
    assert left is not None
    assert left >= 10
    # The hour has 60 minutes; 6 of them are for the statement and 3 for the silence, both passed in no time here.
    assert abs(rest + left + 780 - (3600 - 240 - 1500)) < 3


def test_the_silent_part_ends_itself_when_its_time_is_up_and_only_then(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    with pytest.raises(Refused, match="stale"):
        cast.does("Cara", "time_up")
    cast.wait(270)
    cast.does("Cara", "time_up")
    assert cast.step == "brainstorm"


def test_nobody_is_moved_on_unless_the_moderator_chose_it(cast: Cast) -> None:
    cast.go_to("brainstorm")
    cast.wait(1000)
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Cara", "time_up")
    cast.does("Mia", "move_on", on=True)
    cast.does("Cara", "time_up")
    assert cast.step == "recommendations"


def test_a_session_never_closes_by_itself_nor_skips_the_ask(cast: Cast) -> None:
    cast.go_to("ask")
    cast.does("Mia", "move_on", on=True)
    cast.wait(1000)
    with pytest.raises(Refused, match="confirm"):
        cast.does("Mia", "time_up")
    cast.go_to("lessons")
    cast.wait(1000)
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "time_up")


def test_the_owner_may_stop_the_session_while_muted_and_a_consultant_may_not(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Cara", "stop")
    cast.does("Otto", "stop")
    session = cast.sees("Cara")["session"]
    assert session["step"] == "closed"
    assert session["stopped"] is True


def test_nothing_is_accepted_after_the_close(cast: Cast) -> None:
    cast.run_up_to("closed")
    before = db.session.scalar(select(func.count()).select_from(Contribution))
    for who, act, data in (
        ("Cara", "lesson", {"text": "Late"}),
        ("Mia", "back", {}),
        ("Otto", "plan", {"text": "Late"}),
    ):
        with pytest.raises(Refused, match="archived"):
            cast.does(who, act, **data)
    assert db.session.scalar(select(func.count()).select_from(Contribution)) == before


def test_time_goes_on_while_nobody_does_anything(cast: Cast) -> None:
    cast.go_to("statement")
    ends_at = cast.room().it.ends_at
    assert ends_at == cast.now + timedelta(seconds=360)
    cast.wait(60)
    assert cast.room().it.ends_at == ends_at
