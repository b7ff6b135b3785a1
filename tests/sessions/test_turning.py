"""Turns that run themselves."""

import pytest

from app.sessions.commands import Refused
from tests.sessions.cast import Cast


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
