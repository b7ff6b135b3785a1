"""A document as blocks of words: what is said and in which order, before any format gives it a look.

All words are in the language of the session already, so that laying out needs nothing of Flask. What people typed and
what the app says are treated alike: as text, never as markup.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Words = str | tuple[str, ...]
"""A text, or several names in a row, of which each may be written in a direction of its own."""


@dataclass(frozen=True)
class Notice:
    """One sentence that nobody may miss."""

    words: str


@dataclass(frozen=True)
class Line:
    """One sentence of the app's own, said quietly."""

    words: str


@dataclass(frozen=True)
class Heading:
    """`level` 2 or 3; 1 is the document's own."""

    level: int
    words: str


@dataclass(frozen=True)
class Point:
    """Something said: by `name` (or under that label), with a `remark` on it, `marks` on how it was said, and `points`
    that belong to it. All may be empty.
    """

    name: str = ""
    words: Words = ""
    remark: str = ""
    marks: tuple[str, ...] = ()
    points: tuple["Point", ...] = ()


@dataclass(frozen=True)
class Points:
    """`style`: a list with bullets, a list with numbers, or labels with their words."""

    points: tuple[Point, ...]
    style: Literal["bullets", "numbers", "details"] = "bullets"


@dataclass(frozen=True)
class Issue:
    """The issue in a sentence, and the ask."""

    words: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class ActionRow:
    """An action: the three columns that always fit a page, and what else is known of it, with empty words for what is
    not known.
    """

    what: str
    who: str
    by: str
    details: tuple[Point, ...]


@dataclass(frozen=True)
class Actions:
    """The table of actions, at least one; `heads` are the titles of the three columns."""

    heads: tuple[str, str, str]
    rows: tuple[ActionRow, ...]


Block = Notice | Line | Heading | Points | Issue | Actions


@dataclass(frozen=True)
class Document:
    """`full_title` says what it is, too; `made_at` is the session's own time, not that of the download."""

    kind: str
    title: str
    full_title: str
    headline: tuple[str, ...]
    authors: tuple[str, ...]
    language: str
    made_at: datetime
    page_of: str
    blocks: tuple[Block, ...]
