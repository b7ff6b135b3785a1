"""What stays of a closed session: the record to read, plan and record to download.

For those who were in the room, and nobody else.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.aside import aside
from app.extensions import db
from app.refusals import refuse
from app.sessions import seats, view
from app.sessions.exports import dates, formats, names
from app.sessions.exports import record as minutes
from app.sessions.exports.rows import Plan, plan
from app.sessions.models import Intervision
from app.sessions.planning import sessions
from app.sessions.room import Room
from app.sessions.sessions_found import by_code
from app.times import now

ROWS: dict[str, Callable[[dict[str, Any]], Plan | minutes.Record]] = {"plan": plan, "record": minutes.record}


@sessions.get("/<code>/record")
def record(code: str) -> str:
    """The whole session to read, the plan first."""
    return record_page(_closed(code))


def record_page(snapshot: dict[str, Any]) -> str:
    """The page of the record, from what its reader may see."""
    found = minutes.record(snapshot)
    return render_template(
        "sessions/record.html",
        record=found,
        plan=found.plan,
        minutes=minutes,
        dates=dates,
        language=str(get_locale()),
        downloads={document: downloads(found.code, document, bool(found.plan.dated)) for document in ROWS},
    )


def downloads(code: str, document: str, dated: bool = True) -> list[dict[str, str]]:
    """Where the "plan" or the "record" is to be had in each format; `dated`: whether an action has a date."""
    return [
        {"name": name, "label": _(each.label), "url": _address(code, document, name)}
        for name, each in formats.of(document).items()
        if dated or name != "ics"
    ]


def _address(code: str, document: str, name: str) -> str:
    return url_for("sessions.download", code=code, document=document, extension=name)


@sessions.get("/<code>/<any(plan, record):document>.<extension>")
def download(code: str, document: str, extension: str) -> Response:
    wanted = formats.of(document).get(extension) or abort(404)
    found = ROWS[document](_closed(code))
    its_plan = found.plan if isinstance(found, minutes.Record) else found
    if extension == "ics" and not its_plan.dated:
        refuse(404, _("No action in this plan has a date, so there is nothing to put into a calendar."))
    with force_locale(str(dates.locale_of(its_plan.language))):
        layout = wanted.write(found)
    response = make_response(aside(layout))
    response.headers["Content-Type"] = wanted.media_type
    response.headers["Content-Disposition"] = names.content_disposition(document, its_plan.title, extension)
    return response


def _closed(code: str) -> dict[str, Any]:
    """What the reader may see of a closed session.

    Ends the request with 404, as if there were none, for whoever was not let in or may not know of it any more. While
    the session is open, those who are in are sent to its room.
    """
    it = by_code(code)
    seat = seats.current_seat(it)
    if seat is None or seat.status != "in":
        abort(404)
    if it.step != "closed":
        abort(redirect(url_for("sessions.room", code=it.code)))
    if not view.is_kept_for(it, seat):
        abort(404)
    moment = now()
    if not view.may_read(it, seat, moment):
        refuse(410, _period_is_over(it))
    return view.snapshot(Room(db.session, it), seat, moment)


def _period_is_over(it: Intervision) -> str:
    assert it.readable_until
    day = dates.day_words(it.readable_until.astimezone(ZoneInfo(it.timezone)).date(), str(get_locale()))
    return _("This record could be read until %(day)s. If you need it again, please ask your moderator.", day=day)
