"""Several sessions taken along at once: the same files that each of them gives by itself, never more than its level."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import cast

from flask_babel import force_locale

from app.extensions import db
from app.sessions import access, seats
from app.sessions.access import Level
from app.sessions.exports import actions_csv, dates, formats, lessons, names
from app.sessions.exports.formats import Found, Layout
from app.sessions.exports.lessons import Lessons
from app.sessions.exports.rows import Plan
from app.sessions.models import Intervision
from app.sessions.record import DOCUMENTS, Opened
from app.times import now

MOST = 100
"""Sessions in one file: some seconds of work."""

FILES = {Level.FULL: ("record", ("pdf", "md", "json")), Level.PROCESS: ("process", ("pdf", "md", "json"))}
"""What a session gives into the ZIP, by what its reader may read: the record, which holds the plan; or how it went."""


@dataclass(frozen=True)
class File:
    """`layout` is the work that is left to be done, without anything of Flask."""

    name: str
    media_type: str
    layout: Layout


def take(what: str, ids: Sequence[int]) -> File | None:
    """The "records", the "actions" or the "lessons" of these sessions, as far as whoever is signed in may read them;
    None if they may read of none. Every session that something is taken from has it in its trail.
    """
    opened = _opened(ids)
    return TAKERS[what](opened) if opened else None


def _opened(ids: Sequence[int]) -> list[Opened]:
    """Those that may be read at all, in this order."""
    found = []
    for id_ in ids:
        it = db.session.get(Intervision, id_)
        if it is None or it.step != "closed":
            continue
        reader = seats.reader(it)
        level = access.level(reader, it, now())
        if level >= Level.PROCESS:
            found.append(Opened(it, reader, level))
    return found


def _records(opened: Sequence[Opened]) -> File:
    files = [file for each in opened for file in _of(each)]
    for each in opened:
        each.note("downloaded", f"{FILES[each.level][0]}.zip")
    return File("sessions.zip", "application/zip", lambda: _packed(files))


def _of(opened: Opened) -> Iterator[tuple[str, datetime, Layout]]:
    """Path, time and contents of the files of one session."""
    document, extensions = FILES[opened.level]
    with force_locale(str(dates.locale_of(opened.it.language))):
        found = _rows(opened, document)
        for extension in extensions:
            name = names.filename(document, found.title, extension)
            yield (
                f"{opened.held_at.date()}-{opened.it.code}/{name}",
                opened.held_at,
                formats.FORMATS[extension].write(found),
            )


def _packed(files: Sequence[tuple[str, datetime, Layout]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, moment, layout in files:
            packed.writestr(zipfile.ZipInfo(path, moment.timetuple()[:6]), layout(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _actions(opened: Sequence[Opened]) -> File:
    """Of the sessions whose record may be read; of the others no action is known."""
    full = [each for each in opened if each.level == Level.FULL]
    table = actions_csv.together(cast(Plan, _rows(each, "plan")) for each in full)
    return _table("actions.csv", table, full)


def _lessons(opened: Sequence[Opened]) -> File:
    """Those that may be shared, without names."""
    table = lessons.together(cast(Lessons, _rows(each, "lessons")) for each in opened)
    return _table("lessons.csv", table, opened)


def _table(name: str, table: bytes, opened: Sequence[Opened]) -> File:
    for each in opened:
        each.note("downloaded", name)
    return File(name, formats.FORMATS["csv"].media_type, lambda: table)


def _rows(opened: Opened, document: str) -> Found:
    least, rows = DOCUMENTS[document]
    assert opened.level >= least
    return rows(opened)


TAKERS: dict[str, Callable[[Sequence[Opened]], File]] = {"records": _records, "actions": _actions, "lessons": _lessons}
