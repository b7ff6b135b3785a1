"""The archive: past sessions, found by words, team, theme, people, day and what is still to come; and taken along."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.auth import Answer, signed_in
from app.archive import search, taking
from app.archive.form import ArchiveForm
from app.aside import aside
from app.extensions import limiter
from app.sessions.exports import dates

archive = Blueprint("archive", __name__)


@archive.get("/archive")
@signed_in
def index() -> Answer:
    form = ArchiveForm.of(request.args)
    if any(not value for name, value in request.args.items() if name in form):
        return redirect(url_for("archive.index", **form.asked))  # an address that is worth keeping is short
    page = search.find(g.account, form.wanted(), request.args.get("page", 1, type=int))
    return render_template(
        "archive/archive.html",
        form=form,
        page=page,
        asked=form.asked,
        dates=dates,
        language=str(get_locale()),
        most=taking.MOST,
    )


@archive.post("/archive/<any(records, actions, lessons):what>")
@limiter.limit("60 per hour")
@signed_in
def take(what: str) -> Response | Answer:
    """Take along what is ticked, or all that was found, as one file."""
    form = ArchiveForm.of(request.form)
    if request.form.get("all"):
        ids = search.find_ids(g.account, form.wanted())
    else:
        ids = search.ids_of(g.account, request.form.getlist("session"))
    file = taking.take(what, ids[: taking.MOST])
    if file is None:
        flash(_("Tick the sessions that you want to take along, please; or choose all that were found."), "error")
        return redirect(url_for("archive.index", **form.asked))
    response = make_response(aside(file.layout))
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@archive.get("/sessions/past")
def moved() -> Answer:
    """Where the archive was."""
    asked = request.query_string.decode()
    return redirect(url_for("archive.index") + (f"?{asked}" if asked else ""), 301)
