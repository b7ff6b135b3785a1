"""The tables brought to this version: nothing newer is touched, and a copy is kept before anything changes."""

from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.database import migrate
from app.operations import schema
from app.operations.backup import keep_before_upgrade
from app.operations.failing import Failed, in_words, is_full
from app.operations.unfinished import refuse_unfinished
from app.sessions.commands import archiving


def upgrade(app: Flask, engine: Engine) -> list[str]:
    """Returns what was done, a sentence each; raises Failed. Every start comes by here, and so none gets past a restore
    that was not finished.
    """
    refuse_unfinished(app)
    folder = app.config["ROOT"] / "migrations"
    try:
        with engine.connect() as connection:
            found = schema.revisions_of(connection)
        schema.refuse_newer(found, folder)
        if found == schema.newest(folder):
            return _renewed(engine)
        kept = keep_before_upgrade(engine, found)
        migrate(app, engine)
    except schema.NewerSchema as newer:
        raise Failed(str(newer)) from None
    except DBAPIError as error:
        raise Failed(unreachable(engine, error)) from None
    done = ["The database has the newest tables.", *_renewed(engine)]
    return [f"The database as it was is kept in {kept}.", *done] if kept else done


def _renewed(engine: Engine) -> list[str]:
    """What an older version wrote into the archive is written anew, so that this one finds it."""
    with Session(engine) as rows:
        renewed = archiving.renew(rows)
        rows.commit()
    return [f"The archive was written anew for sessions: {renewed}."] if renewed else []


def unreachable(engine: Engine, error: DBAPIError) -> str:
    """One sentence; the address is told without its password."""
    where = engine.url.render_as_string(hide_password=True)
    remedy = "make room on its disk" if is_full(error.orig) else "check DATABASE_URL"
    return f"The database {where} does not work ({in_words(error.orig)}); {remedy}."
