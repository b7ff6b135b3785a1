"""What a field of a command may hold: its type and its size, never a rule. Nothing is coerced, nothing ignored.

A form library makes every field anew for every packet, which was a twelfth of what a contribution costs.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from app.sessions import words
from app.sessions.phases import N_
from app.sessions.rules import Refused

LONGEST = 4000
ISO_DAY = 10
UNCLEAN = 4
"""So many times the longest may come before it is made clean: letters in pieces, blanks. More would cost time."""


class Shape(Protocol):
    """`missing` stands for what was not sent. `take` gives back what was sent, clean, or raises Refused."""

    @property
    def missing(self) -> Any: ...

    def take(self, value: object) -> Any: ...


@dataclass(frozen=True)
class Text:
    """Words, at most `longest` characters."""

    longest: int = LONGEST
    one_line: bool = False
    missing: str = ""

    def take(self, value: object) -> str:
        if not isinstance(value, str):
            raise invalid()
        if len(value) <= UNCLEAN * self.longest:
            text = words.one_line(value) if self.one_line else words.clean(value)
            if len(text) <= self.longest:
                return text
        raise Refused("too_long", N_("This text is too long. Please shorten it; nothing is lost."))


@dataclass(frozen=True)
class OneOf:
    """One of these words; where nothing may be chosen, "" is among them."""

    values: frozenset[str]
    missing: str = ""

    def take(self, value: object) -> str:
        if not isinstance(value, str) or value not in self.values:
            raise invalid()
        return value


@dataclass(frozen=True)
class Day:
    """A day after ISO 8601, or ""."""

    missing: str = ""

    def take(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > UNCLEAN * ISO_DAY:
            raise invalid()
        day = words.clean(value)
        try:
            if day:
                date.fromisoformat(day)
        except ValueError:
            raise invalid() from None
        return day


@dataclass(frozen=True)
class Yes:
    missing: bool = False

    def take(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise invalid()
        return value


@dataclass(frozen=True)
class Whole:
    """A whole number; it has to be sent."""

    least: int
    most: int
    missing: None = None

    def take(self, value: object) -> int:
        if type(value) is not int or not self.least <= value <= self.most:
            raise invalid()
        return value


@dataclass(frozen=True)
class Several:
    """At most so many of one shape."""

    entry: Shape
    most: int
    missing: tuple[()] = ()

    def take(self, value: object) -> list[Any]:
        if not isinstance(value, list | tuple) or len(value) > self.most:
            raise invalid()
        return [self.entry.take(each) for each in value]


@dataclass(frozen=True)
class Fields:
    """Names with a shape each. What was not sent is complete afterwards; a name that is not here is refused."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    missing: None = None

    def take(self, value: object) -> dict[str, Any]:
        if not isinstance(value, dict) or not value.keys() <= self.shapes.keys():
            raise invalid()
        return {name: shape.take(value.get(name, shape.missing)) for name, shape in self.shapes.items()}


def invalid() -> Refused:
    return Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))
