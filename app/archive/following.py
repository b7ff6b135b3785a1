"""Which past sessions still have something before them: conditions on rows of Intervision."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from app.followup import due
from app.followup.models import CheckIn, FollowUp, Kind
from app.followup.states import State
from app.sessions.models import Contribution, Intervision

BEHIND = (State.DONE, State.CHANGED_MY_MIND)
"""States of an action of which nothing more is to come."""


def has_open_actions() -> ColumnElement[bool]:
    """An action of the plan, or a step that the owner added, whose newest state is not one of BEHIND. Of erased words
    nothing is to come.
    """
    actions = select(Contribution.id).where(
        Contribution.intervision_id == Intervision.id,
        Contribution.kind == "action",
        Contribution.erased.is_(False),
        ~_is_behind(Contribution.id),
    )
    steps = select(FollowUp.id).where(
        FollowUp.intervision_id == Intervision.id,
        FollowUp.kind == Kind.STEP,
        FollowUp.text != "",
        ~_is_behind(FollowUp.id),
    )
    return or_(exists(actions.correlate(Intervision)), exists(steps.correlate(Intervision)))


def is_due(now: datetime) -> ColumnElement[bool]:
    """A check-in that is asked now and waits for its answer."""
    waiting = select(CheckIn.number).where(CheckIn.intervision_id == Intervision.id, due.waits(now))
    return exists(waiting.correlate(Intervision))


def _is_behind(item_id: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    state, newer = aliased(FollowUp), aliased(FollowUp)
    of_item = (state.intervision_id == Intervision.id, state.kind == Kind.STATE, state.item_id == item_id)
    later = select(newer.id).where(
        newer.intervision_id == state.intervision_id,
        newer.kind == Kind.STATE,
        newer.item_id == state.item_id,
        newer.version > state.version,
    )
    return exists(select(state.id).where(*of_item, state.data["state"].as_string().in_(BEHIND), ~exists(later)))
