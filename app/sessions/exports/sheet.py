"""A snapshot opened for reading on paper: its items by kind, in order, with names for seats and every text cleaned."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.sessions import words
from app.sessions.phases import KINDS, Role

Item = dict[str, Any]

# Marks that turn the direction of whatever follows: in a document they would turn other people's words too.
_TURNS_TEXT = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Sheet:
    """What `view.snapshot` gave, as docs/protocol.md describes it: no more than the person it was made for may see."""

    def __init__(self, snapshot: dict[str, Any]) -> None:
        self.session: dict[str, Any] = snapshot["session"]
        self.people: dict[str, dict[str, Any]] = snapshot["people"]
        items = [item for item in snapshot["items"].values() if self._was_shown(item)]
        self._items: list[Item] = sorted(items, key=lambda item: (item["place"], item["id"]))

    def _was_shown(self, item: Item) -> bool:
        """Not what was still kept back when the session was stopped: a prepared statement, ideas before the reveal."""
        since = KINDS[item["kind"]].since
        entered = {time["name"] for time in self.session["steps"] if time["used_s"] is not None}
        return since == "lobby" or since in entered

    def all(self, kind: str, parent: str | None = None) -> Iterator[Item]:
        """The items of a kind, or only those that hang on `parent`, in their order."""
        return (item for item in self._items if item["kind"] == kind and parent in (None, item["parent"]))

    def one(self, kind: str, parent: str | None = None) -> Item | None:
        """The owner's, where several people have one (the role may have changed hands), or else the last."""
        found = list(self.all(kind, parent))
        return next(reversed([item for item in found if item.get("seat") == self.owner] or found), None)

    @property
    def owner(self) -> str | None:
        """The seat of the issue owner."""
        return next((id_ for id_, person in self.people.items() if _is_here(person, Role.OWNER)), None)

    def item(self, id_: str | None) -> Item | None:
        return next((item for item in self._items if item["id"] == id_), None)

    def name(self, item: Item | None) -> str:
        """Its author's name; "" where the author is not to be known."""
        return self.name_of((item or {}).get("seat"))

    def name_of(self, seat: str | None) -> str:
        return clean(self.people.get(seat or "", {}).get("name"))

    def names(self, role: Role) -> tuple[str, ...]:
        """Who was in the room in this role, first come first."""
        present = [person for person in self.people.values() if _is_here(person, role)]
        return tuple(clean(person["name"]) for person in sorted(present, key=lambda person: person["number"]))

    def moment(self, field: str) -> datetime | None:
        """An instant of the session, on the clock of the place where it was planned."""
        millis = self.session[field]
        return None if millis is None else datetime.fromtimestamp(millis / 1000, ZoneInfo(self.session["timezone"]))


def _is_here(person: dict[str, Any], role: Role) -> bool:
    return person["status"] == "in" and person["role"] == role


def text(item: Item | None) -> str:
    return clean((item or {}).get("text"))


def field(item: Item | None, name: str) -> str:
    """A text among the item's own fields; "" where there is none."""
    return clean(((item or {}).get("data") or {}).get(name))


def day(item: Item, name: str) -> date | None:
    found = field(item, name)
    return date.fromisoformat(found) if found else None


def clean(value: object) -> str:
    """`value` if it is a text: all line breaks as LF, without what turns other text round or cannot be printed."""
    lines = words.clean(value).splitlines() if isinstance(value, str) else []
    return _TURNS_TEXT.sub("", "\n".join(line.rstrip() for line in lines))
