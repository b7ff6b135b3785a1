"""Giving themes on the page of the record, for the moderators; in the room there is the same by socket."""

import uuid

from flask import Response, abort, flash, jsonify, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.auth import Answer
from app.sessions import forms, seats
from app.sessions.commands import perform
from app.sessions.phases import MOST_THEMES, Role
from app.sessions.planning import sessions
from app.sessions.sessions_found import by_code, themes_of_team


@sessions.get("/<code>/themes")
def known_themes(code: str) -> Response:
    """The team's themes, for whoever came to moderate after their page of the room was made."""
    it = by_code(code)
    reader = seats.reader(it)
    if reader.role != Role.MODERATOR:
        abort(404)
    return jsonify(list(themes_of_team(it.team_id)))


@sessions.post("/<code>/themes")
def themes(code: str) -> Answer:
    """What is ticked, and what is typed beside it, separated by commas."""
    it = by_code(code)
    seat = seats.current_seat(it) or abort(404)
    typed = [name.strip() for name in request.form.get("more", "").split(",")]
    wanted = [name for name in [*request.form.getlist("theme"), *typed] if name]
    if len(wanted) > MOST_THEMES:
        flash(_("At most %(most)s themes, please; nothing has changed.", most=MOST_THEMES), "error")
    else:
        perform(it.id, seat.id, "themes", forms.check("themes", {"themes": wanted}), command_id=str(uuid.uuid4()))
        flash(_("The themes are saved."))
    return redirect(url_for("sessions.record", code=it.code))
