"""The minutes: the whole session in the group's words, and nobody's secrets."""

from typing import Any

import pytest

from app.sessions.exports.record import Contact, Record, record
from app.sessions.exports.rows import Voice
from tests.export import session_a


@pytest.fixture
def closed() -> dict[str, Any]:
    return session_a.snapshot()


def test_questions_stand_with_their_answers(closed):
    first, second, *_, sixth, seventh = record(closed).questions

    assert sixth.answer
    assert seventh.answer
    assert first.asked == Voice("Pieter", "Who asked for the first meeting?")
    assert first.answer == Voice("Ines", "The technical manager at site North, after a lift breakdown.")
    assert second.asked.aloud
    assert (sixth.passed, sixth.answer.text) == (True, "")
    assert (seventh.answer.aloud, seventh.answer.noted, seventh.passed) == (True, True, False)


def test_a_question_without_an_answer_has_none(closed):
    del closed["items"]["a1"]

    assert record(closed).questions[0].answer is None


def test_what_the_moderator_noted_down_is_marked(closed):
    assert [question.asked.noted for question in record(closed).questions] == [False] * 4 + [True] + [False] * 2


def test_the_statement_shows_only_what_was_filled_in(closed):
    minutes = record(closed)

    assert ", ".join(minutes.statement) == ("situation, tried, stakes, customer, size, key_date")
    assert minutes.contacts == (
        Contact("Karim", "Planner at North", "medium", "interested"),
        Contact("The technical manager", "North", "", ""),
    )


def test_ideas_are_unattributed_even_if_the_snapshot_names_their_author(closed):
    for item in closed["items"].values():
        if item["kind"] == "idea":
            item |= {"seat": "s-mei", "mine": True}

    ideas = record(closed).ideas

    assert len(ideas) == 9
    assert ideas[2].built[0].text == "And ask what it cost the last time"
    assert ideas[5].noted
    assert "Mei" not in str(ideas)
    assert "s-mei" not in str(ideas)


def test_an_idea_whose_parent_was_withdrawn_stands_on_its_own(closed):
    del closed["items"]["i3"]

    assert "And ask what it cost the last time" in [idea.text for idea in record(closed).ideas]


def test_a_recommendation_comes_with_the_owners_feedback(closed):
    first, second, *_, last = record(closed).recommendations

    assert (first.said.name, first.first_step, first.reason) == (
        "Pieter", "Ask him for half an hour.", "He knows who signed last time."
    )  # fmt: skip
    assert first.idea == "Ask Karim to sketch the last approval"
    assert (first.verdict, first.word) == ("helps", "Karim as a guide")
    assert (second.verdict, second.word) == ("helps", "")
    assert last.verdict == "not_now"


def test_a_lesson_names_its_author_only_with_their_consent(closed):
    lessons = record(closed).lessons

    assert [(lesson.said.name, lesson.share) for lesson in lessons] == [("Pieter", True), ("", True), ("", False)]


def test_private_notes_are_in_nobodys_minutes(closed):
    secret = "what only I know"
    for kind in ("note", "parked", "star", "fact"):
        closed["items"][kind] = closed["items"]["note"] | {"id": kind, "kind": kind, "text": secret, "mine": True}

    assert secret not in str(record(closed))


def test_minutes_are_planned_and_used_for_each_phase(closed):
    phases = record(closed).phases

    assert {number: (phase.planned_s, phase.used_s) for number, phase in phases.items()} == {
        1: (360, 402), 2: (1020, 1007), 3: (660, 635), 4: (480, 455), 5: (540, 482), 6: (240, 236)
    }  # fmt: skip


def test_a_phase_that_was_not_reached_has_no_used_time(closed):
    stopped_after(closed, "ask")

    phases = record(closed).phases

    assert phases[2].used_s is not None
    assert [phases[number].used_s for number in (3, 4, 5, 6)] == [None] * 4


def test_ideas_that_were_not_yet_revealed_stay_unseen_when_the_session_is_stopped(closed):
    stopped_after(closed, "silent_brainstorm")

    assert record(closed).ideas == ()
    assert len(record(closed).questions) == 7


def test_an_overridden_ask_is_told(closed):
    assert not record(closed).overridden
    closed["session"]["overridden"] = True
    assert record(closed).overridden


def test_a_session_in_which_nothing_was_written_has_minutes(closed):
    closed["items"] = {}

    minutes = record(closed)

    assert isinstance(minutes, Record)
    assert (minutes.questions, minutes.ideas, minutes.lessons, minutes.statement) == ((), (), (), {})


def stopped_after(closed: dict[str, Any], step: str) -> None:
    closed["session"]["stopped"] = True
    names = [time["name"] for time in closed["session"]["steps"]]
    for time in closed["session"]["steps"][names.index(step) + 1 :]:
        time["used_s"] = None
