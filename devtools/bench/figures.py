"""What was measured of one column in one round, and several rounds side by side."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devtools.bench.tables import middle, table

CLIENT_BUSY = 0.85
CLIENT_LAG_MS = 10
"""Beyond these the crowd is what is measured, and not the server."""


@dataclass
class Stretch:
    """So many seconds of load. `client`: the share of a processor that the busiest process of the crowd used."""

    sent: int
    acked: list[int]
    refused: Counter[str]
    lost: int
    doubled: int
    gone: int
    acks_ms: list[float]
    fan_outs_ms: list[float]
    lags_ms: list[float]
    wrote_s: float
    client: float

    @classmethod
    def of(cls, parts: Sequence[Mapping[str, Any]]) -> "Stretch":
        def all_of(name: str) -> list[Any]:
            return [value for part in parts for value in part[name]]

        return cls(
            sent=sum(part["sent"] for part in parts),
            acked=all_of("acked"),
            refused=sum((Counter(part["refused"]) for part in parts), Counter[str]()),
            lost=sum(part["lost"] for part in parts),
            doubled=sum(part["doubled"] for part in parts),
            gone=sum(part["gone"] for part in parts),
            acks_ms=sorted(all_of("acks_ms")),
            fan_outs_ms=sorted(all_of("fan_outs_ms")),
            lags_ms=sorted(all_of("lags_ms")),
            wrote_s=max(part["wrote_s"] for part in parts),
            client=max(part["processor"] for part in parts),
        )

    @property
    def rate(self) -> float:
        """What was really sent, a second."""
        return self.sent / self.wrote_s

    @property
    def flawless(self) -> bool:
        return not (self.lost or self.doubled or self.refused or self.gone)

    def steady(self, rate: float, p99_max_ms: float) -> bool:
        return self.flawless and at(self.fan_outs_ms, 99) < p99_max_ms and self.rate > 0.97 * rate

    @property
    def client_is_the_limit(self) -> bool:
        return self.client >= CLIENT_BUSY or at(self.lags_ms, 99) > CLIENT_LAG_MS


@dataclass
class Figures:
    """One column in one round. Memory in bytes a person; `missing` and `twice`: contributions in the database."""

    rate: int
    people: int
    absent: int
    connect_s: float
    memory: float
    stretch: Stretch
    processor_s: float
    around_s: dict[str, float] = field(default_factory=dict)
    rungs: dict[int, Stretch] = field(default_factory=dict)
    missing: int = 0
    twice: int = 0

    @property
    def processor_per_1000(self) -> float:
        return 1000 * self.processor_s / max(1, len(self.stretch.acked))

    @property
    def best_rate(self) -> int:
        """The highest rate that was steady; 0 if none was, or none was tried."""
        return max((rate for rate, stretch in self.rungs.items() if stretch.steady(rate, 100)), default=0)

    @property
    def lost(self) -> int:
        return self.stretch.lost + self.missing

    @property
    def doubled(self) -> int:
        return self.stretch.doubled + self.twice

    def line(self) -> str:
        """In one line what has been seen, with a warning where the crowd was the limit."""
        it = self.stretch
        parts = [
            f"{self.people} people in {self.connect_s:.1f} s, {self.memory / 1024:.0f} KiB each",
            f"{self.processor_per_1000:.2f} CPU s per 1,000",
            f"ack {_three(it.acks_ms)}, fan-out {_three(it.fan_outs_ms)} ms",
            f"crowd {it.client:.0%}, lag p99 {at(it.lags_ms, 99):.1f} ms",
            *([f"steady up to {self.best_rate}/s (tried {', '.join(map(str, self.rungs))})"] if self.rungs else []),
            *([f"{self.absent} did not get in"] if self.absent else []),
            *([f"lost {it.lost}, doubled {it.doubled}, gone {it.gone}, refused {dict(it.refused)}, "
               f"missing {self.missing}, twice {self.twice}"] if not it.flawless or self.missing or self.twice else []),
            *(["THE CROWD WAS THE LIMIT"] if it.client_is_the_limit else []),
            *(f"{name} {1000 * spent / max(1, len(it.acked)):.2f}" for name, spent in self.around_s.items()),
        ]  # fmt: skip
        return "; ".join(parts)


def at(values: Sequence[float], percent: float) -> float:
    """The percentile of sorted values; 0 of none."""
    return values[min(len(values) - 1, int(len(values) * percent / 100))] if values else 0.0


def _three(values: Sequence[float]) -> str:
    return " / ".join(f"{at(values, percent):.1f}" for percent in (50, 95, 99))


ROWS: Mapping[str, Any] = {
    "processor, s per 1,000 contributions": (lambda it: it.processor_per_1000, 2),
    "fan-out p50, ms": (lambda it: at(it.stretch.fan_outs_ms, 50), 1),
    "fan-out p95, ms": (lambda it: at(it.stretch.fan_outs_ms, 95), 1),
    "fan-out p99, ms": (lambda it: at(it.stretch.fan_outs_ms, 99), 1),
    "ack p50, ms": (lambda it: at(it.stretch.acks_ms, 50), 1),
    "ack p95, ms": (lambda it: at(it.stretch.acks_ms, 95), 1),
    "ack p99, ms": (lambda it: at(it.stretch.acks_ms, 99), 1),
    "memory a person, KiB": (lambda it: it.memory / 1024, 0),
    "everybody connected, s": (lambda it: it.connect_s, 1),
}


def compared(columns: Mapping[str, Sequence[Figures]], title: str) -> str:
    """Medians of all rounds, and how the first column stands to each of the others: the median of each round's own
    ratio, for a machine that is shared is not as fast in one round as in another.
    """
    first, *others = columns
    head = ["", *columns, *(f"{first} ÷ {other}" for other in others)]
    rows = []
    for name, (of, digits) in ROWS.items():
        values = [[of(each) for each in rounds] for rounds in columns.values()]
        medians = [middle(each) for each in values]
        ratios = [_ratio(values[0], other) for other in values[1:]]
        rows.append([name, *(f"{value:.{digits}f}" for value in medians), *ratios])
    rows.append(["highest steady rate, per s", *(_best(rounds) for rounds in columns.values()), *("" for _ in others)])
    for name in ("lost", "doubled"):
        rows.append([name, *(sum(getattr(each, name) for each in rounds) for rounds in columns.values()),
                     *("" for _ in others)])  # fmt: skip
    limited = [column for column, rounds in columns.items() if any(it.stretch.client_is_the_limit for it in rounds)]
    warning = [f"In {', '.join(limited)} the crowd was the limit in some round."] if limited else []
    return "\n".join([table(title, head, rows), *warning])


def _ratio(first: Sequence[float], other: Sequence[float]) -> str:
    ratios = [one / another for one, another in zip(first, other, strict=True) if another]
    return f"{middle(ratios):.2f}" if ratios else "–"


def _best(rounds: Sequence[Figures]) -> str:
    climbed = [it for it in rounds if it.rungs]
    if not climbed:
        return "–"
    best = max(it.best_rate for it in climbed)
    limited = any(stretch.client_is_the_limit for it in climbed for stretch in [it.rungs[max(it.rungs)]])
    return f"{best}{' (the crowd was the limit)' if limited else ''}"
