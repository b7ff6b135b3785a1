"""The page of the room: everything that the browser needs before the socket takes over."""

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import get_locale, gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.catalogue import browser_messages
from app.privacy import audit
from app.sessions import access, phases, seats
from app.sessions.access import Level
from app.sessions.models import Intervision, Seat
from app.sessions.phases import Role
from app.sessions.planning import sessions
from app.sessions.record import downloads
from app.sessions.sessions_found import find_code, themes_of_team
from app.times import now


@sessions.get("/<code>/room")
def room(code: str) -> str | Response:
    """The live room, for whoever has a seat; anybody else is asked for a name first."""
    it = find_code(code)
    seat = seats.current_seat(it) if it else None
    if it is None or seat is None:  # alike, so that nobody finds codes by trying addresses
        return redirect(url_for("sessions.join_by_code", code=code))
    reader, moment = seats.reader(it), now()
    if not access.may_enter(reader, it, moment):
        return redirect(url_for("sessions.record", code=code))
    if it.step == "closed" and access.level(reader, it, moment) == Level.FULL:
        audit.record("record_opened", by_seat=seat.id, intervision_id=it.id)
    return render_template("sessions/room.html", title=it.title, data=room_data(it, seat))


def room_data(it: Intervision, seat: Seat) -> dict[str, Any]:
    """What the page hands to its scripts: addresses, the method in the reader's language, the translations."""
    return {
        "code": it.code,
        "locale": str(get_locale()),
        "messages": browser_messages(str(get_locale())),
        "csrf": generate_csrf(),
        "urls": _urls(it, seat),
        "method": method(),
        "themes": list(themes_of_team(it.team_id)) if seat.role == Role.MODERATOR else None,
    }


def method() -> dict[str, Any]:
    """The tables of `phases` as the browser draws them, translated."""
    return {
        "phases": {str(number): gettext(title) for number, title in phases.PHASES.items()},
        "steps": [_step(step) for step in phases.STEPS],
        "cues": [
            {"trouble": gettext(cue.trouble), "line": gettext(cue.line), "steps": cue.steps} for cue in phases.CUES
        ],
        "agreement": [gettext(sentence) for sentence in phases.AGREEMENT],
        "small_group": phases.SMALL_GROUP,
        "most_actions": phases.MOST_ACTIONS,
        "most_themes": phases.MOST_THEMES,
    }


def _step(step: phases.Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "title": gettext(step.title),
        "phase": step.phase,
        "turn": step.turn,
        "ends_itself": step.ends_itself,
        "protected": step.protected,
        "muted": sorted(step.muted),
        "purpose": {role: gettext(sentence) for role, sentence in step.purpose.items()},
        "next_button": gettext(step.next_button) if step.next_button else "",
        "starters": [gettext(starter) for starter in step.starters],
    }


def _urls(it: Intervision, seat: Seat) -> dict[str, Any]:
    moderates = seat.role == Role.MODERATOR
    return {
        "home": url_for("pages.home"),
        "record": url_for("sessions.record", code=it.code),
        "mine": url_for("privacy.mine", code=it.code),
        "follow_up": url_for("followup.page", code=it.code),
        "commitments": url_for("followup.last_commitments", code=it.code),
        "themes": url_for("sessions.known_themes", code=it.code),
        "plan": downloads(it.code, "plan"),
        "take_along": url_for("sessions.take_along", code=it.code),
        "seat_link": url_for("sessions.seat_link", code=it.code),
        "invitation": url_for("sessions.invitation", code=it.code) if moderates and seat.account_id else None,
    }
