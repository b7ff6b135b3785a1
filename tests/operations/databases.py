"""Databases at a revision, with rows in them, and all that is in a database."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Date, DateTime, Engine, Integer, MetaData, text

from tests.conftest import ROOT

ROWS = Path(__file__).parent / "revisions"
"""<revision>.json: rows of every table as an app of that revision wrote them, {table: [{column: value}]}."""

Rows = dict[str, list[dict[str, Any]]]


def history() -> list[str]:
    """Every revision, the oldest first."""
    return [each.revision for each in ScriptDirectory.from_config(_config()).walk_revisions()][::-1]


def upgrade(engine: Engine, revision: str) -> None:
    config = _config()
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def fill(engine: Engine, revision: str) -> None:
    """Bring an empty database to `revision`, with the rows of the newest release that is not after it."""
    upto = history()[: history().index(revision) + 1]
    filled_at = [each for each in upto if (ROWS / f"{each}.json").exists()][-1]
    upgrade(engine, filled_at)
    insert(engine, json.loads((ROWS / f"{filled_at}.json").read_text(encoding="utf-8")))
    upgrade(engine, revision)


def insert(engine: Engine, rows: Rows) -> None:
    tables = reflect(engine)
    sealed: list[int] = []
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            for row in rows.get(table.name, []):
                values = {name: _typed(table.c[name].type, value, engine) for name, value in row.items()}
                if values.get("sealed"):  # the database itself would take no more rows of this session
                    sealed.append(values["id"])
                    values["sealed"] = False
                connection.execute(table.insert().values(values))
            if engine.dialect.name == "postgresql" and "id" in table.c and isinstance(table.c.id.type, Integer):
                set_sequence = f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
                connection.execute(text(set_sequence))
        for id_ in sealed:
            sessions = tables.tables["intervisions"]
            connection.execute(sessions.update().where(sessions.c.id == id_).values(sealed=True))


def read(engine: Engine) -> Rows:
    """Every row of every table, in an order that depends on nothing but the rows."""
    tables = reflect(engine)
    with engine.connect() as connection:
        return {table.name: sorted(_rows(connection, table), key=repr) for table in tables.sorted_tables}


def columns(rows: list[dict[str, Any]], names: set[str]) -> list[str]:
    """These columns of the rows, to be compared, whatever the order of either."""
    return sorted(repr([row[name] for name in sorted(names)]) for row in rows)


def _rows(connection: Connection, table: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in connection.execute(table.select()).mappings()]


def reflect(engine: Engine) -> MetaData:
    tables = MetaData()
    tables.reflect(engine)
    return tables


def _typed(kind: Any, value: Any, engine: Engine) -> Any:
    """A value from JSON as the column takes it."""
    if value is None or not isinstance(kind, (DateTime, Date)):
        return value
    if isinstance(kind, DateTime):
        moment = datetime.fromisoformat(value).astimezone(UTC)
        return moment.replace(tzinfo=None) if engine.dialect.name == "sqlite" else moment
    return date.fromisoformat(value)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
