"""The demo's database: what is in it, that it can be filled again, and that nothing real is ever touched."""

import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account
from app.archive import search
from app.database import Base
from app.demo import fill, staging
from app.demo.cases import ENERGY, HOSPITALS
from app.demo.fill import NotForDemo
from app.demo.scenes import SCENES, Scene
from app.demo.year import YEAR, Past
from app.extensions import db
from app.followup.models import FollowUp
from app.sessions import presence, view
from app.sessions.access import Reader
from app.sessions.exports import record, rows
from app.sessions.models import Intervision
from app.sessions.phases import STEPS, Role
from app.sessions.presence import Connection
from app.sessions.room import Room
from app.sessions.rules import is_live
from app.sessions.timeline import timeline
from app.times import at, now
from tests.visitor import make_account

ROOT = Path(__file__).parent.parent.parent
LIVE = [scene for scene in SCENES.values() if scene.is_live]
CLOSED = [scene for scene in SCENES.values() if not scene.is_live]
SAID = {
    "lobby": {"case": 1, "interest": 2},
    "statement": {"statement": 1},
    "questions": {"question": 4, "answer": 3},
    "brainstorm": {"ask": 1, "idea": 8},
    "recommendations": {"idea": 11, "recommendation": 2},
    "feedback": {"recommendation": 5, "verdict": 5, "action": 2},
    "lessons": {"action": 4, "reaction": 2, "lesson": 2},
}


def room_of(scene: Scene) -> Room:
    it = fill.find(scene)
    assert it
    return Room(db.session, it)


def seen_by(scene: Scene, who: str) -> dict[str, Any]:
    room = room_of(scene)
    seat = next(seat for seat in room.seats if seat.name == who)
    return view.snapshot(room, Reader(seat), now())


def counts() -> dict[str, int]:
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


# --- What is in it ---


