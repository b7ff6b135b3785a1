"""Whose turn it is to bring a case: an order, for the moderator of a team, and no count of anything."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from app.accounts.models import Account
from app.extensions import db
from app.sessions.access import Level, readable
from app.sessions.models import Archived, Intervision, Seat
from app.sessions.phases import Role
from app.teams.models import Team

LATELY = timedelta(days=365)
"""Whoever was in none of the sessions for so long has left the team, as far as this is concerned."""


@dataclass(frozen=True)
class Turn:
    """Somebody of the team, and the day on which they brought a case last; null: none in the last year."""

    name: str
    brought_on: date | None


def of(account: Account, team: Team, today: date) -> tuple[Turn, ...]:
    """Whoever took part lately: first those who brought no case, by name, then those who waited longest.

    Guests have no account: they are told apart by their names, as a room does.
    """
    query = (
        select(Seat.look, Seat.name, Seat.role, Archived.held_on)
        .join(Intervision, Intervision.id == Seat.intervision_id)
        .join(Archived, Archived.intervision_id == Intervision.id)
        .where(Intervision.team_id == team.id, Archived.held_on > today - LATELY, readable(account, Level.FULL))
        .where(Seat.status == "in", Seat.name != "", Seat.role != Role.MODERATOR)
        .where(Intervision.names)
        # Without a transcript it is not known who was there, beside whoever brought the case.
        .where(or_(Intervision.transcript, Seat.role == Role.OWNER))
        .order_by(Archived.held_on, Intervision.id)
    )
    names: dict[str, str] = {}
    brought: dict[str, date] = {}
    for look, name, role, held_on in db.session.execute(query):
        names[look] = name
        if role == Role.OWNER:
            brought[look] = held_on
    found = [Turn(name, brought.get(look)) for look, name in names.items()]
    return tuple(sorted(found, key=lambda turn: (turn.brought_on or date.min, turn.name.casefold())))
