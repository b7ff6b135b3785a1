"""Fill the database with the demo: `python -m app.demo`; with `--keep` only when it is not there yet."""

import sys
from typing import Any

from sqlalchemy import Engine, event

from app import create_app
from app.config import BadSetting
from app.database import migrate
from app.demo.fill import NotForDemo, check, fill, is_whole
from app.extensions import db


def main(keep: bool) -> None:
    # Nobody else is served meanwhile, so nothing has to yield.
    app = create_app(ASYNC_MODE="threading")
    with app.app_context():
        hurry(db.engine)
        check()  # before anything is changed, the tables too
        db.session.rollback()
        migrate(app, db.engine)
        if not (keep and is_whole()):
            print("Filling the demo: two teams, a year of sessions, and a live one in every phase…", flush=True)
            fill()
        db.session.rollback()
        db.engine.dispose()


def hurry(engine: Engine) -> None:
    """Do not wait for the disk after each of some hundred commits: what a power cut undoes here is filled in again."""
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def on_connect(dbapi_connection: Any, _record: object) -> None:
            dbapi_connection.execute("PRAGMA synchronous = OFF")


if __name__ == "__main__":
    try:
        main(keep="--keep" in sys.argv[1:])
    except (BadSetting, NotForDemo) as error:
        sys.exit(str(error))
