"""The dated actions for a calendar (RFC 5545).

Each is an event of a whole day, not a to-do: Google Calendar and Outlook leave out the to-dos (VTODO) of a file, and
show every event. A whole day has no time zone: it is the same date for everybody, also where the clocks change that
night. The event does not make its owner busy.
"""

from datetime import UTC, date, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event

from app.sessions.exports.plan_document import action_heads, detail_labels, details_of
from app.sessions.exports.rows import Action, Plan, shortened

SUMMARY_LENGTH_MAX = 120


def render(plan: Plan) -> bytes:
    """An event for each dated action; a calendar shows it once, however often it is read in, for its UID stays."""
    calendar = Calendar()
    calendar.add("prodid", "-//Intervise//Intervise//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for action in plan.dated:
        assert action.by
        calendar.add_component(_event(action, action.by, plan))
    return calendar.to_ical()


def _event(action: Action, by: date, plan: Plan) -> Event:
    event = Event()
    event.add("uid", f"action-{action.id}@intervise")
    event.add("dtstamp", (plan.closed_at or plan.held_at).astimezone(UTC))
    event.add("dtstart", by)
    event.add("dtend", _day_after(by))
    event.add("summary", shortened(action.what, SUMMARY_LENGTH_MAX))
    event.add("description", _description(action, plan))
    event.add("transp", "TRANSPARENT")
    return event


def _day_after(day: date) -> date:
    """The end of an event is not part of it."""
    return day + timedelta(days=1) if day < date.max else day


def _description(action: Action, plan: Plan) -> str:
    what, who, _by = action_heads()
    pairs = ((what, action.what), (who, action.who), *zip(detail_labels(), details_of(action), strict=True))
    return "\n".join(f"{label}: {words}" for label, words in (*pairs, (_("Session"), plan.title)) if words)
