"""The owner's follow-up for a calendar: the actions on their days as they are now, and the check-ins.

An action has the same UID as in the file of the plan, so that a moved day moves the event that is there already.
"""

from collections.abc import Iterator
from datetime import datetime

from flask_babel import gettext as _
from icalendar import Event

from app.addresses import public_url
from app.followup.states import STATES
from app.followup.story import Action, Asked, Story
from app.sessions.exports import actions_ics
from app.sessions.models import Intervision


def render(story: Story, it: Intervision) -> bytes:
    return actions_ics.calendar([*_actions(story, it), *_check_ins(story, it)])


def _actions(story: Story, it: Intervision) -> Iterator[Event]:
    for action in story.actions:
        if action.by:
            stamp = action.moved_at or _closed(it)
            uid = actions_ics.uid_of(action.id)
            event = actions_ics.whole_day(uid, stamp, action.by, action.what, _about(action, it))
            event.add("sequence", action.moves)
            yield event


def _check_ins(story: Story, it: Intervision) -> Iterator[Event]:
    for asked in story.check_ins:
        uid = f"check-in-{it.code}-{asked.number}@intervise"
        yield actions_ics.whole_day(uid, _closed(it), asked.due_on, _("How did it go?"), _questions(asked, it))


def _about(action: Action, it: Intervision) -> str:
    return "\n".join((action.what, _(STATES[action.state]), _page(it)))


def _questions(asked: Asked, it: Intervision) -> str:
    return "\n".join((*(_(question) for question in asked.questions.asked), _page(it)))


def _page(it: Intervision) -> str:
    return public_url("followup.page", code=it.code)


def _closed(it: Intervision) -> datetime:
    assert it.closed_at
    return it.closed_at
