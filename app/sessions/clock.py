"""The arithmetic of the clock: pure, with `now` as an argument. The server never ticks; it stores an end or what is
left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

SHORTEST_S = 10.0
LONGEST_S = 86_400.0
BACK_AGAIN_S = 60.0
"""What a step gets at least when the group steps back to it."""


@dataclass(frozen=True)
class Clock:
    """A step's clock: running towards `ends_at`, or standing still with `left_s` seconds left; neither in a step
    without time.
    """

    ends_at: datetime | None = None
    left_s: float | None = None

    @property
    def running(self) -> bool:
        return self.ends_at is not None

    def left(self, now: datetime) -> float | None:
        """Seconds left, below zero in overtime; None without a clock."""
        if self.ends_at is not None:
            return (self.ends_at - now).total_seconds()
        return self.left_s

    def paused(self, now: datetime) -> "Clock":
        return Clock(left_s=self.left(now))

    def resumed(self, now: datetime) -> "Clock":
        if self.left_s is None:
            return self
        return running(self.left_s, now)

    def changed(self, seconds: float, now: datetime) -> "Clock":
        """`seconds` more, or fewer (but never fewer than the shortest time, and never more than there is)."""
        left = self.left(now)
        if left is None:
            return self
        new = left + seconds
        if seconds < 0:
            new = min(left, max(SHORTEST_S, new))
        return self.set_to(min(new, LONGEST_S), now)

    def set_to(self, seconds: float, now: datetime) -> "Clock":
        """Exactly `seconds` left, running or standing still as before."""
        return running(seconds, now) if self.running else Clock(left_s=seconds)


def running(seconds: float, now: datetime) -> Clock:
    """A clock that runs and has `seconds` left."""
    return Clock(ends_at=now + timedelta(seconds=seconds))


def on_entering(allotted_s: float, used_s: float | None) -> float:
    """Seconds that a step has when it is entered: all of it, or what an earlier visit left (a little at least)."""
    if used_s is None:
        return allotted_s
    return max(allotted_s - used_s, BACK_AGAIN_S)


def share_out(rest_s: float, wishes: Mapping[str, float], protected: frozenset[str]) -> dict[str, float]:
    """Share `rest_s` seconds over the steps that are left, in proportion to the time they wish for (`wishes`, seconds).

    Protected steps get their wish whatever happens; the others share what remains, at least the shortest time each.
    Where only protected steps are left they share a surplus, and keep their wish in a deficit.
    """
    open_steps = [step for step in wishes if step not in protected]
    guarded = sum(wish for step, wish in wishes.items() if step in protected)
    if not open_steps:
        factor = max(1.0, rest_s / guarded) if guarded else 1.0
        return {step: float(round(wish * factor)) for step, wish in wishes.items()}
    free = rest_s - guarded
    total = sum(wishes[step] for step in open_steps) or 1.0
    return {
        step: wish if step in protected else float(round(max(SHORTEST_S, free * wish / total)))
        for step, wish in wishes.items()
    }
