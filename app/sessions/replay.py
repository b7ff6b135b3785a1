"""A session over again: what stood on the board of the room at each moment, as the group saw it.

It is made of what the record shows, in the words that the record has, and of the times in the journal; of drafts, of
private notes, and of what was taken back there is nothing here. What was unattributed stays so, and what was written in
silence comes when it was revealed, all at once.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.sessions.exports.record import STATEMENT_PARTS, VERDICTS
from app.sessions.exports.rows import shortened
from app.sessions.exports.sheet import Item, Sheet, field, text
from app.sessions.models import Journal
from app.sessions.phases import KINDS, N_, POSITION, STEP
from app.sessions.room import Room
from app.sessions.rules import is_live

MS_PER_WORD = 240
"""About 250 words a minute, as adults read."""
SHORTEST_MS, LONGEST_MS = 1_500, 12_000

BOARDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "case": (N_("Cases on offer"), ("lobby",)),
    "statement": (N_("The statement"), ("statement", "silent_questions")),
    "question": (N_("Clarifying questions"), ("questions",)),
    "ask": (N_("The ask"), ("ask", "silent_brainstorm", "brainstorm", "recommendations")),
    "idea": (N_("Ideas"), ("brainstorm",)),
    "recommendation": (N_("Recommendations"), ("recommendations", "feedback")),
    "action": (N_("Action plan"), ("feedback", "reactions")),
    "reaction": (N_("Reactions to the plan"), ("reactions",)),
    "lesson": (N_("Lessons"), ("lessons",)),
    "process": (N_("About the way we worked"), ("lessons",)),
}
"""By kind: its heading, and the steps in which it stands on the board."""
HANGING = {"question": "answer", "recommendation": "verdict", "idea": "idea"}
"""What may hang on an entry of a kind."""


@dataclass(frozen=True)
class Entry:
    """Something on the board from the moment with the number `moment` on, in every step from the `since`th on.

    `name` is "" where it is not to be known. `mark` and the labels of `details` are to be translated.
    """

    moment: int
    since: int
    name: str
    text: str
    aloud: bool
    mark: str = ""
    details: tuple[tuple[str, str], ...] = ()
    hanging: tuple["Entry", ...] = ()


@dataclass(frozen=True)
class Board:
    """The entries of one kind."""

    kind: str
    title: str
    steps: tuple[str, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Moment:
    """`at` on the session's clock. `ms`: how long it takes to read what is new."""

    at: datetime
    step: str
    ms: int


@dataclass(frozen=True)
class Replay:
    moments: tuple[Moment, ...]
    boards: tuple[Board, ...]


def replay(room: Room, snapshot: dict[str, Any]) -> Replay:
    """Of a closed session, from a snapshot of somebody who may read all of its record."""
    lines = room.rows.scalars(select(Journal).where(Journal.intervision_id == room.it.id).order_by(Journal.version))
    return Stage(Sheet(snapshot), list(lines), ZoneInfo(room.it.timezone)).replay()


