"""What stays of a closed session: the record to read, plan and record to download.

For those whom `access` gives the record; whoever may know of the process alone gets that, and the shared lessons.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.aside import aside
from app.extensions import db
from app.privacy import audit, readers
from app.refusals import refuse
from app.sessions import access, notes, seats, view
from app.sessions.access import Level, Reader
from app.sessions.exports import dates, formats, names, process_document
from app.sessions.exports import lessons as shared
from app.sessions.exports import record as minutes
from app.sessions.exports.rows import Plan, plan
from app.sessions.models import Intervision
from app.sessions.phases import MOST_THEMES
from app.sessions.planning import sessions
from app.sessions.process import Process, process
from app.sessions.room import Room
from app.sessions.sessions_found import by_code, themes_of_team
from app.sessions.timeline import timeline
from app.times import now


@dataclass(frozen=True)
class Opened:
    """A closed session, before somebody who may read at least something of it."""

    it: Intervision
    reader: Reader
    level: Level

    @property
    def snapshot(self) -> dict[str, Any]:
        return view.snapshot(Room(db.session, self.it), self.reader, now())

    @property
    def held_at(self) -> datetime:
        """When it began, on the clock of its time zone."""
        return (self.it.started_at or self.it.starts_at).astimezone(ZoneInfo(self.it.timezone))

    @property
    def process(self) -> Process:
        return process(Room(db.session, self.it))

    def note(self, act: str, detail: str = "") -> None:
        """Every reading is in the trail, where those who were there see it."""
        audit.record(act, by_seat=self.reader.id, intervision_id=self.it.id, detail=detail)


DOCUMENTS: dict[str, tuple[Level, Callable[[Opened], formats.Found]]] = {
    "plan": (Level.FULL, lambda opened: plan(opened.snapshot)),
    "record": (Level.FULL, lambda opened: minutes.record(opened.snapshot)),
    "lessons": (Level.PROCESS, lambda opened: shared.lessons(opened.process)),
    "process": (Level.PROCESS, lambda opened: process_document.cleaned(opened.process)),
}
"""What can be downloaded, and by whom at least."""


@sessions.get("/<code>/record")
def record(code: str) -> str:
    """The whole session to read, the plan first; or how it went."""
    opened = closed(code)
    if opened.level < Level.FULL:
        return process_page(opened)
    opened.note("record_opened")
    return record_page(opened.snapshot, readers.of(opened.it), opened)


def record_page(
    snapshot: dict[str, Any], readings: Sequence[readers.Opening] = (), opened: Opened | None = None
) -> str:
    """The page of the record, from what its reader may see; `readings` says who has read it."""
    found = minutes.record(snapshot)
    it = opened and opened.it
    gives_themes = bool(snapshot["can"].get("themes"))
    return render_template(
        "sessions/record.html",
        record=found,
        plan=found.plan,
        minutes=minutes,
        dates=dates,
        language=str(get_locale()),
        it=it,
        seat=opened and opened.reader.seat,
        themes=snapshot["session"].get("themes", []),
        gives_themes=gives_themes,
        known_themes=themes_of_team(it.team_id) if it and gives_themes else [],
        most_themes=MOST_THEMES,
        opened=readings,
        goes_on=it and _goes_on(it),
        downloads={name: downloads(found.code, name, bool(found.plan.dated)) for name in ("plan", "record")},
        process=opened and opened.process,
        **(looking_back(opened) if opened else {}),
    )


def _goes_on(it: Intervision) -> date:
    """The day on which it is deleted, on the session's clock."""
    goes_at = (it.closed_at or it.starts_at) + timedelta(days=it.team.retention_days)
    return goes_at.astimezone(ZoneInfo(it.timezone)).date()


def process_page(opened: Opened, *, refused: str = "", typed: str = "") -> str:
    """How the session went, for whoever may know of that at least. `refused`: why the note that was `typed` is not
    taken.
    """
    opened.note("process_opened")
    return render_template(
        "sessions/process.html",
        process=opened.process,
        it=opened.it,
        full=opened.level == Level.FULL,
        dates=dates,
        language=str(get_locale()),
        downloads={name: downloads(opened.it.code, name) for name in ("process", "lessons")},
        refused=refused,
        typed=typed,
        **looking_back(opened),
    )


def looking_back(opened: Opened) -> dict[str, Any]:
    """What those see besides who look back on how the session was led: the timeline, and notes on it."""
    if not access.reviews(opened.reader, opened.it):
        return {"timeline": None, "notes": None, "advises": False}
    return {
        "timeline": timeline(Room(db.session, opened.it)),
        "notes": notes.of(opened.it, opened.reader),
        "advises": access.advises(opened.reader, opened.it, now()),
        "command": str(uuid.uuid4()),
    }


def downloads(code: str, document: str, dated: bool = True) -> list[dict[str, str]]:
    """Where the "plan", the "record" or the "lessons" are to be had in each format; `dated`: an action has a date."""
    return [
        {"name": name, "label": _(each.label), "url": _address(code, document, name)}
        for name, each in formats.of(document).items()
        if dated or name != "ics"
    ]


def _address(code: str, document: str, name: str) -> str:
    return url_for("sessions.download", code=code, document=document, extension=name)


@sessions.get("/<code>/<any(plan, record, lessons, process):document>.<extension>")
def download(code: str, document: str, extension: str) -> Response:
    wanted = formats.of(document).get(extension) or abort(404)
    least, rows = DOCUMENTS[document]
    opened = closed(code, least)
    with force_locale(str(dates.locale_of(opened.it.language))):
        found = rows(opened)
        layout = wanted.write(found)
    if extension == "ics" and isinstance(found, Plan) and not found.dated:
        refuse(404, _("No action in this plan has a date, so there is nothing to put into a calendar."))
    opened.note("downloaded", f"{document}.{extension}")
    response = make_response(aside(layout))
    response.headers["Content-Type"] = wanted.media_type
    response.headers["Content-Disposition"] = names.content_disposition(document, found.title, extension)
    return response


def closed(code: str, least: Level = Level.PROCESS) -> Opened:
    """A closed session, before whoever asks for this page.

    Ends the request with 404, as if there were none, for whoever may not read so much of it or does not know of it.
    While the session is open, those who are in are sent to its room.
    """
    it = by_code(code)
    reader = seats.reader(it)
    if it.step != "closed":
        abort(redirect(url_for("sessions.room", code=it.code)) if reader.is_in else 404)
    level = access.level(reader, it, now())
    if level < least:
        if it.closed_at and access.level(reader, it, it.closed_at) >= least:
            refuse(410, _period_is_over(it))
        abort(404)
    return Opened(it, reader, level)


def _period_is_over(it: Intervision) -> str:
    assert it.readable_until
    day = dates.day_words(it.readable_until.astimezone(ZoneInfo(it.timezone)).date(), str(get_locale()))
    return _("This record could be read until %(day)s. If you need it again, please ask your moderator.", day=day)
