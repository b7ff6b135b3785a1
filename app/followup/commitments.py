"""What a team's next session opens with: the last commitments, as far as their owner lets them be told."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.followup import story
from app.followup.states import Told
from app.followup.story import Action
from app.sessions.models import Intervision
from app.sessions.room import Room
from app.times import now


@dataclass(frozen=True)
class Commitments:
    """`owner` tells how it went. Without their leave `words` are left out of the actions."""

    owner: str
    held_on: date
    actions: tuple[Action, ...]
    words: bool


def before(it: Intervision) -> Commitments | None:
    """Those of the team's last closed session; None if there are none, or they are not to be told."""
    closed = (Intervision.team_id == it.team_id, Intervision.step == "closed", Intervision.id != it.id)
    last = db.session.scalar(select(Intervision).where(*closed).order_by(Intervision.closed_at.desc()).limit(1))
    if last is None:
        return None
    room = Room(db.session, last)
    found = story.of(room, now())
    if room.owner is None or room.owner.erased or found.told == Told.NOTHING or not found.actions:
        return None
    return Commitments(room.owner.name, story.held_on(last), found.actions, found.told == Told.WORDS)
