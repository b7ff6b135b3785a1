"""Records without names: at the close it is deleted who said what, and who was there."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.followup.models import CheckIn
from app.privacy import erasure
from app.sessions import process, timeline
from app.sessions.commands import planning
from app.sessions.models import Archived, Contribution, Journal, Turn
from app.sessions.phases import KINDS, NOBODY
from tests.sessions.cast import Cast
from tests.sessions.test_forgetting import whole_database
from tests.visitor import Visitor

Make = Callable[..., Cast]

NAMES = re.compile(r"\b(Otto|Cara|Carl)\b")


@pytest.fixture
def nameless(make_cast: Make) -> Cast:
    """A session up to its lessons in which nobody typed a name but where one is asked for, in a plan."""
    cast = make_cast(names=False).opened("Cara", "Carl")
    cast.does("Cara", "offer_case", title="A case of my own")
    cast.does("Carl", "interest", parent=cast.sees_kind("Carl", "case")[0]["id"])
    cast.go_to("statement")
    cast.does("Otto", "statement", issue="Nobody will name a decider")
    cast.does("Cara", "note", text="Ask about finance")
    cast.go_to("questions")
    cast.wait(30)
    cast.does("Mia", "pause")
    cast.wait(60)
    cast.does("Mia", "resume")
    question = cast.does(cast.whose_turn(), "question", text="Who signs?").item
    cast.does("Otto", "answer", parent=question, text="The technical manager", how="written")
    cast.go_to("silent_brainstorm")
    cast.does("Carl", "idea", text="Map the contacts")
    cast.go_to("recommendations")
    for text in ("Draw the map", "Call finance"):
        cast.does(cast.whose_turn(), "recommend", text=text)
    cast.go_to("feedback")
    advice = cast.sees_kind("Otto", "recommendation")[0]["id"]
    cast.does("Otto", "sort", parent=advice, verdict="helps")
    cast.does("Otto", "plan", text="Draw it", who="Otto, with Cara", parent=advice)
    cast.go_to("reactions")
    cast.does("Cara", "reaction", sort="strength", text="A strong first step")
    cast.go_to("lessons")
    cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
    cast.does("Mia", "lesson", text="Silence pays", share=False, named=False)
    cast.does("Carl", "process", text="Shorter rounds")
    return cast


@pytest.fixture
def closed(nameless: Cast) -> Cast:
    return nameless.go_to("closed")


def test_until_the_close_everybody_is_there_by_name(nameless: Cast) -> None:
    assert {person["name"] for person in nameless.sees("Cara")["people"].values()} == {"Mia", "Otto", "Cara", "Carl"}
    assert nameless.sees("Cara")["session"]["names"] is False


def test_nowhere_in_the_database_is_a_name_but_the_moderators(closed: Cast, app: Flask) -> None:
    everything = whole_database(app)
    assert NAMES.findall(everything) == []
    assert "Mia" in everything


def test_nobody_can_be_told_by_what_hangs_together_with_their_seat(closed: Cast) -> None:
    room = closed.room()
    mapped = {item.kind for item in room.contributions() if item.seat_id and KINDS[item.kind].seen_by != NOBODY}
    assert mapped == {"statement", "answer", "verdict", "action"}  # the owner's part, which is no name
    assert {item.seat_id for item in room.contributions() if item.kind in mapped} == {closed.seats["Otto"]}
    assert not db.session.scalars(select(Turn).where(Turn.intervision_id == closed.id)).all()
    lines = db.session.scalars(select(Journal).where(Journal.intervision_id == closed.id)).all()
    assert {line.act for line in lines} == {"plan", "open", "advance", "pause", "resume"}
    assert all(line.seat_id is None and line.item_id is None for line in lines)


def test_everything_that_was_said_is_still_there_for_everybody_who_was(closed: Cast) -> None:
    for who in ("Mia", "Otto", "Cara", "Carl"):
        texts = {item["text"] for item in closed.sees(who)["items"].values()}
        assert {"Who signs?", "Map the contacts", "Draw the map", "Call finance", "A strong first step",
                "Count roles, not contacts", "Silence pays", "Shorter rounds"} <= texts  # fmt: skip
    people = closed.sees("Cara")["people"]
    assert [people[closed.seats[who]]["name"] for who in ("Mia", "Otto", "Cara", "Carl")] == [
        "Mia", "Issue owner", "Consultant 1", "Consultant 2"
    ]  # fmt: skip


def test_a_private_note_stays_with_whoever_wrote_it(closed: Cast) -> None:
    assert [note["text"] for note in closed.sees_kind("Cara", "note")] == ["Ask about finance"]
    assert closed.sees_kind("Carl", "note") == closed.sees_kind("Mia", "note") == []


def test_a_lesson_goes_to_the_team_without_the_name_that_was_agreed_before(closed: Cast) -> None:
    lessons = {lesson["text"]: lesson for lesson in closed.sees_kind("Mia", "lesson")}
    assert lessons["Count roles, not contacts"]["data"] == {"share": True, "named": False, "situation": ""}
    assert lessons["Count roles, not contacts"]["seat"] is None


def test_whom_an_action_names_is_asked_by_the_part_they_had(closed: Cast) -> None:
    action = closed.sees_kind("Otto", "action")[0]
    assert action["data"]["who"] == "Issue owner, with Consultant 1"
    closed.does("Cara", "support", item=action["id"], text="I know somebody there")
    db.session.rollback()
    assert db.session.scalars(select(CheckIn).where(CheckIn.intervision_id == closed.id)).all()


def test_the_order_of_a_round_tells_nothing(nameless: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    class Turning:
        def shuffle(self, places: list[int]) -> None:
            places.reverse()

    monkeypatch.setattr("random.SystemRandom", Turning)
    before = [item.text for item in nameless.room().contributions("recommendation")]
    nameless.go_to("closed")
    assert [item.text for item in nameless.room().contributions("recommendation")] == before[::-1]


def test_how_it_went_keeps_its_times_and_knows_nobody_who_spoke(closed: Cast) -> None:
    room = closed.room()
    drawn = timeline.timeline(room)
    assert drawn
    assert [(move.kind, move.seconds) for move in drawn.moves if move.kind == "pause"] == [("pause", 60)]
    found = process.process(room)
    assert {phase.spoke for phase in found.phases} == {None}
    assert found.people == 4


def test_the_archive_finds_the_words_and_no_name(closed: Cast) -> None:
    row = db.session.scalars(select(Archived).where(Archived.intervision_id == closed.id)).one()
    assert "map the contacts" in row.folded
    assert NAMES.findall(row.words) == []
    assert "Mia" in row.words


def test_pages_and_files_say_that_they_name_nobody(closed: Cast, app: Flask) -> None:
    browser = Visitor(app)
    with browser.client.session_transaction() as session:
        session["account"] = [closed.account.id, closed.account.key_turn]
    address = f"/sessions/{closed.room().it.code}"
    record = browser.get(f"{address}/record").text
    assert "This record names nobody but the moderator" in record
    assert "/replay" not in record
    assert "Supporters" in record
    assert "a replay would tell who said what" in browser.get(f"{address}/replay").text
    assert "names nobody" in browser.get(f"{address}/process").text
    assert "names nobody but the moderator" in browser.get(f"{address}/record.md").text
    found = json.loads(browser.get(f"{address}/record.json").text)
    assert found["plan"]["names"] is False
    assert (found["plan"]["owner"], found["plan"]["consultants"], found["plan"]["supporters"]) == (
        "", [], ["Consultant 1"]
    )  # fmt: skip
    for page in ("record", "process", "record.md", "record.json", "plan.md", "plan.json"):
        assert NAMES.findall(browser.get(f"{address}/{page}").text) == [], page


def test_two_who_had_one_name_one_after_the_other_lose_it_both(make_cast: Make) -> None:
    cast = make_cast(names=False).opened("Cara", "Carl")
    cast.does("Mia", "remove", seat=cast.seats["Carl"])
    cast.come("Carl")
    cast.does("Mia", "admit", seat=cast.seats["Carl"])
    cast.does("Mia", "set_role", seat=cast.seats["Carl"], role="moderator")
    cast.go_to("closed")
    seats = {seat.id: seat.name for seat in cast.room().seats}
    assert sorted(seats.values()) == ["Carl", "Consultant 1", "Consultant 2", "Issue owner", "Mia"]
    assert seats[cast.seats["Carl"]] == "Carl"  # who leads it now


def test_whoever_noted_something_down_and_leads_it_no_more_is_not_to_be_told(make_cast: Make) -> None:
    cast = make_cast(names=False).opened("Cara", "Carl")
    cast.does("Mia", "set_role", seat=cast.seats["Carl"], role="moderator")
    cast.go_to("lessons")
    cast.does("Carl", "lesson", text="Count roles", share=True, named=False, for_=cast.seats["Cara"])
    cast.does("Mia", "set_role", seat=cast.seats["Carl"], role="consultant")
    cast.go_to("closed")
    assert [item.noted_by for item in cast.room().contributions("lesson")] == [None]


def test_cara_can_still_go_for_good_but_not_take_words_along_that_nobody_knows_as_hers(closed: Cast) -> None:
    assert erasure.erase_seat(closed.seats["Cara"], words=True)
    assert "Count roles, not contacts" in {item.text for item in closed.room().contributions()}
    left = db.session.scalars(select(Contribution).where(Contribution.seat_id == closed.seats["Cara"])).all()
    assert left == []


def test_a_session_that_leaves_no_transcript_is_not_a_nameless_one(make_cast: Make) -> None:
    cast = make_cast(transcript=False, names=True).run_up_to("closed")
    assert {person["name"] for person in cast.sees("Mia")["people"].values()} == {"Mia", "Otto", "Cara"}


def test_names_that_were_changed_in_the_plan_are_changed_before_anybody_comes(make_cast: Make) -> None:
    cast = make_cast()
    planning.replan(cast.id, {**planned_anew(cast), "names": False})
    assert cast.sees("Mia")["session"]["names"] is False


def planned_anew(cast: Cast) -> dict[str, object]:
    it = cast.room().it
    same = ("title", "language", "call_url", "starts_at", "timezone", "expected", "length", "move_on", "minutes")
    return {**{name: getattr(it, name) for name in same}, "team": it.team.name, "owner_name": "Otto"}
