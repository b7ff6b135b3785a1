"""Rooms that are kept from one contribution to the next: never trusted, and never in the way."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import delete, inspect, update
from sqlalchemy.orm.exc import StaleDataError

from app.extensions import db
from app.sessions import across
from app.sessions.commands import Change, changed
from app.sessions.commands.kept import MOST, Kept, kept
from app.sessions.commands.written import update_row
from app.sessions.crossing import News
from app.sessions.models import Contribution, Intervision, Seat, Turn
from app.sessions.room import Room
from tests.sessions.cast import Cast


@pytest.fixture
def brainstorm(make_cast: Callable[..., Cast]) -> Callable[[], Cast]:
    def make() -> Cast:
        cast = make_cast()
        cast.does("Mia", "open")
        cast.come("Cara", "Carl")
        for name in ("Mia", "Otto", "Cara", "Carl"):
            cast.does(name, "accept")
        cast.does("Otto", "statement", issue="Nobody decides", situation="Nine contacts")
        while cast.step != "brainstorm":
            if cast.step == "ask":
                cast.does("Otto", "ask", text="Whom do I ask first?")
            cast.does("Mia", "advance", anyway=True)
        return cast

    return make


@pytest.fixture
def telling() -> Iterator[list[Any]]:
    """Everything that telling may read is read after each change, as the sockets do it."""
    read: list[Any] = []

    def tell(change: Change) -> None:
        read.append((change.room.times, change.room.turns, change.it.team.name))

    changed.connect(tell)
    yield read
    changed.disconnect(tell)


def test_what_was_read_for_telling_does_not_stop_the_next_change(brainstorm: Callable[[], Cast], telling: list[Any]):
    first, second = brainstorm(), brainstorm()
    for number in range(3):
        for cast in (first, second):
            cast.does("Cara", "idea", text=f"Idea {number}")
    assert len(first.room().contributions("idea")) == len(second.room().contributions("idea")) == 3


def test_a_room_is_read_anew_when_somebody_else_has_changed_it(brainstorm: Callable[[], Cast]):
    cast = brainstorm()
    cast.does("Cara", "idea", text="The first")
    assert kept().take(cast.id), "the room is kept"
    cast.does("Cara", "idea", text="The second")
    as_in_another_process(cast, "Cara", status="removed")
    with pytest.raises(Exception, match="forbidden"):
        cast.does("Cara", "idea", text="The third")


def as_in_another_process(cast: Cast, who: str, **new: Any) -> None:
    """Past the door of this process; as every other door, it raises the version."""
    db.session.rollback()
    db.session.execute(update(Intervision).where(Intervision.id == cast.id).values(version=Intervision.version + 1))
    db.session.execute(update(Seat).where(Seat.id == cast.seats[who]).values(**new))
    db.session.commit()


def test_what_was_refused_leaves_nothing_behind(brainstorm: Callable[[], Cast]):
    cast = brainstorm()
    cast.does("Cara", "idea", text="The first")
    with pytest.raises(Exception, match="forbidden"):
        cast.does("Otto", "idea", text="The owner listens")
    version = cast.room().it.version
    assert cast.does("Cara", "idea", text="The second").version == version + 1


def test_the_newer_of_two_is_kept_and_only_so_many(cast: Cast):
    rooms = Kept()
    older, newer = (Room(db.sessionmaker(), Intervision(id=1, version=version)) for version in (4, 5))
    rooms.keep(newer)
    rooms.keep(older)
    assert rooms.take(1) is newer
    assert rooms.take(1) is None
    for number in range(MOST + 1):
        rooms.keep(Room(db.sessionmaker(), Intervision(id=number, version=1)))
    assert rooms.take(0) is None
    assert rooms.take(MOST) is not None


def words_in_memory(cast: Cast) -> list[str]:
    room = kept().take(cast.id)
    if room is None:
        return []
    kept().keep(room)
    return [each.text for each in room.latest]


def test_what_is_taken_back_is_not_held(brainstorm: Callable[[], Cast]):
    cast = brainstorm()
    note = cast.does("Cara", "note", text="Only for me").item
    assert words_in_memory(cast) == ["Only for me"]
    cast.does("Cara", "idea", text="For everybody", from_=note)
    assert words_in_memory(cast) == ["For everybody"]


def test_what_another_process_has_changed_is_not_held_though_nobody_of_it_is_here(brainstorm: Callable[[], Cast]):
    cast = brainstorm()
    cast.does("Cara", "idea", text="Said too soon")
    assert words_in_memory(cast) == ["Said too soon"]
    across.hear(News(changed={cast.id}))
    assert words_in_memory(cast) == []


def test_what_is_answered_is_still_known(brainstorm: Callable[[], Cast]):
    cast = brainstorm()
    item = cast.does("Cara", "idea", text="The first").item
    room = kept().take(cast.id)
    assert room
    assert room.rows.get(Contribution, item) is room.latest[0]
    assert sorted(inspect(room.latest[0]).unloaded) == [], "nothing of it is read again, not even for telling"
    kept().keep(room)


def test_a_turn_that_is_gone_is_not_changed_in_silence(make_cast: Callable[..., Cast]):
    room = make_cast().run_up_to("questions").room()
    assert room.turn
    room.rows.execute(delete(Turn).where(Turn.id == room.turn.id).execution_options(synchronize_session=False))
    with pytest.raises(StaleDataError):
        update_row(room.rows, room.turn, ended="done")
