"""Quarters of a year. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

MONTHS = 3


@dataclass(frozen=True, order=True)
class Quarter:
    """`number` is 1 to 4."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def named(cls, name: str, today: date) -> Self | None:
        """The quarter of a name such as "2026-Q3"; None for what is none, or has not begun."""
        found = re.fullmatch(r"([12][0-9]{3})-Q([1-4])", name, re.ASCII)
        quarter = cls(int(found[1]), int(found[2])) if found else None
        return quarter if quarter and quarter <= cls.of(today) else None

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.number}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def last(self) -> date:
        return self.after(1).first - timedelta(days=1)

    def after(self, count: int) -> Self:
        """The quarter that comes `count` later; earlier, when it is negative."""
        whole = self.year * 4 + self.number - 1 + count
        return type(self)(whole // 4, whole % 4 + 1)
