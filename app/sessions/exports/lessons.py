"""The lessons of a session that may leave it: without names, and without the case they were learned from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.sessions.exports.actions_csv import table
from app.sessions.exports.dates import day_words
from app.sessions.exports.document import Block, Document, Line, Point, Points
from app.sessions.exports.sheet import clean
from app.sessions.process import Process


@dataclass(frozen=True)
class Lessons:
    """`held_at` is on the clock of the session's time zone."""

    team: str
    language: str
    held_at: datetime
    themes: tuple[str, ...]
    lessons: tuple[str, ...]

    @property
    def title(self) -> str:
        return f"{self.team} {self.held_at.date().isoformat()}"


def lessons(process: Process) -> Lessons:
    return Lessons(
        team=clean(process.team),
        language=process.language,
        held_at=process.held_at,
        themes=tuple(map(clean, process.themes)),
        lessons=tuple(map(clean, process.lessons)),
    )


def together(several: Iterable[Lessons]) -> bytes:
    """The lessons of several sessions as a table for a spreadsheet, in the locale of whoever asks."""
    titles = [_("Lesson"), _("Themes"), _("Team"), _("Day")]
    rows = ([lesson, *_whence(found)] for found in several for lesson in found.lessons)
    return table([titles, *rows])


def _whence(found: Lessons) -> list[str]:
    return ["; ".join(found.themes), found.team, found.held_at.date().isoformat()]


def document(found: Lessons) -> Document:
    """To be called in the locale of the session."""
    return Document(
        kind=_("Lessons"),
        title=found.team,
        full_title=_("Lessons: %(title)s", title=found.team),
        headline=(found.team, day_words(found.held_at.date(), found.language), *found.themes),
        authors=(),
        language=found.language,
        made_at=found.held_at,
        page_of=_("%(page)s of %(pages)s", page="{page}", pages="{pages}"),
        blocks=tuple(_blocks(found)),
    )


def _blocks(found: Lessons) -> Iterable[Block]:
    if found.lessons:
        yield Points(tuple(Point(words=lesson) for lesson in found.lessons))
    else:
        yield Line(_("No lesson may be shared."))
