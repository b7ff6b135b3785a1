"""Carrying out a demo session: every word of it goes through the commands, at the moment at which it was said."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.models import Account
from app.demo.cases import Case
from app.demo.script import TO_ITEM, TO_SEAT, Act, script
from app.demo.year import Past
from app.extensions import db
from app.sessions import forms, minutes
from app.sessions.commands import join, perform, planning
from app.sessions.models import Intervision
from app.sessions.phases import POSITION, STEPS
from app.sessions.room import Room
from app.times import at, now

ZONE = "Europe/Brussels"
EARLY = timedelta(minutes=3)
"""The room is open this long before its clock starts."""

PACE = {"lobby": 1.05, "statement": 1.1, "questions": 1.05, "ask": 0.7, "brainstorm": 0.95, "recommendations": 0.95,
        "feedback": 1.05, "reactions": 0.7, "lessons": 0.95}  # fmt: skip
"""How much of its minutes a step took; the others took theirs exactly."""

PAUSE = timedelta(minutes=2)
"""The clock stands still for so long when the moderator of a past session paused."""

PART = 0.4
"""How much of its minutes a step has used when a newcomer opens it."""


def hold(case: Case, account: Account, starts_at: datetime) -> int:
    """A whole session in the past, to its close; returns its id."""
    session = Staging(case, account, case.title, starts_at)
    session.walk_to("closed")
    return session.id


def live_through(past: Past, account: Account, starts_at: datetime) -> "Staging":
    """A past session of the year, to its end; returns it, for what comes after."""
    session = Staging(past.case, account, past.case.title, starts_at, past)
    session.walk_to(past.stops_in or "closed")
    if past.stops_in:
        session.act_out(session.script(), PART * session.seconds[past.stops_in])
        session.perform(Act(past.case.moderator, "stop"))
    return session


def begin(
    case: Case, account: Account, title: str, step: str, until: str | int | None, then: Sequence[Act] = ()
) -> int:
    """A session that is part-way through `step` at this moment, with everything said before, and its clock running.

    In that step only the acts up to `until` (a key, or how many) are done, and then those in `then`. Returns its id.
    """
    seconds = planned_seconds(case)
    before = sum(pace(name) * seconds[name] for name in seconds if POSITION[name] < POSITION[step])
    session = Staging(case, account, title, now() - timedelta(seconds=before + PART * seconds[step]))
    session.walk_to(step)
    session.act_out([*_until(session.script(), until), *then], PART * seconds[step])
    return session.id


def _until(acts: list[Act], until: str | int | None) -> list[Act]:
    if isinstance(until, str):
        until = [act.key for act in acts].index(until) + 1
    return acts[:until]


def planned_seconds(case: Case) -> dict[str, float]:
    """The seconds of each step that has any."""
    slots = minutes.usual(case.length)
    return {step.name: planning.step_seconds(step, slots) for step in STEPS if step.slot}


def pace(step: str) -> float:
    return PACE.get(step, 1.0)


AFTER: Mapping[str, Callable[[str], str]] = {
    "open": lambda _step: "lobby",
    "advance": lambda step: STEPS[POSITION[step] + 1].name,
    "back": lambda step: STEPS[POSITION[step] - 1].name,
    "stop": lambda _step: "closed",
}
"""Where a session is after an act that leads to another step."""


class Staging:
    """A session under way. `moment` is where its time stands; `items` are what has been made, by the key of the act."""

    def __init__(self, case: Case, account: Account, title: str, starts_at: datetime, past: Past | None = None) -> None:
        self.case = case
        self.past = past
        self.starts_at = starts_at
        self.seconds = planned_seconds(case)
        self.step = "planned"
        self.items: dict[str, str] = {}
        self.moment = starts_at - timedelta(days=3)
        with at(self.moment):
            self.id = planning.plan(account, self._fields(title)).id
        self.seats = self._seats()
        self._open()

    def _fields(self, title: str) -> dict[str, Any]:
        quarter = timedelta(minutes=15)
        # What was planned is a round time; when it began, nobody knows to the second.
        begun = self.starts_at - timedelta(seconds=self.starts_at.timestamp() % quarter.total_seconds())
        return {
            "title": title,
            "team": self.case.team,
            "language": "en",
            "call_url": "",
            "starts_at": begun,
            "timezone": ZONE,
            "expected": len(self.case.people),
            "length": self.case.length,
            "minutes": minutes.usual(self.case.length),
            "move_on": False,
            "owner_name": self.case.owner,
            "visibility": self.case.visibility,
            "transcript": self.case.transcript,
        }

    def _seats(self) -> dict[str, str]:
        db.session.rollback()
        room = Room(db.session, db.session.get_one(Intervision, self.id))
        return {seat.name: seat.id for seat in room.seats}

    def _open(self) -> None:
        self.moment = self.starts_at - EARLY
        self.perform(Act(self.case.moderator, "open"))
        for number, name in enumerate(self.case.consultants, 1):
            with at(self.moment + EARLY * number / (len(self.case.consultants) + 1)):
                self.seats[name] = join(self.id, name).id
        self.moment = self.starts_at
        self.perform(Act(self.case.moderator, "resume"))

    def walk_to(self, step: str) -> None:
        """Do everything that is done before `step`, and enter it."""
        while POSITION[self.step] < POSITION[step]:
            here, acts, seconds = self.step, self.script(), self.pace() * self.seconds[self.step]
            half = len(acts) // 2 if self.past and here in self.past.moves else len(acts)
            before = seconds * half / (len(acts) or 1)
            self.act_out(acts[:half], before)
            self.move_the_clock()
            self.act_out(acts[half:], seconds - before)
            self.perform(Act(self.case.moderator, "advance", data={"anyway": here == "ask" and not self.case.ask}))

    def pace(self) -> float:
        own = self.past.pace if self.past else {}
        return own.get(self.step, pace(self.step))

    def move_the_clock(self) -> None:
        """What the moderator of a past session did about the time in this step."""
        for name, data in self.past.moves.get(self.step, ()) if self.past else ():
            self.perform(Act(self.case.moderator, name, data=data))
            if name in ("pause", "back"):
                self.moment += PAUSE

    def script(self) -> list[Act]:
        day = self.starts_at.astimezone(ZoneInfo(ZONE)).date()
        return script(self.case, self.step, day)

    def act_out(self, acts: Sequence[Act], seconds: float) -> None:
        """Do these acts, spread over so many seconds; the last one is done when they are over."""
        began = self.moment
        for number, act in enumerate(acts, 1):
            self.moment = began + timedelta(seconds=seconds * number / len(acts))
            self.perform(act)
        self.moment = began + timedelta(seconds=seconds)

    def perform(self, act: Act) -> None:
        with at(self.moment):
            done = perform(
                self.id,
                self.seats[act.who],
                act.name,
                forms.check(act.name, self._resolved(act.data)),
                command_id=str(uuid.uuid4()),
                base=self.step,
            )
        self.step = AFTER.get(act.name, lambda step: step)(self.step)
        if act.key and done.item:
            self.items[act.key] = done.item

    def _resolved(self, data: dict[str, Any]) -> dict[str, Any]:
        """`data` with ids in the place of people's names and of acts' keys."""
        named = {name: self.seats[data[name]] for name in TO_SEAT if name in data}
        made = {name: self.items[data[name]] for name in TO_ITEM if name in data}
        return {**data, **named, **made}
