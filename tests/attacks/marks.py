"""Where the marks stand in the database, once they were typed, and any other text in their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Table, select, update

from app.database import Base
from app.extensions import db
from app.sessions import names, words
from app.sessions.commands import archiving, theming
from app.sessions.models import Intervision
from app.sessions.room import Room
from app.teams.models import Theme
from tests.attacks.corpus import EMAIL, NAME, TEXT

KINDS = 24
"""Characters of the longest name of a kind, an act, a method; no column with words is as short."""
SHORT = 200
"""In the data of a contribution every field takes at least so much."""
NO_WORDS = {
    "accounts.password_hash", "api_plans.asked", "api_tokens.hash", "api_tokens.scopes", "audit.detail",
    "deliveries.error", "feeds.token_hash", "intervisions.join_hash", "intervisions.minutes", "intervisions.step",
    "intervisions.timezone", "journal.command_id", "journal.detail", "journal.step", "links.token_hash",
    "sign_outs.browser", "step_times.step", "turns.step", "webhooks.last_error", "webhooks.salt",
    # What is folded for comparing and searching; nobody reads it.
    "archive.folded", "archive.shared_folded", "seats.look", "themes.folded",
}  # fmt: skip
"""Long enough for words, and nobody types what stands there."""


@dataclass(frozen=True)
class Held:
    """What is kept of a text: in a long field, at the beginning of a short one, and in a name."""

    words: str
    line: str
    name: str

    @classmethod
    def of(cls, text: str) -> "Held":
        line = words.one_line(text)
        return cls(words.clean(text), line[:36].strip(), names.clean_name(line[:36])[:30].strip())


@dataclass(frozen=True)
class Place:
    """Where a mark stands: `value` holds it."""

    table: Table
    row: ColumnElement[bool]
    column: str
    longest: int | None
    value: Any

    def __str__(self) -> str:
        return f"{self.table.name}.{self.column}"


def text_columns() -> set[str]:
    """The columns that have room for words."""
    columns = [column for table in Base.metadata.sorted_tables for column in table.c]
    return {
        str(column)
        for column in columns
        if isinstance(column.type, JSON) or (isinstance(column.type, String) and (column.type.length or SHORT) > KINDS)
    }


def places(*marks: str) -> list[Place]:
    """Where one of the marks stands now."""
    with db.engine.connect() as connection:
        return [
            place
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table)).mappings().all()
            for place in _in_row(table, row, marks)
        ]


def _in_row(table: Table, row: Any, marks: tuple[str, ...]) -> Iterator[Place]:
    for column in table.c:
        if any(mark in text for text in strings(row[column]) for mark in marks):
            this = [key == row[key] for key in table.primary_key]
            longest = column.type.length if isinstance(column.type, String) else SHORT
            yield Place(table, _all(this), column.name, longest, row[column])


def _all(conditions: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    found = conditions[0]
    for each in conditions[1:]:
        found = found & each
    return found


def strings(value: Any) -> Iterator[str]:
    """Every text in what a program sends, or keeps; the names of its fields are its own."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def write(marked: list[Place], held: Held) -> None:
    """Put what is kept of a text where the marks were, as long as it may be there."""
    sessions = Base.metadata.tables["intervisions"]
    with db.engine.begin() as connection:
        sealed = connection.execute(select(sessions.c.id).where(sessions.c.sealed)).scalars().all()
        connection.execute(update(sessions).values(sealed=False))
        for place in marked:
            fresh = _written(place, place.value, held)
            connection.execute(update(place.table).where(place.row).values({place.column: fresh}))
        connection.execute(update(sessions).where(sessions.c.id.in_(sealed)).values(sealed=True))
    for it in db.session.scalars(select(Intervision).where(Intervision.step == "closed")).all():
        archiving.archive(Room(db.session, it))  # it is found by what its record holds now
    for theme in db.session.scalars(select(Theme)):
        theme.folded = theming.folded(theme.name)
    db.session.commit()


def _written(place: Place, value: Any, held: Held) -> Any:
    match value:
        case dict():
            return {name: _written(place, each, held) for name, each in value.items()}
        case list():
            return [_written(place, each, held) for each in value]
        case str():
            return _fitted(place, value, held)
    return value


def _fitted(place: Place, value: str, held: Held) -> str:
    value = value.replace(NAME, held.name)
    if TEXT not in value:
        return value
    text = held.words if place.longest in (None, SHORT) else words.one_line(held.words)
    if place.column in ("call_url", "url"):
        text = "".join(text.split())  # an address has no blanks
    room = len(text) if place.longest is None else place.longest - len(value.replace(TEXT, ""))
    return value.replace(TEXT, text[:room].strip() or "-")


def marked() -> list[Place]:
    """What `write` writes anew. What the archive finds a session by is made of the rest."""
    return [place for place in places(TEXT, NAME) if place.table.name != "archive"]


def filled() -> set[str]:
    """The columns in which a mark stands."""
    return {str(place) for place in places(TEXT, NAME, EMAIL)}
