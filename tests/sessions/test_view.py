"""Who sees what: every kind × role × step, the owner's silence, and authors that cannot be found out."""

import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import event

from app.extensions import db
from app.sessions import view
from app.sessions.access import Reader
from app.sessions.models import Contribution, Seat
from app.sessions.phases import KINDS, POSITION, STEPS, Role
from tests.sessions.cast import Cast

EVERYBODY = {"moderator", "owner", "consultant"}
SEEN_BY_OTHERS: dict[str, tuple[set[str], str]] = {
    # kind: (roles that see somebody else's, from this step on), by hand, so that a change has to be meant
    "case": (EVERYBODY, "lobby"),
    "interest": (EVERYBODY, "lobby"),
    "statement": (EVERYBODY, "statement"),
    "note": (set(), "lobby"),
    "parked": (set(), "lobby"),
    "question": (EVERYBODY, "lobby"),
    "answer": (EVERYBODY, "lobby"),
    "ask": (EVERYBODY, "lobby"),
    "idea": (EVERYBODY, "brainstorm"),
    "star": (set(), "lobby"),
    "fact": ({"moderator"}, "silent_brainstorm"),
    "recommendation": (EVERYBODY, "lobby"),
    "verdict": (EVERYBODY, "lobby"),
    "action": (EVERYBODY, "lobby"),
    "presented": (EVERYBODY, "lobby"),
    "reaction": (EVERYBODY, "lobby"),
    "lesson": (EVERYBODY, "lobby"),
    "process": (EVERYBODY, "lobby"),
}


def test_every_kind_has_its_line_in_the_matrix() -> None:
    assert SEEN_BY_OTHERS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_of_kind_and_role_and_step(kind: str, role: Role) -> None:
    viewer = Reader(Seat(id="viewer", name="Viewer", role=role, status="in"))
    item = Contribution(id="x", kind=kind, seat_id="author", text="hidden?", place=1, data={}, aloud=False)
    roles, since = SEEN_BY_OTHERS[kind]
    for step in STEPS:
        expected = role in roles and POSITION[step.name] >= POSITION[since]
        assert view.sight(viewer, step.name)(item) == expected, step.name


@pytest.mark.parametrize("status", ["waiting", "removed"])
def test_who_is_not_in_sees_nobodys_words(status: str) -> None:
    for kind in KINDS:
        item = Contribution(id="x", kind=kind, seat_id="author", text="hidden", place=1, data={}, aloud=False)
        for role in Role:
            viewer = Reader(Seat(id="viewer", name="Viewer", role=role, status=status))
            assert not view.sight(viewer, "lessons")(item)


def test_the_author_of_an_idea_is_in_nobody_elses_data(cast: Cast) -> None:
    cast.run_up_to("recommendations")
    for viewer in ("Mia", "Otto", "Carl"):
        ideas = [item for item in cast.sees_kind(viewer, "idea") if not item.get("mine")]
        assert ideas
        for idea in ideas:
            assert cast.seats["Cara"] not in json.dumps(idea)
            assert "seat" not in idea


