"""Rows written by plain statements.

The ORM's unit of work costs as much as all the rest of a contribution, so what every contribution writes goes past it.
"""

from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Insert, Table, Update, bindparam, insert, update
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from app.sessions.models import Contribution, Journal, Turn

Row = Contribution | Journal | Turn


def insert_row(rows: Session, row: Row) -> None:
    """Insert a new row as it is: a column that was not set is read from the database when somebody asks for it."""
    written = {name: value for name, value in vars(row).items() if name != "_sa_instance_state"}
    result = rows.connection().execute(_insert(type(row)), written)
    if isinstance(row, Turn) and result.inserted_primary_key:
        set_committed_value(row, "id", result.inserted_primary_key[0])


def adopt_row(rows: Session, row: Row) -> None:
    """From now on the session knows this row, which was inserted above, as if it had read it."""
    make_transient_to_detached(row)
    rows.add(row)


def update_row(rows: Session, row: Turn, **values: Any) -> None:
    """Change columns of a row that the session knows. Raises StaleDataError if it is not there any more."""
    result = rows.connection().execute(_update(type(row), tuple(values)), {"row": row.id, **values})
    if result.rowcount != 1:
        raise StaleDataError(f"{result.rowcount} rows in place of {row!r}")
    for name, value in values.items():
        set_committed_value(row, name, value)


@lru_cache
def _insert(kind: type[Row]) -> Insert:
    return insert(_table(kind))


@lru_cache
def _update(kind: type[Row], names: tuple[str, ...]) -> Update:
    table = _table(kind)
    return update(table).where(table.c.id == bindparam("row")).values({name: bindparam(name) for name in names})


def _table(kind: type[Row]) -> Table:
    return cast(Table, kind.__table__)
