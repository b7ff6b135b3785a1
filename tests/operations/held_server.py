"""The served app, whose commits wait while the file HOLD exists; `HELD` beside it says that one does."""

import wsgi  # isort: skip - first of all, for it patches what the others import

import os
import time
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.server import serve

HOLD = Path(os.environ["HOLD"])


@event.listens_for(Session, "before_commit")
def wait_with_it(session: Session) -> None:
    while HOLD.exists():
        HOLD.with_suffix(".held").touch()
        time.sleep(0.02)


if __name__ == "__main__":
    serve(wsgi.app)
