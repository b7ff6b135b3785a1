"""Fill the database with the demo: `python -m app.demo`; with `--keep` only when it is not there yet."""

import sys

from app import create_app
from app.config import BadSetting
from app.database import migrate
from app.demo.fill import NotForDemo, fill, is_whole
from app.extensions import db


def main(keep: bool) -> None:
    # Nobody else is served meanwhile, so nothing has to yield.
    app = create_app(ASYNC_MODE="threading")
    with app.app_context():
        migrate(app, db.engine)
        if not (keep and is_whole()):
            fill()
        db.session.rollback()
        db.engine.dispose()


if __name__ == "__main__":
    try:
        main(keep="--keep" in sys.argv[1:])
    except (BadSetting, NotForDemo) as error:
        sys.exit(str(error))
