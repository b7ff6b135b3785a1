"""What a run is judged by: figures, and what each may be at most, or must be at least."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf

from devtools.chaos.evidence import Fault
from devtools.chaos.timing import Timings, share


@dataclass(frozen=True)
class Bound:
    """A figure, what it may be at most and what it must be at least; what is not `judged` is only told."""

    name: str
    value: float
    at_most: float = inf
    unit: str = "s"
    judged: bool = True
    at_least: float = -inf

    @property
    def kept(self) -> bool:
        return self.at_least <= self.value <= self.at_most or not self.judged

    def __str__(self) -> str:
        shown = f"{self.value:.0f}" if self.value >= 10 or self.unit != "s" else f"{self.value:.2g}"
        limits = [f"≥ {self.at_least:g}"] * (self.at_least > -inf) + [f"≤ {self.at_most:g}"] * (self.at_most < inf)
        return f"{self.name} {shown} {self.unit} ({', '.join(limits)}{'' if self.judged else ', not judged'})"


Figures = dict[str, float]
"""What was measured while it lasted, by name."""

Bounds = Callable[[Timings, Sequence[Figures]], list[Bound]]
"""From the times of all journals, and from the figures of each group."""


def answers(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    return [
        Bound("ack p95", 1000 * share(timings.answers, 0.95), 150, "ms"),
        Bound("ack p99", 1000 * share(timings.answers, 0.99), 500, "ms"),
        Bound("fan-out p95", 1000 * share(timings.news, 0.95), 300, "ms"),
        Bound("not saved yet", timings.held_back, 0, "times"),
        *stale(timings, figures),
    ]


def day(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    """The same, and memory: from the middle on, when everything has been used more than once."""
    memory = [each["memory_mb"] for each in figures[len(figures) // 2 :]]
    return [*answers(timings, figures), Bound("memory grew by", 100 * (memory[-1] / memory[0] - 1), 10, "%")]


def live(name: str = "live again") -> Bounds:
    """The worst way back after each kind of fault."""

    def bounds(timings: Timings, _figures: Sequence[Figures]) -> list[Bound]:
        worst: dict[str, tuple[float, Fault]] = {}
        for took_s, fault in timings.back:
            if took_s >= worst.get(fault.what, (0.0, fault))[0]:
                worst[fault.what] = (took_s, fault)
        named = len(worst) > 1
        return [
            Bound(f"{name} after {what}" if named else name, took_s, fault.back_within_s or 0)
            for what, (took_s, fault) in worst.items()
        ]

    return bounds


def killed(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    """The way back, and whether enough kills came in the moment of a change of phase, as the journals tell it."""
    owed, hits = _worst(figures, "owed_at_a_change"), len(timings.at_a_change)
    return [*live()(timings, figures), Bound("kills at a change", hits, unit="times", at_least=owed)]


def gap(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    return [*live("gap")(timings, figures), Bound("ended within", _worst(figures, "stop_s"), 12)]


def stale(timings: Timings, _figures: Sequence[Figures]) -> list[Bound]:
    return [Bound("stale", max(timings.stale, default=0), 7)]


def crossed(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    return [*stale(timings, figures), Bound("told across again", _worst(figures, "across_s"), 10)]


def seen(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    """How late the last one knew of anything; and whether all did write within the time that is said of them."""
    return [
        Bound("seen by all", max(timings.news, default=0), 2),
        Bound("all written within", _worst(figures, "written_s"), 2),
    ]


def nothing(_timings: Timings, _figures: Sequence[Figures]) -> list[Bound]:
    return []


def unharmed(timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    """Others wait at most half as long again as before, and never longer than they may."""
    before_ms = 1000 * share(timings.calm, 0.95)
    return [
        Bound("ack p95 before", before_ms, 150, "ms"),
        Bound("ack p95", 1000 * share(timings.harmed, 0.95), min(150, 1.5 * before_ms), "ms"),
        Bound("memory grew by", _worst(figures, "grown_mb"), 60, "MB"),
    ]


def screens(_timings: Timings, figures: Sequence[Figures]) -> list[Bound]:
    return [
        Bound("back", _worst(figures, "screen_back_s"), 10),
        Bound("all there after a reload", _worst(figures, "reload_s"), 2),
    ]


def _worst(figures: Sequence[Figures], name: str) -> float:
    return max((each.get(name, 0.0) for each in figures), default=0.0)