def test_the_order_of_ideas_written_in_silence_is_not_the_order_in_which_they_came(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    came = [cast.does("Cara", "idea", text=f"Idea {number}").item or "" for number in range(12)]
    cast.does("Mia", "advance")
    shown = [item["id"] for item in sorted(cast.sees_kind("Otto", "idea"), key=lambda item: item["place"])]
    assert sorted(came) == sorted(shown)
    assert came != shown


def test_in_the_silence_everybody_sees_only_their_own_ideas(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    cast.does("Cara", "idea", text="Map the contacts")
    assert len(cast.sees_kind("Cara", "idea")) == 1
    for other in ("Mia", "Otto", "Carl"):
        assert cast.sees_kind(other, "idea") == []
    cast.does("Mia", "advance")
    assert len(cast.sees_kind("Otto", "idea")) == 1
    cast.does("Mia", "back")
    assert cast.sees_kind("Otto", "idea") == []


def test_a_prepared_statement_is_the_owners_until_the_session_gets_there(cast: Cast) -> None:
    cast.does("Otto", "statement", issue="Nobody decides")
    cast.opened("Cara")
    assert cast.sees_kind("Cara", "statement") == [] == cast.sees_kind("Mia", "statement")
    cast.does("Mia", "advance", anyway=True)
    assert cast.sees_kind("Cara", "statement")[0]["text"] == "Nobody decides"


def test_the_note_that_a_fact_is_wrong_reaches_the_moderator_alone(cast: Cast) -> None:
    cast.go_to("brainstorm")
    cast.does("Otto", "fact", text="There are five sites")
    assert cast.sees_kind("Mia", "fact")
    assert cast.sees_kind("Cara", "fact") == [] == cast.sees_kind("Carl", "fact")


def test_stars_and_notes_are_for_their_author_alone(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    cast.does("Otto", "star", parent=cast.sees_kind("Otto", "idea")[0]["id"])
    cast.does("Otto", "note", text="Karim!")
    for other in ("Mia", "Cara", "Carl"):
        assert cast.sees_kind(other, "star") == []
        assert "Karim!" not in json.dumps(cast.sees(other))


def test_the_buttons_of_the_owner_in_the_brainstorm_are_these_and_no_others(cast: Cast) -> None:
    cast.go_to("brainstorm")
    assert set(cast.sees("Otto")["can"]) == {"fact", "note", "star", "stop", "time_up", "withdraw"}


def test_a_moderator_is_told_what_can_be_noted_down(cast: Cast) -> None:
    cast.go_to("questions")
    assert cast.sees("Mia")["can"]["note_down"] == {"question": True, "answer": True}
    assert "note_down" not in cast.sees("Cara")["can"]


def test_whoever_waits_sees_only_themselves(cast: Cast, app: Flask) -> None:
    cast.run_up_to("recommendations")
    cast.come("Cleo")
    seen = cast.sees("Cleo")
    assert set(seen["people"]) == {cast.seats["Cleo"]}
    assert seen["items"] == {}
    assert seen["can"] == {}


def test_stopping_a_session_reveals_nothing_that_was_not_revealed_before(cast: Cast) -> None:
    cast.does("Otto", "statement", issue="Prepared, and never told")
    cast.opened("Cara", "Carl")
    cast.does("Otto", "stop")
    assert cast.sees_kind("Cara", "statement") == []


def test_ideas_that_were_not_revealed_stay_unrevealed_when_the_session_is_stopped(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    cast.does("Cara", "idea", text="Map the contacts")
    cast.does("Mia", "stop")
    assert cast.sees_kind("Carl", "idea") == []
    assert len(cast.sees_kind("Cara", "idea")) == 1


def test_what_was_revealed_stays_to_be_read_after_a_stop(cast: Cast) -> None:
    cast.run_up_to("brainstorm")
    cast.does("Mia", "stop")
    assert len(cast.sees_kind("Otto", "idea")) == 2


@pytest.fixture
def read() -> Iterator[list[str]]:
    """The texts of the contributions that are read from the database, as they come."""
    texts: list[str] = []
    event.listen(Contribution, "load", note := lambda item, _: texts.append(item.text))
    yield texts
    event.remove(Contribution, "load", note)


def test_what_everybody_sees_after_a_step_is_read_once_and_is_each_ones_own(cast: Cast, read: list[str]) -> None:
    cast.run_up_to("recommendations")
    cast.does("Otto", "note", text="Karim!")
    cast.does("Cara", "note", text="Ask for Lena")
    cast.come("Cleo")
    each = [cast.sees(who) for who in cast.seats]
    room = cast.room()
    db.session.expunge_all()
    read.clear()
    together = list(view.snapshots(room, [Reader(seat) for seat in room.seats], cast.now))
    assert {one["me"]["name"]: one for one in together} == {one["me"]["name"]: one for one in each}
    assert {"Karim!", "Ask for Lena"} <= set(read)
    assert len(read) == len({id_ for one in each for id_ in one["items"]})


def test_what_is_private_to_others_is_not_even_read(cast: Cast, read: list[str]) -> None:
    cast.run_up_to("recommendations")
    cast.does("Otto", "note", text="Karim!")
    cast.does("Cara", "note", text="Ask for Lena")
    db.session.expunge_all()
    read.clear()
    assert "Karim!" in json.dumps(cast.sees("Otto"))
    assert "Karim!" in read
    assert "Ask for Lena" not in read
