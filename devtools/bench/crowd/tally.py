"""What became of every contribution: when it was sent, answered, and on the last screen."""

import re
from typing import Any

NUMBER_LENGTH = 8
ALL = re.compile(rb"#(\d{8})#")


def marked(number: int) -> str:
    """A contribution's text: as long as people write, with its number in it."""
    return f"What if somebody who has been there already called them first, say by Friday? #{number:0{NUMBER_LENGTH}d}#"


def number_in(message: bytes | str) -> int:
    """The number of the contribution that a message holds, or -1."""
    at = message.find(b"#" if isinstance(message, bytes) else "#") + 1  # type: ignore[arg-type]
    return int(message[at : at + NUMBER_LENGTH]) if at else -1


def numbers_in(message: bytes) -> list[int]:
    """All numbers in a message."""
    return [int(found) for found in ALL.findall(message)]


class Tally:
    """Of one stretch of load. Times are seconds of a monotonic clock."""

    def __init__(self, everybody: int) -> None:
        self.everybody = everybody  # a bit for each seat of a room
        self.sent: dict[int, float] = {}
        self.reached: dict[int, int] = {}
        self.acks_s: list[float] = []
        self.fan_outs_s: list[float] = []
        self.lags_s: list[float] = []
        self.acked: list[int] = []
        self.refused: dict[str, int] = {}
        self.doubled = 0
        self.shown_whole: set[tuple[int, int]] = set()

    def send(self, number: int, now: float) -> None:
        self.sent[number] = now
        self.reached[number] = 0

    def answer(self, number: int, code: str, now: float) -> None:
        """`code`: "" for saved, or why not."""
        if code:
            self.refused[code] = self.refused.get(code, 0) + 1
            self.reached.pop(number, None)
        elif number in self.sent:
            self.acks_s.append(now - self.sent[number])
            self.acked.append(number)

    def arrive(self, number: int, seat: int, now: float, *, whole: bool = False) -> None:
        """`seat`: its place in the room. `whole`: with all the rest, where it may have been before and come again."""
        if number not in self.reached:
            return
        reached = self.reached[number]
        if whole:
            self.shown_whole.add((number, seat))
        elif reached >> seat & 1 and (number, seat) not in self.shown_whole:
            self.doubled += 1
        if reached >> seat & 1:
            return
        self.reached[number] = reached = reached | 1 << seat
        if reached == self.everybody:
            self.fan_outs_s.append(now - self.sent[number])

    @property
    def complete(self) -> bool:
        return len(self.fan_outs_s) >= len(self.sent) - sum(self.refused.values()) and len(self.acked) + sum(
            self.refused.values()
        ) >= len(self.sent)

    def report(self) -> dict[str, Any]:
        """As JSON carries it; times in milliseconds."""
        lost = sum((self.everybody & ~reached).bit_count() for reached in self.reached.values())
        return {
            "sent": len(self.sent),
            "acked": self.acked,
            "refused": self.refused,
            "lost": lost,
            "doubled": self.doubled,
            "acks_ms": [round(value * 1000, 2) for value in self.acks_s],
            "fan_outs_ms": [round(value * 1000, 2) for value in self.fan_outs_s],
            "lags_ms": [round(value * 1000, 2) for value in self.lags_s],
        }
