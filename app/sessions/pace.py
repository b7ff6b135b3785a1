"""How much one person may send: buckets that fill up again with time. Pure but for what is left in the buckets.

Kept in this process's memory and lost with it: a limit protects the others from a flood, and nothing depends on it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """At most `burst` at once, and `per_s` each second after that."""

    burst: float
    per_s: float


PACKETS = Limit(burst=120, per_s=20)
"""Of any kind, all devices of a seat together: several times what an honest page sends, a reconnect included."""

SYNCS = Limit(burst=12, per_s=1)
"""The whole state is the dearest answer there is."""

TYPING = Limit(burst=20, per_s=4)
"""Everybody in the room hears of it."""

REFUSALS = Limit(burst=1, per_s=1 / 60)
"""Lines in the trail about one seat that is refused the same act: they stay on the disk for long."""


def contributions(per_minute: int) -> Limit:
    return Limit(burst=per_minute, per_s=per_minute / 60)


class Pace:
    """The buckets of all seats."""

    MOST = 10_000

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: dict[tuple[str, Limit], tuple[float, float]] = {}

    def take(self, who: str, limit: Limit) -> bool:
        """Whether `who` may have one more now; it counts only if so."""
        now = self._clock()
        left, at = self._left.get((who, limit), (limit.burst, now))
        left = min(limit.burst, left + (now - at) * limit.per_s)
        self._left[who, limit] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > self.MOST:
            self._forget_the_full(now)
        return left >= 1

    def _forget_the_full(self, now: float) -> None:
        self._left = {
            key: (left, at) for key, (left, at) in self._left.items() if left + (now - at) * key[1].per_s < key[1].burst
        }
