"""What the archive finds a closed session by. Never more than its record still holds: it is written anew with every
change of a closed session, after whatever the change has deleted.
"""

from zoneinfo import ZoneInfo

from app.sessions.folding import fold
from app.sessions.models import Archived, Contribution
from app.sessions.phases import KINDS, POSITION
from app.sessions.room import Room


def archive(room: Room) -> None:
    """Put a closed session into the archive, in place of what was there of it."""
    it = room.it
    words = "\n".join(_words(room))
    held_at = (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone))
    room.rows.merge(
        Archived(intervision_id=it.id, held_on=held_at.date(), words=words, folded=fold(f"{it.title}\n{words}"))
    )


def _words(room: Room) -> list[str]:
    """The issue in a sentence and the lessons, a line each, as far as the group has come to see them."""
    found = room.contributions("statement", "lesson")
    seen = [item for item in found if POSITION[room.reached] >= POSITION[KINDS[item.kind].since]]
    lessons = [item for item in seen if item.kind == "lesson"]
    lines = (" ".join(item.text.split()) for item in [*_issue(room, seen), *lessons])
    return [line for line in lines if line]


def _issue(room: Room, seen: list[Contribution]) -> list[Contribution]:
    """The owner's statement, or else the last, should the role have changed hands: the one that the record shows."""
    statements = [item for item in seen if item.kind == "statement"]
    owners = [item for item in statements if room.owner and item.seat_id == room.owner.id]
    return (owners or statements)[-1:]
