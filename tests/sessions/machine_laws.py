"""What the machine in test_machine.py holds a session to, said once more by hand: none of the app's tables of rights.

A `Sight` is the session as the database has it at one version: the words as they are, and what each seat is shown.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.extensions import db
from app.sessions import view
from app.sessions.access import Reader
from app.sessions.clock import Clock
from app.sessions.models import Journal, Turn
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
ENDS_ITSELF = {"silent_questions", "silent_brainstorm"}
SETS_THE_CLOCK = {"extend", "set_time", "share_out"}
SHORTEST_S, MINUTE_S = 10, 60
OF_THE_OWNER = {"statement", "answer", "ask", "fact", "verdict", "action", "presented"}
LEFT_WITHOUT_A_TRANSCRIPT = {"action", "lesson"}
A_PART = re.compile(r"Issue owner|Consultant \d+")


@dataclass(frozen=True)
class Person:
    seat: str
    name: str
    role: str
    status: str
    account: bool


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
    """`stays`, of what is said: "record", "nameless" (the words alone) or "plan" (that and what may be shared)."""

    version: int
    step: str
    clock: Clock
    stays: str
    people: dict[str, Person]
    said: dict[str, Said]
    turns: int
    journal: list[Done]
    seen: dict[str, view.View]

    @property
    def forgets(self) -> bool:
        """Whether it is gone by now who said what."""
        return self.step == "closed" and self.stays != "record"

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
    turns = select(func.count()).select_from(Turn).where(Turn.intervision_id == cast.id)
    return Sight(
        room.it.version,
        room.it.step,
        room.clock,
        ("record" if room.it.names else "nameless") if room.it.transcript else "plan",
        {
            seat.id: Person(seat.id, seat.name, seat.role, seat.status, seat.account_id is not None)
            for seat in room.seats
        },
        {
            it.id: Said(it.id, it.kind, it.seat_id, it.noted_by, it.parent_id, it.place, it.text, it.data)
            for it in room.contributions()
        },
        db.session.scalar(turns) or 0,
        [Done(*row) for row in db.session.execute(select(*COLUMNS).where(mine).order_by(Journal.version))],
        {seat.id: timeless(on_the_wire(view.snapshot(room, Reader(seat), cast.now))) for seat in room.seats},
    )  # fmt: skip


COLUMNS = (Journal.version, Journal.act, Journal.step, Journal.seat_id)


def timeless(seen: view.View) -> view.View:
    return {**seen, "now": 0}


def newly_done(before: Sight, now: Sight) -> list[Done]:
    return [done for done in now.journal if done.version > before.version]


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
    if now.forgets and now.stays == "plan" and person.role == "consultant" and not person.account:
        return person.seat == item.author  # what is left is the owner's
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
        assert item.author is None or item.author not in json.dumps(shown)
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
    for done in newly_done(before, now):
        if done.seat:
            status = before.people[done.seat].status
            assert status == "in" or (status == "waiting" and before.step == "planned"), done


def every_author_is_a_member(before: Sight, now: Sight) -> None:
    """The owner prepares a statement before anybody is in. Whoever said something has said it for ever, or for as long
    as it was agreed that this is known.
    """
    for item in now.said.values():
        if item.id in before.said:
            is_forgotten = now.forgets and before.step != "closed" and item.author is None
            assert is_forgotten or item.author == before.said[item.id].author
            continue
        for seat in filter(None, (item.author, item.noted_by)):
            early = before.step == "planned" and item.kind == "statement" and before.people[seat].role == "owner"
            assert before.people[seat].status == "in" or (early and before.people[seat].status == "waiting"), item


def the_owner_shows_the_group_nothing_in_phase_three(before: Sight, now: Sight) -> None:
    if before.step in MUTED_IN:
        owners = {person.seat for person in before.people.values() if person.role == "owner"}
        acts = {done.act for done in newly_done(before, now) if done.seat in owners}
        assert acts <= OF_A_LISTENING_OWNER
        kinds = {item.kind for item in now.said.values() if item.id not in before.said and item.author in owners}
        assert kinds <= PRIVATE | FOR_MODERATORS


def what_was_said_stays_after_the_close(before: Sight, now: Sight) -> None:
    if before.step == "closed":
        assert now.said == before.said


# --- The clock ---


def time_is_given_by_hand_alone(before: Sight, now: Sight, moment: datetime) -> None:
    """In a step there is as much time left after a command as before it, unless it is one that sets the clock; and
    overtime comes by waiting, and by no command.
    """
    had, left = before.clock.left(moment), now.clock.left(moment)
    if now.step != before.step:
        assert left is None or left >= SHORTEST_S
    elif now.journal[-1].act not in SETS_THE_CLOCK:
        assert left == had, now.journal[-1]
    else:
        assert had is not None
        assert left is not None
        assert left >= min(had, SHORTEST_S)


def a_step_has_what_it_was_left_with(put_down: dict[str, float], before: Sight, now: Sight, moment: datetime) -> None:
    """And a minute at least, once its clock has run. `put_down`: what the steps of before were left with."""
    had, left = before.clock.left(moment), now.clock.left(moment)
    if now.step == before.step:
        if now.journal[-1].act == "share_out":
            put_down.clear()  # it gives to the steps ahead, too
        return
    if now.step in put_down:
        kept = put_down[now.step]
        assert left in (kept, max(kept, MINUTE_S))
    if had is not None:
        put_down[before.step] = had


# --- What is forgotten at the close ---


def nothing_is_left_of_who_said_what(now: Sight) -> None:
    """Where that was agreed when the session was planned. Words that only an owner has stay the owner's, who is named
    by that part; and nobody else ever saw private ones.
    """
    if not now.forgets:
        return
    assert now.turns == 0
    assert [done for done in now.journal if done.seat] == []
    for item in now.said.values():
        if now.stays == "plan":
            assert item.kind in LEFT_WITHOUT_A_TRANSCRIPT
            assert item.kind == "action" or item.data["share"]
        if item.kind not in PRIVATE:
            assert item.author is None or may_stay_its_authors(now, item), item
            assert item.noted_by is None or now.people[item.noted_by].role == "moderator", item
    for person in now.people.values():
        stays = person.account or person.role == "moderator"
        if now.stays == "nameless":
            assert stays or A_PART.fullmatch(person.name), person
        else:
            assert stays or person.role == "owner" or person.seat in {item.author for item in now.said.values()}


def may_stay_its_authors(now: Sight, item: Said) -> bool:
    if now.stays == "plan" and item.kind == "lesson":
        return bool(item.data["named"])
    return item.kind in OF_THE_OWNER and now.people[item.author or ""].role == "owner"
