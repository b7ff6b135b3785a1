"""What came after a session of the year: what its owner said of the plan, and a facilitator's note to the moderator."""

from collections.abc import Iterator
from datetime import timedelta

from app.accounts.models import Account
from app.demo.script import Act
from app.demo.staging import Staging
from app.demo.year import Past
from app.followup import cadence
from app.sessions.commands import following
from app.times import at, now

LATER = timedelta(hours=5)
"""Of the day on which a check-in fell due, or something was done."""


def follow_up(session: Staging, past: Past, facilitator: Account) -> None:
    """All that was said since, as far as its day has come."""
    closed_at = session.moment
    for after, act in _said(past):
        session.moment = closed_at + after + LATER
        if session.moment < now():
            session.perform(act)
    if past.note:
        with at(closed_at + timedelta(days=1)):
            following.note(session.id, facilitator, past.note)


def _said(past: Past) -> Iterator[tuple[timedelta, Act]]:
    """Each act with its time after the close."""
    owner = past.case.owner
    for number, (state, word) in enumerate(past.states, 1):
        item = {"item": f"action {number}"}
        yield timedelta(days=3 * number), Act(owner, "state", data={"state": state, **item})
        if word:
            yield timedelta(days=3 * number), Act(owner, "word", data={"text": word, **item})
    for number, (first, second, helped) in enumerate(past.answers, 1):
        answers = {"number": number, "first": first, "second": second, "helped": helped}
        yield cadence.AFTER[number], Act(owner, "check_in", data=answers)
