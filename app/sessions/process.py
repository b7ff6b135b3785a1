"""How a session went: what somebody sees who may know of the process and of nothing that was said in it.

Figures are of the group: no figure here is about one person, and nobody but the moderator is named. How many spoke
names nobody, however few there were; a share of what people put in is shown when it came from FEWEST of them at least.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.sessions.models import Contribution, Turn
from app.sessions.phases import ALL, KINDS, PHASES, STEP, STEPS, Kind
from app.sessions.room import Room


@dataclass(frozen=True)
class PhaseOfGroup:
    """`planned_s` and `used_s` are seconds; `used_s` is None for a phase that the session did not reach. `spoke`: how
    many people said or wrote something that the group saw, None where nothing is kept of it.
    """

    number: int
    title: str
    planned_s: float
    used_s: float | None
    spoke: int | None


FEWEST = 3
"""So many people at least must have put in what a share is a share of: with fewer it would point at one of them."""


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; `part` is None where it is not shown, because it would tell of one person."""

    part: int | None
    whole: int


@dataclass(frozen=True)
class Process:
    """`held_at` is on the session's clock. `moderator` is who planned it, "" when they were erased. `lessons` are those
    that may be shared, without names.
    """

    code: str
    team: str
    language: str
    method: str
    held_at: datetime
    moderator: str
    stopped: bool
    overridden: bool
    transcript: bool
    names: bool
    themes: tuple[str, ...]
    people: int
    phases: tuple[PhaseOfGroup, ...]
    answered: Share
    kept: Share
    lessons: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.team} {self.held_at.date().isoformat()}"


def process(room: Room) -> Process:
    """Of a closed session."""
    it = room.it
    items = room.contributions()
    return Process(
        code=it.code,
        team=it.team.name,
        language=it.language,
        method=it.method,
        held_at=(it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone)),
        moderator=it.account.name,
        stopped=it.stopped,
        overridden=it.overridden,
        transcript=it.transcript,
        names=it.names,
        themes=tuple(room.themes),
        people=len(room.present),
        phases=tuple(_phases(room, items)),
        answered=_share(items, "question", "answer", lambda answer: answer.data.get("how") != "passed"),
        kept=_share(items, "recommendation", "verdict", lambda verdict: verdict.data.get("verdict") == "helps"),
        lessons=tuple(item.text for item in shared_lessons(items)),
    )


def shared_lessons(items: Sequence[Contribution]) -> list[Contribution]:
    """Lessons whose authors agreed that they leave the room; by their ids, for the order of the round would say whose
    each is.
    """
    found = [item for item in items if item.kind == "lesson" and item.data.get("share") and not item.erased]
    return sorted(found, key=lambda item: item.id)


def _phases(room: Room, items: Sequence[Contribution]) -> list[PhaseOfGroup]:
    spoke = _spoke(room, items) if room.it.tells_who else None
    found = []
    for number, title in PHASES.items():
        times = [time for name, time in room.times.items() if STEP[name].phase == number]
        used = [time.used_s for time in times if time.used_s is not None]
        found.append(
            PhaseOfGroup(
                number,
                title,
                planned_s=sum(time.planned_s for time in times),
                used_s=sum(used) if used else None,
                spoke=len(spoke[number]) if spoke is not None and used else None,
            )
        )
    return found


def _spoke(room: Room, items: Sequence[Contribution]) -> dict[int | None, set[str]]:
    """By phase, the seats that gave the group something, in writing or on their turn."""
    seats: dict[int | None, set[str]] = defaultdict(set)
    for item in items:
        if item.seat_id and KINDS[item.kind].seen_by == ALL:
            seats[PHASE_OF_KIND[item.kind]].add(item.seat_id)
    for turn in room.rows.scalars(select(Turn).where(Turn.intervision_id == room.it.id, Turn.ended == "done")):
        seats[STEP[turn.step].phase].add(turn.seat_id)
    return seats


def _phase_of(kind: Kind) -> int | None:
    """The phase that a kind belongs to: the first one in which somebody may give it."""
    return next((step.phase for step in STEPS if step.phase and kind.act in step.may), None)


PHASE_OF_KIND = {kind.name: _phase_of(kind) for kind in KINDS.values()}


def _share(items: Sequence[Contribution], whole: str, part: str, counts: Callable[[Contribution], bool]) -> Share:
    """How many items of one kind have an item of another kind hanging on them that counts."""
    of = {item.id: item.seat_id for item in items if item.kind == whole}
    if of and len(set(of.values())) < FEWEST:
        return Share(None, len(of))
    return Share(len({item.parent_id for item in items if item.kind == part and counts(item)} & of.keys()), len(of))
