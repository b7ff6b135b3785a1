"""What a token may do: each scope with the sentence that whoever makes a token reads. Pure."""

from collections.abc import Mapping

from app.sessions.phases import N_

SCOPES: Mapping[str, str] = {
    "sessions:read": N_("Find your sessions, and see how they went"),
    "sessions:write": N_("Plan sessions in your name"),
    "records:read": N_("Read the records that you can read"),
    "actions:read": N_("Read the actions that issue owners exported"),
    "lessons:read": N_("Read the lessons that were shared with your teams"),
    "followups:read": N_("See which check-ins are due in the sessions that you led"),
    "figures:read": N_("Read the dashboard’s figures"),
}
