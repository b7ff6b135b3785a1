"""All that the checker has to go by: what the clients wrote down, what is in the database, and what people download."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from devtools.chaos.journal import Line
from devtools.chaos.state import State


@dataclass(frozen=True)
class Row:
    """A row of the session's journal: one accepted command. `step` is where the session was afterwards."""

    version: int
    act: str
    step: str
    at: float  # ms
    seat: str | None = None
    command_id: str | None = None
    item: str | None = None


@dataclass
class Session:
    """What the database and the downloads hold of one session. `truths`: for each seat the snapshot that it would get
    now. `downloads`: name of the file, and the seat of whoever opened it → its text.
    """

    id: int
    version: int
    step: str
    rows: list[Row]
    contributions: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    archived: str | None = None
    truths: dict[str, dict[str, Any]] = field(default_factory=dict)
    downloads: dict[tuple[str, str], str] = field(default_factory=dict)
    ends_at: float | None = None

    def step_at(self, version: int) -> str:
        index = bisect_right(self._versions, version)
        return self.rows[index - 1].step if index else "planned"

    @cached_property
    def _versions(self) -> list[int]:
        return [row.version for row in self.rows]

    def step_before(self, version: int) -> str:
        return self.step_at(version - 1) if version > 0 else "planned"

    @property
    def closed_by(self) -> Row | None:
        return next((row for row in self.rows if row.step == "closed"), None)


KIND_OF = {"park": "parked", "recommend": "recommendation", "sort": "verdict", "plan": "action"}


@dataclass
class Sent:
    """A command as its client sent it, once or several times, and all answers to it."""

    id: str
    name: str
    base: str | None
    data: dict[str, Any]
    token: str
    seat: str
    session: int
    at: float
    answers: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Of what it makes."""
        return KIND_OF.get(self.name, self.name)

    @property
    def accepted(self) -> dict[str, Any] | None:
        return next((answer for _t, answer in self.answers if answer["ok"]), None)

    @property
    def refused(self) -> bool:
        return any(not answer["ok"] and not answer["retryable"] for _t, answer in self.answers)

    @property
    def held_back(self) -> bool:
        """Was it answered, at least once, that it is not saved yet?"""
        return any(not answer["ok"] and answer["code"] == "not_saved" for _t, answer in self.answers)


class Known(NamedTuple):
    """From `t` (ms) on a client knew this version, and this clock."""

    t: float
    version: int
    clock: Any


RECEIVED = frozenset(
    {"early", "snapshot", "patch", "synced", "pulse", "presence", "ack", "goodbye", "restarting"}
)  # fmt: skip


@dataclass
class Witness:
    """One client's journal."""

    who: Line
    lines: list[Line]

    @property
    def seat(self) -> str:
        return str(self.who["seat"])

    @property
    def name(self) -> str:
        return f"{self.who['name']} of session {self.who['session']}"

    @cached_property
    def commands(self) -> list[Sent]:
        sent: dict[str, Sent] = {}
        for line in self.lines:
            if line["what"] == "send":
                said = {name: line[name] for name in ("id", "name", "base", "data", "token")}
                new = Sent(**said, seat=self.seat, session=self.who["session"], at=line["t"])
                sent.setdefault(line["id"], new)
            elif line["what"] == "ack" and line["id"] in sent:
                sent[line["id"]].answers.append((line["t"], line["answer"]))
        return list(sent.values())

    @cached_property
    def known(self) -> list[Known]:
        """What this client knew, and since when."""
        return self._replay[0]

    @cached_property
    def last(self) -> State | None:
        """What it knew in the end; None: nothing ever."""
        return self._replay[1] if self.known else None

    @cached_property
    def _replay(self) -> tuple[list[Known], State]:
        known: list[Known] = []
        state, live = State(), False
        for line in self.lines:
            before = state.version
            if line["what"] == "disconnect":
                live = False
            elif line["what"] in ("snapshot", "synced"):
                if not live or line["body"]["version"] >= before:
                    state.replace(line["body"])
                    known.append(Known(line["t"], state.version, state.session.get("clock")))
                live = True
            elif line["what"] == "patch" and state.merge(line["body"]) and state.version != before:
                known.append(Known(line["t"], state.version, state.session.get("clock")))
        return known, state

    def received(self) -> Iterable[dict[str, Any]]:
        """The body of everything that came from the server about the room, answers among it."""
        return (line["answer"] if line["what"] == "ack" else line["body"]
                for line in self.lines if line["what"] in RECEIVED)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """Harm from `began` to `ended` (ms). `seats`: whom it concerned; None: everybody. Whoever was concerned has to be
    back within `back_within_s`; None: nobody was to notice. `felt`: counted from when each of them lost the connection,
    and not from when the harm was over. `calm_s`: so long before it everything was as it should be, to compare.
    """

    what: str
    began: float
    ended: float
    seats: frozenset[str] | None = None
    back_within_s: float | None = None
    felt: bool = False
    calm_s: float = 0.0

    def concerns(self, seat: str) -> bool:
        return self.seats is None or seat in self.seats


@dataclass
class Evidence:
    sessions: list[Session]
    witnesses: list[Witness]
    faults: Sequence[Fault] = ()

    def of(self, session: Session) -> list[Witness]:
        return [witness for witness in self.witnesses if witness.who["session"] == session.id]
