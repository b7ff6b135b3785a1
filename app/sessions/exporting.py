"""Exporting the actions, on the owner's own page after the close."""

import uuid

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.auth import Answer
from app.sessions import forms, seats
from app.sessions.commands import perform
from app.sessions.planning import sessions
from app.sessions.sessions_found import by_code


@sessions.post("/<code>/export-actions")
def export_actions(code: str) -> Answer:
    """`on`: "yes" to let the company's tools read the actions, anything else to end it."""
    it = by_code(code)
    seat = seats.current_seat(it) or abort(404)
    on = request.form.get("on") == "yes"
    perform(it.id, seat.id, "export_actions", forms.check("export_actions", {"on": on}), command_id=str(uuid.uuid4()))
    if on:
        flash(_("The company’s tools can read your actions from now on."))
    else:
        flash(_("From now on no tool can read your actions. What one has copied already, it may still have."))
    return redirect(url_for("followup.page", code=it.code) + "#export")
