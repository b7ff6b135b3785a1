"""Rooms as the last change in this process left them, so that the next contribution does not read all of it again.

Nothing depends on it. A change raises the version before it looks at anything, and a kept room counts only if that
makes the very next version; whoever else changed the session, in whatever process, raised the version too.
"""

from collections import OrderedDict
from contextlib import suppress

from flask import current_app

from app.sessions.room import Room

MOST = 1000
"""Sessions that are kept: some 50 kB each."""


class Kept:
    """A room is with one change at a time: `take` hands it out, `keep` brings it back."""

    def __init__(self) -> None:
        self._rooms: OrderedDict[int, Room] = OrderedDict()

    def take(self, intervision_id: int) -> Room | None:
        return self._rooms.pop(intervision_id, None)

    def drop(self, intervision_id: int) -> None:
        """Forget a room that was changed elsewhere: words that were erased there must not stay in memory here."""
        if room := self.take(intervision_id):
            room.rows.close()

    def keep(self, room: Room) -> None:
        """Keep it for the next change, unless another change was faster and left a newer one."""
        other = self._rooms.pop(room.it.id, None)
        if other and other.it.version > room.it.version:
            room, other = other, room
        self._rooms[room.it.id] = room
        if other:
            other.rows.close()
        while len(self._rooms) > MOST:
            with suppress(KeyError):
                self._rooms.popitem(last=False)[1].rows.close()


def kept() -> Kept:
    """The rooms that the current app keeps."""
    found: Kept | None = current_app.extensions.get("kept_rooms")
    return found or current_app.extensions.setdefault("kept_rooms", Kept())
