"""Walks that were done before are taken from the shelf: the same people, the same words, the same step.

A walk to the close is some sixty commands, and hundreds of tests begin with one. The first of them in a process is
walked by those commands; its database, which then holds nothing else, is copied for the next.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import func, select

from app.accounts.models import Account
from app.extensions import db
from app.sessions.commands import door
from app.sessions.commands.kept import kept
from app.sessions.models import Intervision, Journal, Seat
from app.times import now

if TYPE_CHECKING:
    from tests.sessions.cast import Cast

FOLDER = Path(mkdtemp(prefix="intervise-walks-"))
SHELF: dict[tuple[Any, ...], Path] = {}


@contextmanager
def walked(cast: "Cast", step: str) -> Iterator[bool]:
    """Whether the walk is done already; what the caller walks instead is put on the shelf."""
    file = _fresh(cast)
    key = (cast.recipe, step, vars(door)["now"] is now)  # with the test's clock or with the real one
    if file and key in SHELF:
        _take(cast, SHELF[key], file)
        yield True
        return
    yield False
    if file:
        db.session.rollback()
        db.engine.dispose()  # the last connection that closes brings everything into the one file
        SHELF[key] = Path(shutil.copy(file, FOLDER / f"{len(SHELF)}.db"))


def _fresh(cast: "Cast") -> Path | None:
    """The SQLite file that holds this session alone, as it was planned; None where there is more to it than that."""
    url = db.engine.url
    if cast.recipe is None or url.get_backend_name() != "sqlite" or not current_app.testing:
        return None
    db.session.rollback()
    alone = all(db.session.scalar(select(func.count()).select_from(each)) == 1 for each in (Intervision, Account))
    untouched = db.session.scalar(select(func.count()).select_from(Journal)) == 1  # the planning of it
    db.session.rollback()
    return Path(url.database or "") if alone and untouched else None


def _take(cast: "Cast", walk: Path, file: Path) -> None:
    """Put the walk in the place of the test's own database, and everybody into the cast."""
    if room := kept().take(cast.id):
        room.rows.close()
    db.session.close()
    db.engine.dispose()
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    shutil.copy(walk, file)
    it = db.session.scalars(select(Intervision)).one()
    cast.id, cast.account = it.id, it.account
    cast.seats = {seat.name: seat.id for seat in db.session.scalars(select(Seat).order_by(Seat.number))}
