"""Ways round the rules that somebody found once; each stays closed."""

import json
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.sessions import presence
from app.sessions.commands import Refused, planning
from app.sessions.models import Journal
from app.sessions.presence import Connection
from tests.sessions.cast import FIELDS, Cast


def asked(cast: Cast) -> tuple[str, str]:
    """Somebody has asked; returns who, and the question."""
    cast.go_to("questions")
    who = cast.whose_turn()
    return who, cast.does(who, "question", text="Who decides?").item or ""


def test_marking_an_answer_as_said_aloud_keeps_what_the_owner_wrote(cast: Cast) -> None:
    _, question = asked(cast)
    cast.does("Otto", "answer", parent=question, text="The technical manager", how="written")
    cast.does("Mia", "answer", parent=question, text="", how="aloud")
    assert cast.sees_kind("Cara", "answer")[0]["text"] == "The technical manager"


def test_a_mark_of_the_owner_that_comes_late_keeps_what_was_noted_for_them(cast: Cast) -> None:
    _, question = asked(cast)
    cast.does("Mia", "answer", parent=question, text="The planner decides", how="written")
    cast.does("Otto", "answer", parent=question, text="", how="aloud")
    answer = cast.sees_kind("Cara", "answer")[0]
    assert (answer["text"], answer["aloud"], answer["noted"]) == ("The planner decides", True, True)
    cast.does("Otto", "answer", parent=question, text="His boss does", how="written")
    answer = cast.sees_kind("Cara", "answer")[0]
    assert (answer["text"], "noted" in answer) == ("His boss does", False)


def test_what_the_owners_browser_saves_before_it_knows_of_a_note_does_not_empty_it(cast: Cast) -> None:
    cast.go_to("statement")
    cast.does("Mia", "statement", issue="Nobody decides", for_=cast.seats["Otto"])
    cast.does("Otto", "statement", issue="", situation="Nine contacts")
    statement = cast.sees_kind("Cara", "statement")[0]
    assert (statement["text"], statement["data"]["situation"]) == ("Nobody decides", "Nine contacts")


@pytest.mark.parametrize("step", ["lobby", "statement"])
def test_a_moderators_note_never_replaces_what_somebody_wrote_themselves(cast: Cast, step: str) -> None:
    cast.does("Otto", "statement", issue="Mine", situation="Prepared at length")
    cast.go_to(step)
    with pytest.raises(Refused, match=r"taken|forbidden"):
        cast.does("Mia", "statement", issue="Noted", for_=cast.seats["Otto"])
    assert cast.sees_kind("Otto", "statement")[0]["text"] == "Mine"


def test_what_a_former_owner_had_prepared_stays_with_them_as_a_note(cast: Cast) -> None:
    cast.does("Otto", "statement", issue="A secret", situation="Prepared")
    cast.opened("Cara", "Carl")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    cast.does("Mia", "advance", anyway=True)
    assert "A secret" not in json.dumps(cast.sees("Carl"))
    assert cast.sees_kind("Otto", "note")[0]["text"] == "A secret\nPrepared"


def test_an_action_changes_where_it_came_from(cast: Cast) -> None:
    cast.run_up_to("feedback")
    recommendation = cast.sees_kind("Otto", "recommendation")[0]["id"]
    action = cast.does("Otto", "plan", text="Draw the map").item
    cast.does("Otto", "plan", text="Draw the map", item=action, parent=recommendation)
    assert cast.sees_kind("Otto", "action")[0]["parent"] == recommendation
    cast.does("Otto", "plan", text="Draw the map", item=action)
    assert cast.sees_kind("Otto", "action")[0]["parent"] is None


def test_putting_an_old_question_right_costs_no_turn(cast: Cast) -> None:
    first, question = asked(cast)
    cast.does("Otto", "answer", parent=question, how="aloud")
    cast.does(cast.whose_turn(), "pass_turn")
    assert cast.whose_turn() == first
    cast.does(first, "question", text="Who decides, and when?", item=question)
    cast.does(first, "question", text="Another one")
    assert len(cast.sees_kind("Otto", "question")) == 2


def test_what_was_noted_for_one_person_does_not_become_anothers(cast: Cast) -> None:
    cast.go_to("questions")
    first = cast.whose_turn()
    noted = cast.does("Mia", "question", text="Who?", for_=cast.seats[first]).item
    cast.does("Mia", "answer", parent=noted, how="aloud")
    with pytest.raises(Refused, match="invalid"):
        cast.does("Mia", "question", text="Who?", item=noted, for_=cast.seats[cast.whose_turn()])


def test_consent_to_share_a_lesson_is_given_by_its_author_alone(cast: Cast) -> None:
    cast.go_to("lessons")
    cast.does("Mia", "lesson", text="Count roles", share=True, named=True, for_=cast.seats["Cara"])
    assert cast.sees_kind("Cara", "lesson")[0]["data"] == {"situation": "", "share": False, "named": False}


def test_who_is_not_in_becomes_no_moderator_and_a_removed_one_notes_nothing(cast: Cast) -> None:
    cast.go_to("questions")
    cast.come("Stan")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "set_role", seat=cast.seats["Stan"], role="moderator")
    turn = cast.seats[cast.whose_turn()]
    cast.does("Mia", "set_role", seat=cast.seats["Carl"], role="moderator")
    cast.does("Mia", "remove", seat=cast.seats["Carl"])
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Carl", "question", text="I note this", for_=turn)


