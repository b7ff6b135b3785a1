"""What stays of a closed session: the record to read, the plan to download.

For those who were in the room, and nobody else.
"""

from typing import Any

from flask import abort, make_response, redirect, render_template, url_for
from flask_babel import force_locale, get_locale
from werkzeug.wrappers import Response

from app.aside import aside
from app.extensions import db
from app.sessions import seats, view
from app.sessions.exports import dates, markdown, names, pdf, rows
from app.sessions.exports import record as minutes
from app.sessions.planning import sessions
from app.sessions.room import Room
from app.sessions.sessions_found import by_code
from app.times import now


@sessions.get("/<code>/record")
def record(code: str) -> str:
    """The whole session to read, the plan first."""
    return record_page(_closed(code))


def record_page(snapshot: dict[str, Any]) -> str:
    """The page of the record, from what its reader may see."""
    found = minutes.record(snapshot)
    language = str(get_locale())
    return render_template("sessions/record.html", record=found, plan=found.plan, dates=dates, language=language)


@sessions.get("/<code>/plan.pdf")
def plan_pdf(code: str) -> Response:
    plan = rows.plan(_closed(code))
    with force_locale(str(dates.locale_of(plan.language))):
        page = pdf.page(plan)
    return _download(aside(lambda: pdf.typeset(page)), plan, "pdf", "application/pdf")


@sessions.get("/<code>/plan.md")
def plan_markdown(code: str) -> Response:
    plan = rows.plan(_closed(code))
    with force_locale(str(dates.locale_of(plan.language))):
        text = markdown.render(plan)
    return _download(text.encode(), plan, "md", "text/markdown; charset=utf-8")


def _closed(code: str) -> dict[str, Any]:
    """What the reader may see of a closed session.

    Ends the request with 404, as if there were none, for whoever was not let in. While the session is open, those who
    are in are sent to its room.
    """
    it = by_code(code)
    seat = seats.current_seat(it)
    if seat is None or seat.status != "in":
        abort(404)
    if it.step != "closed":
        abort(redirect(url_for("sessions.room", code=it.code)))
    return view.snapshot(Room(db.session, it), seat, now())


def _download(content: bytes, plan: rows.Plan, extension: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = names.content_disposition(plan.title, extension)
    return response
