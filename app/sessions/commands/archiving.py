"""What the archive finds a closed session by. Never more than its record still holds: it is written anew with every
change of a closed session, after whatever the change has deleted.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sessions.folding import fold
from app.sessions.models import Archived, Contribution, Intervision
from app.sessions.phases import ALL, KINDS, POSITION, Role
from app.sessions.room import Room

EDITION = 2
"""Rises when another text belongs into a row; rows of an older edition are written anew when the server starts."""

NO_WORDS = frozenset({"how", "verdict", "sort", "influence", "stage", "by"})
"""What of a contribution's data is a choice or a day."""


def archive(room: Room) -> None:
    """Put a closed session into the archive, in place of what was there of it."""
    it = room.it
    words, shared = _lines(_words(room)), _lines(_shared(room))
    held_at = (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone))
    room.rows.merge(
        Archived(
            intervision_id=it.id,
            held_on=held_at.date(),
            words=words,
            folded=fold(f"{it.title}\n{words}"),
            shared=shared,
            shared_folded=fold(shared),
            edition=EDITION,
        )
    )


def renew(rows: Session) -> int:
    """Write rows of an older edition anew; returns how many there were. The caller commits."""
    old = select(Intervision).join(Archived).where(Archived.edition < EDITION)
    found = rows.scalars(old).all()
    for it in found:
        archive(Room(rows, it))
    return len(found)


def _words(room: Room) -> Iterator[str]:
    """All that somebody reads in the record: themes, team and names, and what was said."""
    seen = [item for item in room.contributions(private_to=()) if _is_shown(room, item)]
    yield from room.themes
    yield room.it.team.name
    yield ", ".join(seat.name for seat in room.present if room.it.tells_who or seat.role in _known(room))
    for item in _one_statement(room, seen):
        yield item.text
        yield from _texts(item.data)


def _known(room: Room) -> tuple[Role, ...]:
    """Who is known to have been there, where not everybody is."""
    return (Role.MODERATOR,) if room.it.transcript else (Role.MODERATOR, Role.OWNER)


def _shared(room: Room) -> Iterator[str]:
    """What those find who may know of the process alone."""
    yield from room.themes
    for item in room.contributions("lesson"):
        if _is_shown(room, item) and item.data.get("share"):
            yield item.text
            yield item.data.get("situation", "")


def _is_shown(room: Room, item: Contribution) -> bool:
    """Whether it was for everybody, and the group has come to see it."""
    kind = KINDS[item.kind]
    return kind.seen_by == ALL and POSITION[room.reached] >= POSITION[kind.since]


def _one_statement(room: Room, seen: list[Contribution]) -> list[Contribution]:
    """Of several statements the owner's, or else the last, should the role have changed hands: the record shows it."""
    statements = [item for item in seen if item.kind == "statement"]
    owners = [item for item in statements if room.owner and item.seat_id == room.owner.id]
    hidden = statements[:-1] if not owners else [item for item in statements if item is not owners[-1]]
    return [item for item in seen if item not in hidden]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in NO_WORDS:
                yield from _texts(each)


def _lines(texts: Iterable[str]) -> str:
    lines = (" ".join(text.split()) for text in texts)
    return "\n".join(line for line in lines if line)