def test_a_newcomer_who_was_turned_away_is_never_seen_by_the_group(cast: Cast) -> None:
    cast.go_to("statement")
    cast.come("Stan")
    cast.does("Mia", "remove", seat=cast.seats["Stan"])
    assert "Stan" not in json.dumps([cast.sees("Cara"), cast.sees("Mia")])


def test_the_owner_is_not_removed_in_the_middle_of_their_case(cast: Cast) -> None:
    cast.go_to("brainstorm")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Mia", "remove", seat=cast.seats["Otto"])


def test_the_turn_does_not_stay_with_somebody_who_takes_none(cast: Cast) -> None:
    cast.go_to("questions")
    first = cast.whose_turn()
    cast.does("Mia", "set_role", seat=cast.seats[first], role="moderator")
    assert cast.whose_turn() != first


def test_whoever_is_let_in_after_the_round_has_a_turn_too(cast: Cast) -> None:
    cast.run_up_to("recommendations")
    for _ in range(2):
        cast.does(cast.whose_turn(), "recommend", text="Draw the map")
    cast.come("Cleo")
    cast.does("Mia", "admit", seat=cast.seats["Cleo"])
    assert cast.whose_turn() == "Cleo"


def test_two_moderators_who_press_next_person_at_once_skip_one_person(cast: Cast) -> None:
    cast.go_to("questions")
    first = cast.seats[cast.whose_turn()]
    cast.does("Mia", "skip_turn", seat=first)
    with pytest.raises(Refused, match="stale"):
        cast.does("Mia", "skip_turn", seat=first)


def test_another_persons_command_id_answers_nothing(cast: Cast) -> None:
    cast.go_to("statement")
    command_id = str(uuid.uuid4())
    cast.does("Cara", "note", text="Mine", command_id=command_id)
    with pytest.raises(Refused, match="invalid"):
        cast.does("Carl", "note", text="Lost?", command_id=command_id)


def test_a_case_that_is_taken_away_takes_its_signals_along(cast: Cast) -> None:
    cast.opened("Cara", "Carl")
    case = cast.does("Cara", "offer_case", title="Stuck", text="Nobody answers").item
    cast.does("Carl", "interest", parent=case)
    cast.does("Cara", "offer_case", on=False)
    assert cast.sees_kind("Carl", "interest") == []


def test_half_typed_words_of_the_owner_leave_no_sign_after_the_brainstorm(cast: Cast) -> None:
    connection = Connection(cast.id, cast.seats["Otto"], 1, 1)
    presence.arrive("a socket", connection)
    cast.go_to("ask")
    presence.set_typing(connection, True)
    cast.does("Mia", "advance", anyway=True)
    assert presence.set_typing(connection, True), "it was still known from the step before"
    presence.leave("a socket")


@pytest.mark.parametrize("address", ["take-along", "seat-link"])
def test_no_address_tells_which_codes_there_are(cast: Cast, client: FlaskClient, address: str) -> None:
    client.application.config["WTF_CSRF_ENABLED"] = False
    code = cast.room().it.code
    answers = [client.post(f"/sessions/{each}/{address}") for each in (code, "QQQQQQ")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(code, "") == answers[1].text.replace("QQQQQQ", "")


def test_whoever_planned_the_session_keeps_its_record_after_handing_it_over(make_cast: Callable[..., Cast]) -> None:
    for transcript in (True, False):
        cast = make_cast(transcript=transcript).run_up_to("lessons")
        cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
        cast.does("Cara", "set_role", seat=cast.seats["Mia"], role="consultant")
        cast.does("Cara", "advance")
        cast.wait(100 * 86_400)
        assert "Draw the map" in json.dumps(cast.sees("Mia")["items"])


def test_without_a_transcript_the_journal_names_nobody_and_keeps_only_the_steps(make_cast: Callable[..., Cast]) -> None:
    cast = make_cast(transcript=False).run_up_to("lessons")
    cast.does("Otto", "stop")
    cast.room()
    lines = list(db.session.scalars(select(Journal).where(Journal.intervision_id == cast.id, Journal.version > 0)))
    assert all(line.seat_id is None and line.detail is None for line in lines)
    assert {line.act for line in lines} <= {"open", "advance", "stop"}


def test_an_owner_who_was_planned_by_mistake_leaves_no_ghost(cast: Cast) -> None:
    planning.replan(cast.id, FIELDS | {"owner_name": ""})
    assert [seat.name for seat in cast.room().seats] == ["Mia"]
    planning.replan(cast.id, FIELDS | {"owner_name": "Otto"})
    assert [seat.name for seat in cast.room().seats] == ["Mia", "Otto"]


def test_a_note_of_the_issue_leaves_all_that_otto_wrote(cast: Cast) -> None:
    cast.go_to("statement")
    cast.does("Mia", "statement", issue="As heard", for_=cast.seats["Otto"])
    cast.does("Mia", "statement", issue="As heard again", situation="Forged", for_=cast.seats["Otto"])
    assert cast.sees_kind("Cara", "statement")[0]["data"] == {}
    cast.does("Otto", "statement", issue="Mine", situation="Nine contacts")
    statement = cast.sees_kind("Mia", "statement")[0]
    assert (statement["text"], statement["data"]["situation"], "noted" in statement) == ("Mine", "Nine contacts", False)
    with pytest.raises(Refused, match="taken"):
        cast.does("Mia", "statement", issue="Late", for_=cast.seats["Otto"])
