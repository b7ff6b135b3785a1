"""Runs Alembic: on the connection that app/database.py hands over, or from the command line on DATABASE_URL."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection

from app import create_app
from app.database import Base
from app.extensions import db


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",  # SQLite alters a table by making it anew
        render_item=render_time,
    )
    with context.begin_transaction():
        context.run_migrations()


def render_time(kind: str, thing: object, _autogenerate: object) -> str | Literal[False]:
    """A migration keeps its meaning when the app changes, so it names no class of the app."""
    if kind == "type" and type(thing).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    return False


given: Connection | None = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with create_app(ASYNC_MODE="threading").app_context(), db.engine.begin() as own:
        run(own)
