"""What is past its time is deleted by the running server itself: nobody has to set anything up, or to think of it."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update

from app import create_app
from app.database import begin_write, migrate
from app.extensions import db
from app.sessions.models import Intervision
from app.times import now
from tests.operations.conftest import Start
from tests.sessions.cast import Cast
from tests.waiting import wait_for


def closed(days_ago: int) -> Cast:
    cast = Cast().go_to("closed")
    grow_old(cast, days_ago)
    return cast


def grow_old(cast: Cast, days: int) -> None:
    begin_write(db.session)  # the server writes too
    db.session.execute(update(Intervision).filter_by(id=cast.id).values(closed_at=now() - timedelta(days=days)))
    db.session.commit()


def kept() -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(select(Intervision.id)))


def test_the_server_deletes_by_itself_soon_after_its_start_and_again_each_day(start: Start, mode: str, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'server.db'}"
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    with app.app_context():
        migrate(app, db.engine)
        old, young, younger = closed(366), closed(364), closed(1)
        running = start("-m", "tests.operations.hasty_server", ASYNC_MODE=mode, DATABASE_URL=url)
        wait_for(lambda: old.id not in kept())
        assert kept() == {young.id, younger.id}
        grow_old(young, 366)
        wait_for(lambda: young.id not in kept())
        assert kept() == {younger.id}
        db.session.rollback()
        db.engine.dispose()
    wait_for(lambda: running.output().count("purged 1 sessions") == 2)  # one each time: nothing went with another
    assert running.end() == 0
