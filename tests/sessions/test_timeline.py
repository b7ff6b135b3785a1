"""How the time of a session went, as its journal tells it."""

from datetime import timedelta
from typing import Any

from flask import Flask

from app.extensions import db
from app.sessions.timeline import Timeline, timeline
from app.times import at
from tests.sessions.cast import START, Cast


class Clocked:
    """A cast whose acts happen at a minute of the session."""

    def __init__(self, **fields: Any) -> None:
        with at(START):
            self.cast = Cast(**fields).opened("Cara", "Carl")
            self.cast.does("Mia", "resume")

    def at(self, minute: float, act: str, who: str = "Mia", **data: Any) -> None:
        with at(START + timedelta(minutes=minute)):
            self.cast.does(who, act, **data)

    def timeline(self) -> Timeline:
        found = timeline(self.cast.room())
        assert found
        return found


def told(found: Timeline) -> list[tuple[str, float, float]]:
    return [(move.kind, move.at_s / 60, move.seconds) for move in found.moves]


def lived(found: Timeline) -> list[tuple[str, float, float]]:
    return [(each.step, each.began_s / 60, each.lasts_s / 60) for each in found.lived]


def test_each_stay_in_a_step_has_its_place_and_what_was_planned_stands_beside_it(app: Flask) -> None:
    session = Clocked()
    session.at(5, "advance", anyway=True)
    session.at(9, "advance", anyway=True)
    session.at(10, "back")
    session.at(13, "advance", anyway=True)
    session.at(14, "stop")
    found = session.timeline()
    assert lived(found) == [("lobby", 0, 5), ("statement", 5, 4), ("silent_questions", 9, 1), ("statement", 10, 3),
                            ("silent_questions", 13, 1)]  # fmt: skip
    assert told(found) == [("back", 10, 0), ("stop", 14, 0)]
    assert found.moves[0].title == "Issue statement"
    assert [each.step for each in found.planned][:3] == ["lobby", "statement", "silent_questions"]
    ends = [each.began_s + each.lasts_s for each in found.planned]
    assert [each.began_s for each in found.planned[1:]] == ends[:-1]
    assert found.whole_s == ends[-1] > 14 * 60


def test_pauses_and_the_clock_are_told_in_the_order_of_time(app: Flask) -> None:
    session = Clocked()
    session.at(2, "pause")
    session.at(4, "resume")
    session.at(5, "advance", anyway=True)
    session.at(6, "extend", seconds=120)
    session.at(7, "extend", seconds=-60)
    session.at(8, "set_time", seconds=300)
    session.at(9, "share_out")
    session.at(10, "pause")
    session.at(13, "advance", anyway=True)  # a step entered lets the clock run
    session.at(14, "pause")
    session.at(14.01, "resume")
    session.at(15, "stop")
    found = session.timeline()
    assert told(found) == [("pause", 2, 120), ("extend", 6, 120), ("extend", 7, -60), ("set_time", 8, 300),
                           ("share_out", 9, 0), ("pause", 10, 180), ("stop", 15, 0)]  # fmt: skip
    assert [(pause.began_s / 60, pause.lasts_s / 60) for pause in found.pauses] == [(2, 2), (10, 3)]
    assert found.moves[0].at == START + timedelta(minutes=2)


def test_going_on_without_an_ask_is_told(app: Flask) -> None:
    session = Clocked()
    for minute in range(1, 6):
        session.at(minute, "advance", anyway=True)
    session.at(10, "stop")
    assert ("anyway", 5, 0) in told(session.timeline())
    assert [move.title for move in session.timeline().moves if move.kind == "anyway"] == ["The ask"]


def test_without_a_transcript_the_way_through_the_steps_stays_and_nothing_else(app: Flask) -> None:
    session = Clocked(transcript=False)
    session.at(1, "pause")
    session.at(2, "resume")
    session.at(5, "advance", anyway=True)
    session.at(6, "back")
    session.at(7, "stop")
    found = session.timeline()
    assert lived(found) == [("lobby", 0, 5), ("statement", 5, 1), ("lobby", 6, 1)]
    assert [kind for kind, _at, _seconds in told(found)] == ["back", "stop"]


def test_what_is_done_after_the_close_is_not_part_of_it(app: Flask) -> None:
    session = Clocked()
    session.at(5, "advance", anyway=True)
    session.at(6, "stop")
    before = session.timeline()
    session.at(60 * 24, "themes", themes=["Price"])
    assert session.timeline() == before


def test_a_session_whose_clock_never_started_has_none(app: Flask) -> None:
    cast = Cast().opened("Cara")
    cast.does("Mia", "stop")
    assert timeline(cast.room()) is None
    db.session.rollback()
