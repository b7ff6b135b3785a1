"""The one door: commands carried out on a real database."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import Base
from app.extensions import db
from app.sessions import live
from app.sessions.commands import Refused, door
from app.sessions.models import Contribution, Journal, Pulse
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


def test_the_same_command_twice_is_carried_out_once_and_answered_the_same(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    first = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    again = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    assert again == first
    assert len(cast.sees_kind("Cara", "idea")) == 1
    assert cast.room().it.version == first.version


def test_a_command_that_comes_again_after_its_step_is_over_is_still_answered_with_its_first_answer(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    first = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    cast.go_to("recommendations")
    assert cast.does("Cara", "idea", text="Map the contacts", command_id=command_id) == first


def test_two_people_who_press_next_at_once_move_one_step(cast: Cast, app: Flask) -> None:
    cast.go_to("statement")

    def press(_: int) -> str:
        with app.app_context():
            try:
                cast.does("Mia", "advance", base="statement")
            except Refused as refused:
                return refused.code
            return "ok"

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(press, range(8)))
    assert sorted(answers) == ["ok"] + ["stale"] * 7
    assert cast.step == "silent_questions"


def test_people_who_write_at_the_same_time_all_get_a_version_of_their_own(cast: Cast, app: Flask) -> None:
    cast.go_to("silent_brainstorm")
    before = cast.room().it.version

    def write(number: int) -> int:
        with app.app_context():
            return cast.does("Cara", "idea", text=f"Idea {number}", base="silent_brainstorm").version

    with ThreadPoolExecutor(8) as people:
        versions = sorted(people.map(write, range(40)))
    assert versions == list(range(before + 1, before + 41))


def test_a_refused_command_changes_nothing(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    before = cast.sees("Mia")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "idea", text="But I did try that")
    assert cast.sees("Mia") == before


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


def test_only_the_owner_saves_the_ask(cast: Cast) -> None:
    cast.go_to("ask")
    for who in ("Mia", "Cara"):
        with pytest.raises(Refused, match="forbidden"):
            cast.does(who, "ask", text="I know what you need")
    with pytest.raises(Refused, match="invalid"):
        cast.does("Mia", "ask", text="I know what you need", for_=cast.seats["Otto"])


def test_the_session_does_not_start_without_an_owner(make_cast: Make) -> None:
    cast = make_cast(owner_name="").opened("Cara", "Carl")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "advance", anyway=True)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    cast.does("Mia", "advance", anyway=True)
    assert cast.sees("Cara")["me"]["role"] == "owner"


def test_a_new_owner_takes_the_place_of_the_old_one(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    assert cast.sees("Otto")["me"]["role"] == "consultant"


def test_the_owner_stays_the_same_once_the_questions_have_begun(cast: Cast) -> None:
    cast.go_to("questions")
    for who, role in (("Cara", "owner"), ("Otto", "consultant")):
        with pytest.raises(Refused, match="forbidden"):
            cast.does("Mia", "set_role", seat=cast.seats[who], role=role)


def test_there_is_always_a_moderator(cast: Cast) -> None:
    cast.opened("Cara")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    assert cast.sees("Cara")["me"]["role"] == "moderator"


def test_whoever_planned_the_session_takes_it_back_after_handing_it_over(cast: Cast) -> None:
    cast.opened("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Mia", "set_role", seat=cast.seats["Mia"], role="consultant")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "take_back")
    cast.does("Mia", "take_back")
    assert cast.sees("Mia")["me"]["role"] == "moderator"


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


def test_turns_go_round_by_themselves_question_answer_next(cast: Cast) -> None:
    cast.go_to("questions")
    assert cast.whose_turn() == "Cara"
    with pytest.raises(Refused, match="not_your_turn"):
        cast.does("Carl", "question", text="Who asked for the meeting?")
    question = cast.does("Cara", "question", text="Who asked for the meeting?").item
    assert cast.whose_turn() == "Cara"
    cast.does("Otto", "answer", parent=question, how="aloud")
    assert cast.whose_turn() == "Carl"
    cast.does("Carl", "pass_turn")
    assert cast.whose_turn() == "Cara"


def test_everybody_recommends_once_and_the_moderator_may_give_another_turn(cast: Cast) -> None:
    cast.go_to("recommendations")
    cast.does("Cara", "recommend", text="Draw the map")
    cast.does("Carl", "recommend", text="Call Karim")
    assert cast.sees("Mia")["session"]["turn"] is None
    cast.does("Mia", "give_turn", seat=cast.seats["Cara"])
    cast.does("Cara", "recommend", text="Ask for a joint session")
    assert len(cast.sees_kind("Otto", "recommendation")) == 3


def test_a_turn_that_is_taken_away_before_anything_was_said_has_not_been_one(cast: Cast) -> None:
    cast.go_to("recommendations")
    cast.does("Mia", "give_turn", seat=cast.seats["Carl"])
    cast.does("Carl", "recommend", text="Call Karim")
    assert cast.whose_turn() == "Cara"


def test_who_is_removed_loses_the_turn_and_the_room(cast: Cast) -> None:
    cast.go_to("questions")
    cast.does("Mia", "remove", seat=cast.seats["Cara"])
    assert cast.whose_turn() == "Carl"
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Cara", "note", text="Hello?")


def test_the_moderator_notes_down_what_was_said_aloud(cast: Cast) -> None:
    cast.go_to("questions")
    cast.does("Mia", "question", aloud=True, for_=cast.seats["Cara"])
    question = cast.sees_kind("Otto", "question")[0]
    assert (question["seat"], question["noted"], question["aloud"]) == (cast.seats["Cara"], True, True)
    cast.does("Mia", "answer", parent=question["id"], how="aloud")
    answer = cast.sees_kind("Cara", "answer")[0]
    assert answer["seat"] == cast.seats["Otto"]
    assert cast.whose_turn() == "Carl"


@pytest.mark.parametrize(("who", "whom"), [("Cara", "Carl"), ("Otto", "Cara"), ("Mia", "Mia")])
def test_nobody_puts_words_into_another_mouth(cast: Cast, who: str, whom: str) -> None:
    cast.go_to("questions")
    with pytest.raises(Refused, match=r"forbidden|not_your_turn"):
        cast.does(who, "question", text="I say this", for_=cast.seats[whom])


def test_a_parked_idea_becomes_an_idea_and_is_parked_no_longer(cast: Cast) -> None:
    cast.go_to("questions")
    parked = cast.does("Carl", "park", text="Call the CFO").item
    cast.go_to("silent_brainstorm")
    cast.does("Carl", "idea", text="Call the CFO", from_=parked)
    assert cast.sees_kind("Carl", "parked") == []


def test_nobody_uses_up_somebody_elses_note(cast: Cast) -> None:
    cast.go_to("questions")
    parked = cast.does("Carl", "park", text="Call the CFO").item
    cast.go_to("silent_brainstorm")
    with pytest.raises(Refused, match="gone"):
        cast.does("Cara", "idea", text="Mine now", from_=parked)
    assert len(cast.sees_kind("Carl", "parked")) == 1
    assert cast.sees_kind("Cara", "idea") == []


def test_one_builds_on_an_idea_one_level_deep(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    top = cast.sees_kind("Cara", "idea")[0]["id"]
    built = cast.does("Carl", "idea", text="And bring cake", parent=top).item
    with pytest.raises(Refused, match="invalid"):
        cast.does("Cara", "idea", text="And tea", parent=built)


def test_while_people_write_in_silence_nobody_builds_on_anything(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    mine = cast.does("Cara", "idea", text="Map the contacts").item
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Cara", "idea", text="And more", parent=mine)


def test_taking_back_an_idea_leaves_what_was_built_on_it(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    top = next(item["id"] for item in cast.sees_kind("Cara", "idea") if item.get("mine"))
    built = cast.does("Carl", "idea", text="And bring cake", parent=top).item
    cast.does("Cara", "withdraw", item=top)
    items = cast.sees("Otto")["items"]
    assert top not in items
    assert items[built]["parent"] is None


def test_nobody_takes_back_or_changes_what_is_not_theirs(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    of_cara = next(item["id"] for item in cast.sees_kind("Cara", "idea") if item.get("mine"))
    with pytest.raises(Refused, match="gone"):
        cast.does("Carl", "withdraw", item=of_cara)
    with pytest.raises(Refused, match="gone"):
        cast.does("Carl", "idea", item=of_cara, text="Nonsense")


def test_one_sorts_again_and_the_first_verdict_is_replaced(cast: Cast) -> None:
    cast.run_up_to("feedback")
    recommendation = cast.sees_kind("Otto", "recommendation")[0]["id"]
    cast.does("Otto", "sort", parent=recommendation, verdict="maybe")
    cast.does("Otto", "sort", parent=recommendation, verdict="not_now", text="Too early")
    verdicts = cast.sees_kind("Cara", "verdict")
    assert [(item["data"]["verdict"], item["text"]) for item in verdicts] == [("not_now", "Too early")]


def test_a_plan_has_four_actions_at_most(cast: Cast) -> None:
    cast.go_to("feedback")
    for number in range(4):
        cast.does("Otto", "plan", text=f"Action {number}")
    with pytest.raises(Refused, match="too_many"):
        cast.does("Otto", "plan", text="One more")
    action = cast.sees_kind("Otto", "action")[0]
    cast.does("Otto", "plan", item=action["id"], text="Another", by="2026-03-09")
    cast.room()
    stored = db.session.get(Contribution, action["id"])
    assert stored
    assert stored.due
    assert stored.due.isoformat() == "2026-03-09"


def test_the_pulse_is_kept_apart_from_who_gave_it(cast: Cast) -> None:
    cast.go_to("lessons")
    cast.does("Cara", "pulse", useful=5, safe=4)
    with pytest.raises(Refused, match="taken"):
        cast.does("Cara", "pulse", useful=1, safe=1)
    pulses = list(db.session.scalars(select(Pulse)))
    assert [(pulse.useful, pulse.safe) for pulse in pulses] == [(5, 4)]
    assert not set(Pulse.__table__.columns.keys()) & {"seat_id", "at", "created_at", "version"}


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


def test_a_latecomer_waits_until_the_moderator_lets_them_in(cast: Cast) -> None:
    cast.go_to("questions")
    cast.come("Cleo")
    assert cast.sees("Cleo")["me"]["status"] == "waiting"
    assert set(cast.sees("Cleo")["people"]) == {cast.seats["Cleo"]}
    assert cast.seats["Cleo"] not in cast.sees("Cara")["people"]
    cast.does("Mia", "admit", seat=cast.seats["Cleo"])
    assert cast.sees("Cleo")["me"]["status"] == "in"


def test_early_guests_wait_until_the_room_is_opened(cast: Cast) -> None:
    cast.come("Cara")
    assert cast.sees("Cara")["me"]["status"] == "waiting"
    cast.does("Mia", "open")
    assert cast.sees("Cara")["me"]["status"] == "in"


@pytest.mark.parametrize("name", ["Cara", "cara ", "CARA", "Саrа", "Moderator", "0tto", "\u200b"])
def test_a_name_that_looks_like_anothers_or_like_a_role_is_refused(cast: Cast, name: str) -> None:
    cast.opened("Cara")
    with pytest.raises(Refused, match=r"taken|empty"):
        cast.come(name)


def test_a_full_session_says_so(cast: Cast, app: Flask) -> None:
    app.config["SEATS_MAX"] = 3
    cast.opened("Cara")
    with pytest.raises(Refused, match="too_many"):
        cast.come("Carl")


def test_in_a_small_group_the_moderator_takes_turns_too(cast: Cast) -> None:
    cast.opened("Cara", "Carl")
    cast.does("Mia", "consult", on=True)
    cast.go_to("recommendations")
    assert cast.whose_turn() == "Mia"
    cast.does("Mia", "recommend", text="Call Karim first")


def test_in_a_larger_group_the_moderator_does_not(cast: Cast) -> None:
    cast.opened("Cara", "Carl", "Cleo")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "consult", on=True)


def test_a_database_that_does_not_answer_means_not_saved_and_try_again(
    cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.go_to("statement")
    with db.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
    with db.engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as hog:
        hog.exec_driver_sql("UPDATE intervisions SET title = title")
        with pytest.raises(Refused) as refused:
            cast.does("Cara", "note", text="Ask about finance", base="statement")
        hog.rollback()
    assert refused.value.code == "not_saved"
    assert refused.value.retryable
    assert cast.sees_kind("Cara", "note") == []


def test_the_answer_comes_before_the_others_are_told_and_after_the_commit(cast: Cast) -> None:
    cast.go_to("statement")
    told: list[int] = []

    def listen(change: door.Change) -> None:
        told.append(cast.room().it.version)

    with door.changed.connected_to(listen):
        done = cast.does("Cara", "note", text="Ask about finance")
    assert told == [done.version]


def test_what_is_saved_is_answered_as_saved_even_if_nobody_can_be_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cast.go_to("statement")
    monkeypatch.setattr(live, "tell", lambda change: 1 / 0)
    done = cast.does("Cara", "note", text="Ask about finance")
    assert done.version == cast.room().it.version
    assert "could not be told" in caplog.text
    assert "finance" not in caplog.text


def test_the_journal_holds_nobodys_words(cast: Cast) -> None:
    cast.run_up_to("closed")
    rows = db.session.execute(select(Journal.__table__)).all()
    assert rows
    assert "decider" not in str(rows)
    assert "Karim" not in str(rows)


def test_time_goes_on_while_nobody_does_anything(cast: Cast) -> None:
    cast.go_to("statement")
    ends_at = cast.room().it.ends_at
    assert ends_at == cast.now + timedelta(seconds=360)
    cast.wait(60)
    assert cast.room().it.ends_at == ends_at


def test_without_a_transcript_only_the_plan_and_the_shared_lessons_stay(make_cast: Make, app: Flask) -> None:
    cast = make_cast(transcript=False).run_up_to("lessons")
    cast.does("Carl", "lesson", text="A lesson for myself alone", share=False, named=False)
    cast.does("Carl", "lesson", text="A lesson without my name", share=True, named=False)
    cast.does("Cara", "lesson", text="A lesson with my name", share=True, named=True)
    cast.does("Cara", "pulse", useful=5, safe=5)
    cast.does("Mia", "advance")
    for cara_or_carl in ("Cara", "Carl"):
        with pytest.raises(Refused):
            cast.does(cara_or_carl, "note", text="Hello?")
    seen = cast.sees("Otto")
    kept = sorted((item["kind"], item["text"]) for item in seen["items"].values())
    assert kept == [
        ("action", "Draw the map"),
        ("lesson", "A lesson with my name"),
        ("lesson", "A lesson without my name"),
    ]
    assert {person["name"] for person in seen["people"].values()} == {"Mia", "Otto", "Cara"}
    everything = whole_database(app)
    for gone in ("Nine contacts", "Map the contacts", "Call Karim", "Product arguments", "Carl", "for myself alone"):
        assert gone not in everything.replace(cast.room().it.title, ""), gone


def whole_database(app: Flask) -> str:
    """All that is in the database's files, row by row and byte by byte."""
    rows = [str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))]
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = str(db.engine.url.database)
    return "\n".join([*rows, Path(path).read_bytes().decode("utf-8", "replace")])


def test_a_moderator_takes_back_what_they_noted_down(cast: Cast) -> None:
    cast.go_to("questions")
    noted = cast.does("Mia", "question", text="Misheard", for_=cast.seats["Cara"]).item
    cast.does("Mia", "withdraw", item=noted)
    assert cast.sees_kind("Otto", "question") == []
    assert cast.whose_turn() == "Cara"
    cast.does("Mia", "question", text="Heard well", for_=cast.seats["Cara"])
