"""What people put in, change and take back."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.sessions.commands import Refused
from app.sessions.models import Contribution, Pulse
from tests.sessions.cast import Cast


def test_only_the_owner_saves_the_ask(cast: Cast) -> None:
    cast.go_to("ask")
    for who in ("Mia", "Cara"):
        with pytest.raises(Refused, match="forbidden"):
            cast.does(who, "ask", text="I know what you need")
    with pytest.raises(Refused, match="invalid"):
        cast.does("Mia", "ask", text="I know what you need", for_=cast.seats["Otto"])


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


def test_a_moderator_takes_back_what_they_noted_down(cast: Cast) -> None:
    cast.go_to("questions")
    noted = cast.does("Mia", "question", text="Misheard", for_=cast.seats["Cara"]).item
    cast.does("Mia", "withdraw", item=noted)
    assert cast.sees_kind("Otto", "question") == []
    assert cast.whose_turn() == "Cara"
    cast.does("Mia", "question", text="Heard well", for_=cast.seats["Cara"])
