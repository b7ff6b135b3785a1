"""The same on PostgreSQL, with the tables that the migrations make: seal, trail, erasing, purge."""

from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app import create_app
from app.database import migrate
from app.extensions import db
from app.privacy import erasure, retention
from app.privacy.audit import Line
from app.sessions.commands import erasing
from app.sessions.models import Contribution, Intervision, Seat
from app.times import at
from tests.sessions.cast import START, Cast
from tests.visitor import make_account


def test_erasing_deleting_purging_and_the_trail(postgres_url: str, tmp_path: Path) -> None:
    url = postgres_url.replace("postgresql://", "postgresql+psycopg2://")
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    app.instance_path = str(tmp_path)
    with app.app_context():
        migrate(app, db.engine)
        mia = make_account("Mia")
        cast = Cast(mia).run_up_to("closed")
        assert erasure.erase_seat(cast.seats["Cara"], words=True)
        texts = db.session.scalars(select(Contribution.text).where(Contribution.seat_id == cast.seats["Cara"])).all()
        assert set(texts) == {""}
        assert db.session.get_one(Seat, cast.seats["Cara"]).erased
        db.session.rollback()
        with pytest.raises(DBAPIError, match="never changed"):
            db.session.execute(text("UPDATE audit SET detail = 'else'"))
        db.session.rollback()
        erasing.delete(cast.id)
        with at(START):
            Cast(mia).run_up_to("closed")
        with at(START.replace(year=START.year + 2)):
            assert len(retention.purge().sessions) == 1
        db.session.rollback()
        assert db.session.scalars(select(Intervision)).all() == []
        assert {"plan", "erase", "delete", "purge"} <= set(db.session.scalars(select(Line.act)))
        db.session.rollback()
        db.engine.dispose()
