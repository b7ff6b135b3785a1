"""The dated actions for a calendar (RFC 5545).

Each is an event of a whole day, not a to-do: Google Calendar and Outlook leave out the to-dos (VTODO) of a file, and
show every event. A whole day has no time zone: it is the same date for everybody, also where the clocks change that
night. The event does not make its owner busy.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from flask_babel import gettext as _
from icalendar import Calendar, Event

from app.sessions.exports.plan_document import action_heads, detail_labels, details_of
from app.sessions.exports.rows import Action, Plan, shortened

SUMMARY_LENGTH_MAX = 120


def render(plan: Plan) -> bytes:
    """An event for each dated action; a calendar shows it once, however often it is read in, for its UID stays."""
    stamp = plan.closed_at or plan.held_at
    return calendar(
        whole_day(uid_of(action.id), stamp, action.by, action.what, _description(action, plan))
        for action in plan.dated
        if action.by
    )


def calendar(events: Iterable[Event]) -> bytes:
    """These events as a file."""
    made = Calendar()
    made.add("prodid", "-//Intervise//Intervise//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for event in events:
        made.add_component(event)
    return made.to_ical()


def whole_day(uid: str, stamp: datetime, day: date, summary: str, description: str) -> Event:
    """An event of a whole day; the same `uid` with a later `stamp` takes the place of the earlier one."""
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", stamp.astimezone(UTC))
    event.add("dtstart", day)
    event.add("dtend", _day_after(day))
    event.add("summary", shortened(summary, SUMMARY_LENGTH_MAX))
    event.add("description", description)
    event.add("transp", "TRANSPARENT")
    return event


def uid_of(action_id: str) -> str:
    return f"action-{action_id}@intervise"


def _day_after(day: date) -> date:
    """The end of an event is not part of it."""
    return day + timedelta(days=1) if day < date.max else day


def _description(action: Action, plan: Plan) -> str:
    what, who, _by = action_heads()
    pairs = ((what, action.what), (who, action.who), *zip(detail_labels(), details_of(action), strict=True))
    return "\n".join(f"{label}: {words}" for label, words in (*pairs, (_("Session"), plan.title)) if words)
