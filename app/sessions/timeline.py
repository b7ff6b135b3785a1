"""How the time of a session went: from step to step, with its pauses and with what the moderator did to the clock.

It is read from the journal, and so it says of nobody what they said; those see it who look back on how it was led.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.sessions.models import Journal
from app.sessions.phases import POSITION, STEP, STEPS
from app.sessions.room import Room

SHORTEST_PAUSE_S = 5.0
"""A shorter one is a slip of the finger."""


@dataclass(frozen=True)
class Stretch:
    """Some time in one step: seconds from the beginning of the session. `phase` is None in the lobby."""

    step: str
    phase: int | None
    began_s: float
    lasts_s: float


@dataclass(frozen=True)
class Move:
    """Something that the moderator did about the time, `at` on the session's clock, in the step `title`.

    `kind`: "pause" (it lasted `seconds`), "extend" (by `seconds`, below zero: shortened), "set_time" (to `seconds`),
    "share_out", "back" (to that step), "anyway" (left that step although something was missing), "stop".
    """

    kind: str
    at: datetime
    at_s: float
    title: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Timeline:
    """`planned` and `lived` one after the other, `pauses` within `lived`; `whole_s` is the longer of both."""

    whole_s: float
    planned: tuple[Stretch, ...]
    lived: tuple[Stretch, ...]
    pauses: tuple[Stretch, ...]
    moves: tuple[Move, ...]


def timeline(room: Room) -> Timeline | None:
    """Of a closed session; None of one whose clock never started."""
    if room.it.started_at is None or room.it.closed_at is None:
        return None
    lines = room.rows.scalars(select(Journal).where(Journal.intervision_id == room.it.id).order_by(Journal.version))
    return drawn(room, [line for line in lines if line.at <= room.it.closed_at])


def drawn(room: Room, lines: Sequence[Journal]) -> Timeline:
    began = room.it.started_at
    assert began is not None
    lived = tuple(stretches(lines, began))
    pauses = tuple(each for each in _pauses(lines, began) if each.lasts_s >= SHORTEST_PAUSE_S)
    planned = tuple(_planned(room))
    moves = sorted(_moves(lines, pauses, began, ZoneInfo(room.it.timezone)), key=lambda move: move.at_s)
    return Timeline(max(_end(planned), _end(lived)), planned, lived, pauses, tuple(moves))


def stretches(lines: Iterable[Journal], began: datetime) -> Iterator[Stretch]:
    """The steps as the session went through them, each as often as it was entered."""
    entered: list[tuple[str, float]] = []
    for line in lines:
        if not entered or line.step != entered[-1][0]:
            entered.append((line.step, max(0.0, (line.at - began).total_seconds())))
    for (step, start), (_next, end) in pairwise(entered):
        if end > start:
            yield Stretch(step, STEP[step].phase, start, end - start)


def _planned(room: Room) -> Iterator[Stretch]:
    start = 0.0
    for step in STEPS:
        if step.name in room.times:
            seconds = room.times[step.name].planned_s
            yield Stretch(step.name, step.phase, start, seconds)
            start += seconds


def _end(those: Sequence[Stretch]) -> float:
    return those[-1].began_s + those[-1].lasts_s if those else 0.0


def _pauses(lines: Iterable[Journal], began: datetime) -> Iterator[Stretch]:
    """From a pause until the clock runs again: somebody lets it, or the session goes to another step."""
    paused: Journal | None = None
    for line in lines:
        if paused and (line.act == "resume" or line.step != paused.step):
            start = (paused.at - began).total_seconds()
            yield Stretch(paused.step, STEP[paused.step].phase, start, (line.at - paused.at).total_seconds())
            paused = None
        if line.act == "pause" and paused is None and line.at >= began:
            paused = line


def _moves(lines: Iterable[Journal], pauses: Iterable[Stretch], began: datetime, zone: ZoneInfo) -> Iterator[Move]:
    before = "planned"
    at_of = {}
    for line in lines:
        at_s = (line.at - began).total_seconds()
        at_of[round(at_s, 3)] = line.at
        found = _move(line, before)
        if found and at_s >= 0:
            kind, step, seconds = found
            yield Move(kind, line.at.astimezone(zone), at_s, STEP[step].title, seconds)
        before = line.step
    for pause in pauses:
        at = at_of[round(pause.began_s, 3)].astimezone(zone)
        yield Move("pause", at, pause.began_s, STEP[pause.step].title, pause.lasts_s)


def _move(line: Journal, before: str) -> tuple[str, str, float] | None:
    detail = line.detail or {}
    if line.act == "back" and POSITION[line.step] < POSITION[before]:
        return "back", line.step, 0.0
    if line.act == "advance" and detail.get("anyway"):
        return "anyway", before, 0.0
    if line.act in ("extend", "set_time"):
        return line.act, line.step, float(detail.get("seconds", 0))
    if line.act == "share_out":
        return line.act, line.step, 0.0
    if line.act == "stop":
        return "stop", before, 0.0
    return None
