"""What the machine in test_machine.py holds a session to, said once more by hand: none of the app's tables of rights.

A `Sight` is the session as the database has it at one version: the words as they are, and what each seat is shown.
"""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.sessions import view
from app.sessions.access import Reader
from app.sessions.models import Journal
from app.sessions.phases import POSITION
from tests.sessions.cast import Cast
from tests.sessions.machine_browsers import on_the_wire

PRIVATE = {"note", "parked", "star"}
FOR_MODERATORS = {"fact"}
SHOWN_FROM = {"statement": "statement", "idea": "brainstorm", "fact": "silent_brainstorm"}
WITHOUT_AUTHOR = {"idea", "interest"}
OF_A_NAMELESS_ITEM = {"id", "kind", "parent", "place", "text", "data", "noted", "aloud"}
MUTED_IN = {"silent_brainstorm", "brainstorm"}
OF_A_LISTENING_OWNER = {"note", "star", "fact", "withdraw", "time_up", "stop"}
AFTER_THE_CLOSE = {
    "themes", "state", "word", "move_date", "add_step", "check_in", "tell", "export_actions", "support", "give_address",
    "take_seat",
}  # fmt: skip
MOVES = {"advance": 1, "time_up": 1, "back": -1}


@dataclass(frozen=True)
class Person:
    seat: str
    name: str
    role: str
    status: str


@dataclass(frozen=True)
class Said:
    id: str
    kind: str
    author: str | None
    noted_by: str | None
    parent: str | None
    place: int
    text: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Done:
    version: int
    act: str
    step: str
    seat: str | None


@dataclass(frozen=True)
class Sight:
    version: int
    step: str
    people: dict[str, Person]
    said: dict[str, Said]
    journal: list[Done]
    seen: dict[str, view.View]

    @property
    def reached(self) -> str:
        """The step whose revelations hold: in a session that was stopped, the furthest that the group came to."""
        if not any(done.act == "stop" for done in self.journal):
            return self.step
        return max((done.step for done in self.journal if done.step != "closed"), key=POSITION.__getitem__)


def look(cast: Cast) -> Sight:
    """Read everything anew. What is seen comes without the time, which is another one with every look."""
    room = cast.room()
    mine = Journal.intervision_id == cast.id
    return Sight(
        room.it.version,
        room.it.step,
        {seat.id: Person(seat.id, seat.name, seat.role, seat.status) for seat in room.seats},
        {
            it.id: Said(it.id, it.kind, it.seat_id, it.noted_by, it.parent_id, it.place, it.text, it.data)
            for it in room.contributions()
        },
        [Done(*row) for row in db.session.execute(select(*COLUMNS).where(mine).order_by(Journal.version))],
        {seat.id: timeless(on_the_wire(view.snapshot(room, Reader(seat), cast.now))) for seat in room.seats},
    )  # fmt: skip


COLUMNS = (Journal.version, Journal.act, Journal.step, Journal.seat_id)


def timeless(seen: view.View) -> view.View:
    return {**seen, "now": 0}


# --- Who sees what ---


def nobody_sees_what_is_not_theirs(now: Sight) -> None:
    """And everybody all that is."""
    for person in now.people.values():
        seen = now.seen[person.seat]
        assert seen["items"].keys() == {item.id for item in now.said.values() if may_see(now, person, item)}, person
        assert seen["people"].keys() == {other.seat for other in now.people.values() if may_know_of(person, other)}
        if person.status == "waiting" and now.step != "planned":
            assert seen["can"] == {}, person
        for shown in seen["items"].values():
            names_its_author_or_nobody(shown, now.said[shown["id"]], person)


def is_shown_to_the_group(now: Sight, item: Said) -> bool:
    return item.kind not in PRIVATE and POSITION[now.reached] >= POSITION[SHOWN_FROM.get(item.kind, "lobby")]


def may_see(now: Sight, person: Person, item: Said) -> bool:
    if person.seat in (item.author, item.noted_by):
        return True
    if person.status != "in" or (item.kind in FOR_MODERATORS and person.role != "moderator"):
        return False
    return is_shown_to_the_group(now, item)


def may_come_in(now: Sight, seat: str) -> bool:
    """Whose cookie opens the room: of everybody who was not taken out; after the close, of those who were in."""
    status = now.people[seat].status if seat in now.people else "removed"
    return status == "in" or (status == "waiting" and now.step != "closed")


def may_know_of(person: Person, other: Person) -> bool:
    if person is other:
        return True
    return person.status == "in" and (person.role == "moderator" or other.status != "waiting")


def names_its_author_or_nobody(shown: view.View, item: Said, person: Person) -> None:
    assert shown.get("mine", False) == (person.seat in (item.author, item.noted_by))
    if item.kind in WITHOUT_AUTHOR:
        assert shown.keys() - {"mine"} <= OF_A_NAMELESS_ITEM
        assert str(item.author) not in json.dumps(shown)
    else:
        assert shown["seat"] == item.author


def may_be_told_is_here(now: Sight, person: Person) -> set[str]:
    """Whom a page may show as online: never who is muted, and who waits only to moderators."""
    muted = {other.seat for other in now.people.values() if other.role == "owner" and now.step in MUTED_IN}
    waits = {other.seat for other in now.people.values() if other.status != "in"}
    return now.people.keys() - muted - (set() if person.role == "moderator" else waits)


# --- What may happen ---


def the_path_is_legal(now: Sight) -> None:
    """One forward, one back, or to the close by "stop"; the room is opened once, and no step changes by itself."""
    for before, done in zip(now.journal, now.journal[1:], strict=False):
        here, there = POSITION[before.step], POSITION[done.step]
        if done.act == "open":
            assert (before.step, done.step) == ("planned", "lobby")
        elif done.act == "stop":
            assert before.step not in ("planned", "closed")
            assert done.step == "closed"
        else:
            assert there - here == MOVES.get(done.act, 0), done
            assert done.act not in MOVES or "planned" not in (before.step, done.step)
        assert before.step != "closed" or done.act in AFTER_THE_CLOSE, done
    assert now.step == now.journal[-1].step


def only_who_is_in_changes_anything(before: Sight, now: Sight) -> None:
    """Judged by who was in when the command came. Before the room is open, who is early may get ready."""
    for done in now.journal[len(before.journal) :]:
        if done.seat:
            status = before.people[done.seat].status
            assert status == "in" or (status == "waiting" and before.step == "planned"), done


def every_author_is_a_member(before: Sight, now: Sight) -> None:
    """The owner prepares a statement before anybody is in. Whoever said something has said it for ever."""
    for item in now.said.values():
        if item.id in before.said:
            assert item.author == before.said[item.id].author
            continue
        for seat in filter(None, (item.author, item.noted_by)):
            early = before.step == "planned" and item.kind == "statement" and before.people[seat].role == "owner"
            assert before.people[seat].status == "in" or (early and before.people[seat].status == "waiting"), item


def the_owner_shows_the_group_nothing_in_phase_three(before: Sight, now: Sight) -> None:
    if before.step in MUTED_IN:
        owners = {person.seat for person in before.people.values() if person.role == "owner"}
        acts = {done.act for done in now.journal[len(before.journal) :] if done.seat in owners}
        assert acts <= OF_A_LISTENING_OWNER
        kinds = {item.kind for item in now.said.values() if item.id not in before.said and item.author in owners}
        assert kinds <= PRIVATE | FOR_MODERATORS


def what_was_said_stays_after_the_close(before: Sight, now: Sight) -> None:
    if before.step == "closed":
        assert now.said == before.said
