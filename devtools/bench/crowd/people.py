"""People in rooms: they connect, see what the others write, and write when it is their turn."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from devtools.bench.crowd.tally import Tally, marked, number_in, numbers_in
from devtools.bench.crowd.wire import Wire

OWNER = 1
"""Seats as they are staged: moderator, owner, consultants."""


@dataclass(eq=False)
class Person:
    """One seat with its connection. `wire` is there from the start; `ready` when the room has been shown."""

    room: "Room"
    place: int
    seat: str
    cookie: str
    wire: Wire | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False
    waiting: dict[int, int] = field(default_factory=dict)  # number of the packet → number of the contribution
    packets: int = 0

    def hear(self, message: bytes) -> None:
        kind = message[:2]
        if kind == b"42":
            self._hear_event(message)
        elif kind == b"43":
            self._hear_answer(message)
        elif message == b"2":
            self._say(b"3")
        elif message[:1] == b"0":
            self._say(b"40")

    def _say(self, text: bytes) -> None:
        if self.wire:
            self.wire.say(text)

    def _hear_event(self, message: bytes) -> None:
        if message.startswith(b'42["patch"'):
            number = number_in(message)
            if number >= 0:
                self.room.tally.arrive(number, self.place, time.perf_counter())
        elif message.startswith(b'42["snapshot"'):
            self.ready.set()
            for number in numbers_in(message):
                self.room.tally.arrive(number, self.place, time.perf_counter(), whole=True)
        if self.place == OWNER and self.room.takes_turns and b'"turn":' in message:
            self.room.learn(json.loads(message[2:])[1]["session"])

    def _hear_answer(self, message: bytes) -> None:
        start = message.index(b"[")
        number = self.waiting.pop(int(message[2:start]))
        code = "" if b'"ok":true' in message else json.loads(message[start:])[0]["code"]
        self.room.tally.answer(number, code, time.perf_counter())

    def write(self, number: int, act: str, base: str, data: dict[str, Any]) -> None:
        self.packets += 1
        self.waiting[self.packets] = number
        command = {"id": f"{number:036d}", "name": act, "base": base, "data": data | {"text": marked(number)}}
        text = f'42{self.packets}["command",{json.dumps(command)}]'.encode()
        self.room.tally.send(number, time.perf_counter())
        self._say(text)

    def leave(self) -> None:
        self.gone = True


@dataclass(eq=False)
class Room:
    """A session. In the questions the owner's screen tells whose turn it is; in the brainstorm everybody writes."""

    code: str
    step: str
    tally: Tally
    people: list[Person] = field(default_factory=list)
    said: int = 0
    turn: tuple[str, str | None] | None = None
    owed: list[int] = field(default_factory=list)
    takes_turns: bool = False

    def learn(self, session: dict[str, Any]) -> None:
        turn = session["turn"]
        self.turn = (turn["seat"], turn["item"]) if turn else None
        if self.owed and self.turn:
            self.say(self.owed.pop(0))

    def say(self, number: int) -> None:
        """Contribution `number` comes now, or as soon as somebody has the turn."""
        if not self.takes_turns:
            consultants = self.people[2:]
            consultants[self.said % len(consultants)].write(number, "idea", self.step, {})
        elif self.turn is None:
            self.owed.append(number)
            return
        else:
            seat, item = self.turn
            self.turn = None  # until the patch has come
            if item is None:
                next(person for person in self.people if person.seat == seat).write(number, "question", self.step, {})
            else:
                self.people[OWNER].write(number, "answer", self.step, {"parent": item, "how": "written"})
        self.said += 1


def rooms_of(plan: list[dict[str, Any]], tally: Tally) -> list[Room]:
    """`plan`: of each room its code, step, and seats as [seat, cookie]; without seat ids nobody takes turns."""
    rooms = []
    for each in plan:
        room = Room(each["code"], each["step"], tally, takes_turns=each["turns"])
        room.people = [Person(room, place, seat, cookie) for place, (seat, cookie) in enumerate(each["seats"])]
        rooms.append(room)
    return rooms


Connect = Callable[[Person], Any]