class Stage:
    """Puts entries and steps in the order of time."""

    def __init__(self, sheet: Sheet, lines: Sequence[Journal], zone: ZoneInfo) -> None:
        self.sheet = sheet
        self.zone = zone
        self.entered = [(at, step) for at, step in _entered(lines) if is_live(step)]
        self.came = {line.item_id: line.at for line in reversed(lines) if line.item_id}
        self.times: list[datetime] = []

    def replay(self) -> Replay:
        items = [item for kind in BOARDS for item in self._all(kind)]
        shown = {item["id"]: at for item in items if (at := self._shown_at(item)) is not None}
        self.times = sorted({*(at for at, _step in self.entered), *shown.values()})
        boards = tuple(self._board(kind, shown) for kind in BOARDS)
        return Replay(self._moments(boards), tuple(board for board in boards if board.entries))

    def _all(self, kind: str) -> Iterator[Item]:
        """The items of a kind, each with what hangs on it."""
        found = [self.sheet.one("statement")] if kind == "statement" else self.sheet.all(kind)
        for item in found:
            if item is not None:
                yield item
                if HANGING.get(kind, kind) != kind:
                    yield from self._hanging(kind, item)

    def _hanging(self, kind: str, item: Item) -> Iterator[Item]:
        single = KINDS[HANGING[kind]].single
        found = [self.sheet.one(HANGING[kind], item["id"])] if single else self.sheet.all(HANGING[kind], item["id"])
        return (each for each in found if each is not None)

    def _shown_at(self, item: Item) -> datetime | None:
        """When the group came to see it: when it was there, and the session had come so far."""
        came = self.came.get(item["id"])
        since = POSITION[KINDS[item["kind"]].since]
        late = [at for at, step in self.entered if POSITION[step] >= since]
        if not late:
            return None
        if came is None or came <= late[0]:
            return late[0]
        step = self.entered[bisect_right([at for at, _step in self.entered], came) - 1][1]
        return came if POSITION[step] >= since else next((at for at in late if at >= came), None)

    def _board(self, kind: str, shown: Mapping[str, datetime]) -> Board:
        title, steps = BOARDS[kind]
        items = [item for item in self._all(kind) if item["kind"] == kind and item["id"] in shown]
        ids = {item["id"] for item in items}
        # What builds on something hangs on it, as in the record; what it built on may have been taken back.
        top = [item for item in items if HANGING.get(kind) != kind or item["parent"] not in ids]
        return Board(kind, title, steps, tuple(self._entry(item, shown) for item in top))

    def _entry(self, item: Item, shown: Mapping[str, datetime]) -> Entry:
        kind = item["kind"]
        hangs = HANGING.get(kind)
        hanging = [each for each in self._hanging(kind, item) if each["id"] in shown] if hangs else []
        return Entry(
            moment=self.times.index(shown[item["id"]]),
            since=POSITION[KINDS[kind].since],
            name=self._name(item),
            text=field(item, "title") if kind == "case" else text(item),
            aloud=bool(item.get("aloud")) or field(item, "how") == "aloud",
            mark=_mark(item),
            details=tuple((label, words) for label, words in self._details(item) if words),
            hanging=tuple(replace(self._entry(each, shown), hanging=()) for each in hanging),
        )

    def _name(self, item: Item) -> str:
        """As the record has it: nobody's for an idea, and for a lesson only where its author agreed."""
        if not KINDS[item["kind"]].attributed or (item["kind"] == "lesson" and not item["data"].get("named")):
            return ""
        return self.sheet.name(item)

    def _details(self, item: Item) -> Iterable[tuple[str, str]]:
        match item["kind"]:
            case "case":
                yield N_("In one sentence"), text(item)
            case "statement":
                yield from ((label, field(item, part)) for part, label in STATEMENT_PARTS.items())
            case "ask":
                yield N_("Not needed"), field(item, "not_needed")
            case "recommendation":
                yield N_("First step"), field(item, "first_step")
                yield N_("Because"), field(item, "reason")
                yield N_("Grown out of the idea"), shortened(text(self.sheet.item(item["parent"])))
            case "action":
                yield N_("Who"), field(item, "who")
                yield N_("By when"), field(item, "by")
                yield N_("First step"), field(item, "first_step")

    def _moments(self, boards: Sequence[Board]) -> tuple[Moment, ...]:
        words = [0] * len(self.times)
        for entry in _everything(boards):
            words[entry.moment] += len(entry.text.split()) + sum(len(each.split()) for _, each in entry.details)
        starts = [at for at, _step in self.entered]
        found = []
        for at, count in zip(self.times, words, strict=True):
            step = self.entered[bisect_right(starts, at) - 1][1]
            ms = min(max(SHORTEST_MS, count * MS_PER_WORD), LONGEST_MS)
            found.append(Moment(at.astimezone(self.zone), step, ms))
        return tuple(found)


def _mark(item: Item) -> str:
    """How the owner sorted a recommendation, or that they passed on a question."""
    if item["kind"] == "answer" and field(item, "how") == "passed":
        return N_("Passed")
    return VERDICTS.get(field(item, "verdict"), "")


def _entered(lines: Iterable[Journal]) -> Iterator[tuple[datetime, str]]:
    """When the session came into which step, as often as it did."""
    before = ""
    for line in lines:
        if line.step != before:
            before = line.step
            yield line.at, line.step


def _everything(boards: Iterable[Board]) -> Iterator[Entry]:
    for board in boards:
        for entry in board.entries:
            yield entry
            yield from entry.hanging


def data(found: Replay, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The moments as the page's script reads them; `titles` are those of the steps, translated."""
    return [
        {
            "clock": moment.at.strftime("%H:%M"),
            "step": moment.step,
            "position": POSITION[moment.step],
            "phase": STEP[moment.step].phase,
            "title": titles[moment.step],
            "ms": moment.ms,
        }
        for moment in found.moments
    ]