def test_there_is_a_live_session_in_the_lobby_and_in_every_phase(app: Flask) -> None:
    phases = [step.phase for scene in LIVE for step in STEPS if step.name == scene.step]
    assert phases == [None, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("scene", LIVE, ids=lambda scene: scene.name)
def test_a_live_session_is_in_its_step_with_all_that_was_said_before(app: Flask, scene: Scene) -> None:
    room = room_of(scene)
    assert room.it.step == scene.step
    assert {kind: len(room.contributions(kind)) for kind in SAID[scene.step]} == SAID[scene.step]


@pytest.mark.parametrize("scene", LIVE, ids=lambda scene: scene.name)
def test_the_clock_of_a_live_session_runs_and_is_part_way(app: Flask, scene: Scene) -> None:
    room = room_of(scene)
    it, time = room.it, room.time
    assert time
    assert it.started_at
    assert it.ends_at
    made = it.ends_at - timedelta(seconds=0.6 * time.planned_s)
    assert timedelta() <= now() - made < timedelta(minutes=5)
    used = sum(other.used_s or 0.0 for other in room.times.values() if other is not time) + 0.4 * time.planned_s
    assert (made - it.started_at).total_seconds() == pytest.approx(used, abs=1)


def test_each_role_has_something_to_do_in_the_questions(app: Flask) -> None:
    scene = SCENES["questions"]
    assert "question" in seen_by(scene, scene.consultant)["can"]
    assert "answer" in seen_by(scene, scene.case.owner)["can"]
    room = room_of(scene)
    answered = {answer.parent_id for answer in room.contributions("answer")}
    assert [question.text for question in room.contributions("question") if question.id not in answered] == [
        HOSPITALS.questions[3].text
    ]


def test_it_is_the_consultants_turn_to_recommend(app: Flask) -> None:
    scene = SCENES["recommendations"]
    assert "recommend" in seen_by(scene, scene.consultant)["can"]


def test_advice_dressed_as_a_question_is_parked_and_never_asked(app: Flask) -> None:
    for scene in CLOSED:
        room = room_of(scene)
        asked = [question.text for question in room.contributions("question")]
        advice = [question.advice for question in scene.case.questions if question.advice]
        assert asked == [question.text for question in scene.case.questions]
        assert advice
        assert not set(advice) & set(asked)
        assert [parked.text for parked in room.contributions("parked")] == advice


@pytest.mark.parametrize("scene", CLOSED, ids=lambda scene: scene.name)
def test_a_closed_session_was_held_in_its_time_on_a_working_day(app: Flask, scene: Scene) -> None:
    it = room_of(scene).it
    assert it.started_at
    assert it.closed_at
    begun = it.started_at.astimezone(ZoneInfo(staging.ZONE))
    assert begun == it.starts_at
    assert begun.hour == scene.hour
    assert begun.weekday() < 5
    assert scene.days <= (now().astimezone(begun.tzinfo).date() - begun.date()).days < scene.days + 3
    assert 0.9 * it.length < (it.closed_at - it.started_at).total_seconds() / 60 <= it.length


@pytest.mark.parametrize("scene", CLOSED, ids=lambda scene: scene.name)
def test_a_closed_session_has_its_plan(app: Flask, scene: Scene) -> None:
    plan = rows.plan(seen_by(scene, scene.case.owner))
    day = plan.held_at.date()
    assert plan.issue == scene.case.statement["issue"]
    assert plan.ask == scene.case.ask
    assert [(action.what, action.who, action.by) for action in plan.actions] == [
        (action.what, action.who, day + timedelta(days=action.days)) for action in scene.case.actions
    ]
    assert all(action.origin for action in plan.actions)
    assert plan.strengths
    assert plan.risks


@pytest.mark.parametrize("scene", CLOSED, ids=lambda scene: scene.name)
def test_a_closed_session_has_its_record(app: Flask, scene: Scene) -> None:
    found = record.record(seen_by(scene, scene.consultant))
    case = scene.case
    assert [(q.asked.name, q.asked.text, q.answer.text) for q in found.questions if q.answer] == [
        (question.who, question.text, question.answer) for question in case.questions
    ]
    ideas = [*found.ideas, *(built for idea in found.ideas for built in idea.built)]
    assert sorted(idea.text for idea in ideas) == sorted(idea.text for idea in case.ideas)
    assert [(each.said.name, each.said.text) for each in found.recommendations] == [
        (each.who, each.text) for each in case.recommendations
    ]
    assert len(found.lessons) == len(case.lessons)
    assert not found.overridden
    assert all(phase.used_s for phase in found.phases.values())


def test_both_teams_and_all_roles_are_there(app: Flask) -> None:
    assert {room_of(scene).it.team.name for scene in SCENES.values()} == {HOSPITALS.team, ENERGY.team}
    kinds = {account.name: account.kind for account in db.session.scalars(select(Account))}
    assert kinds == {"Lotte": "moderator", "Hanna": "moderator", "Femke": "facilitator"}
    for scene in SCENES.values():
        roles = {seat.name: seat.role for seat in room_of(scene).seats}
        cast = (scene.case.moderator, scene.case.owner, scene.consultant)
        assert [roles[name] for name in cast] == [Role.MODERATOR, Role.OWNER, Role.CONSULTANT]


def today() -> date:
    """Where the demo's company is."""
    return now().astimezone(ZoneInfo(staging.ZONE)).date()


def test_femke_reviews_both_teams_one_of_them_without_the_words(app: Flask) -> None:
    femke = db.session.scalars(select(Account).where(Account.name == "Femke")).one()
    sessions = search.find(femke, search.Wanted()).sessions
    closed = {it.held_on: (it.team, it.full) for it in sessions if it.held_on >= today() - timedelta(days=14)}
    assert set(closed.values()) == {(HOSPITALS.team, True), (ENERGY.team, False)}
    assert all(it.themes for it in sessions if it.held_on in closed)


# --- The year ---


def lottes(**wanted: Any) -> list[str]:
    lotte = db.session.scalars(select(Account).where(Account.name == "Lotte")).one()
    return [it.name for it in search.find(lotte, search.Wanted(**wanted)).sessions]


def past_room(past: Past) -> Room:
    it = db.session.scalars(select(Intervision).where(Intervision.title == past.case.title)).one()
    return Room(db.session, it)


@pytest.mark.parametrize("past", YEAR, ids=lambda past: past.case.title)
def test_each_session_of_the_year_was_held_in_its_time_and_is_followed_up(app: Flask, past: Past) -> None:
    room = past_room(past)
    assert (room.it.step, room.it.stopped) == ("closed", bool(past.stops_in))
    held_on = room.it.starts_at.astimezone(ZoneInfo(staging.ZONE)).date()
    assert past.days <= (today() - held_on).days < past.days + 4
    found = timeline(room)
    assert found
    asked = {name for moves in past.moves.values() for name, _data in moves} - {"resume", "advance"}
    assert asked <= {move.kind for move in found.moves}
    said = db.session.scalars(select(FollowUp).where(FollowUp.intervision_id == room.it.id)).all()
    assert {(each.kind, each.text) for each in said if each.kind == "note"} == (
        {("note", past.note)} if past.note else set()
    )
    assert [each.data["state"] for each in said if each.kind == "state"] == [state for state, _word in past.states]
    assert len([each for each in said if each.kind == "check_in"]) == len(past.answers)


def test_the_year_has_something_of_everything(app: Flask) -> None:
    assert len({past.case.owner for past in YEAR}) == 6
    assert {past.case.visibility for past in YEAR} == {"room", "process", "facilitators"}
    assert not all(past.case.transcript for past in YEAR)
    assert len(lottes()) == len(YEAR) + 1
    assert 3 < len(lottes(still_open=True)) < len(YEAR)
    assert lottes(due=True)
    assert len(lottes(theme="No decision")) == 4
    assert "The offer that came too early" in lottes(words="good day")


# --- Filled again ---


def test_filling_it_again_doubles_nothing_and_puts_a_session_that_was_walked_on_back_into_its_step(app: Flask) -> None:
    before = counts()
    room_of(SCENES["brainstorm"]).it.step = "recommendations"
    db.session.commit()
    fill.fill()
    assert counts() == before
    assert room_of(SCENES["brainstorm"]).it.step == "brainstorm"


def test_a_demo_that_is_not_whole_is_known_for_it(app: Flask) -> None:
    assert fill.is_whole()
    room_of(SCENES["lobby"]).it.title = "Another title"
    db.session.commit()
    assert not fill.is_whole()


# --- Rooms made anew ---


def test_a_room_that_was_left_is_made_anew_for_whoever_comes_next(app: Flask) -> None:
    scene = SCENES["brainstorm"]
    before = counts()
    old = room_of(scene).it.code
    later = now() + timedelta(hours=3)
    with at(later):
        it = fill.ready(scene)
    assert it.code != old
    assert it.step == "brainstorm"
    assert it.ends_at
    assert it.ends_at > later
    assert counts() == before | {"audit": before["audit"] + 1}  # that it was planned


def test_a_room_in_which_something_has_just_happened_stays(app: Flask) -> None:
    room = room_of(SCENES["brainstorm"])
    last = room.it.ends_at
    assert last
    time = room.time
    assert time
    with at(last - timedelta(seconds=0.6 * time.planned_s) + fill.QUIET / 2):
        assert fill.ready(SCENES["brainstorm"]).code == room.it.code


def test_a_room_in_which_somebody_is_stays(app: Flask) -> None:
    it = room_of(SCENES["brainstorm"]).it
    presence.arrive("a socket", Connection(it.id, it.seats[0].id, 1, 1))
    try:
        with at(now() + timedelta(hours=3)):
            assert fill.ready(SCENES["brainstorm"]).code == it.code
    finally:
        presence.leave("a socket")


def test_a_closed_session_stays_as_it_is(app: Flask) -> None:
    it = room_of(SCENES["energy"]).it
    with at(now() + timedelta(hours=3)):
        assert fill.ready(SCENES["energy"]).code == it.code


# --- What is real is left alone ---


def test_a_database_with_a_real_account_is_left_as_it_is(app: Flask) -> None:
    make_account("Mia")
    before = counts()
    with pytest.raises(NotForDemo, match=r"^This database holds real accounts, so it is left as it is; .*\.$"):
        fill.fill()
    assert counts() == before
    assert not fill.is_demo()


def test_the_command_refuses_a_real_database_in_one_sentence(tmp_path: Path, app: Flask) -> None:
    make_account("Mia")
    done = subprocess.run(
        [sys.executable, "-m", "app.demo"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": app.config["DATABASE_URL"]},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("This database holds real accounts")
    assert done.stderr.count("\n") == 1


def test_production_is_no_place_for_a_demo(app: Flask) -> None:
    app.config["INTERVISE_ENV"] = "production"
    before = counts()
    with pytest.raises(NotForDemo, match="INTERVISE_ENV=production"):
        fill.fill()
    assert counts() == before
    assert not fill.is_demo()


def test_an_empty_database_is_not_a_demo_yet(app: Flask) -> None:
    fill._empty()
    assert not fill.is_demo()
    assert db.session.scalar(select(func.count()).select_from(Intervision)) == 0
    fill.check()


def test_every_live_scene_is_live_and_no_two_have_the_same_title() -> None:
    assert all(is_live(scene.step) for scene in LIVE)
    assert len({scene.title for scene in SCENES.values()}) == len(SCENES)
