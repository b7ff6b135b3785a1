"""After a restore numbers are given out a second time: what they opened before opens nothing of somebody else's."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app, deliveries
from app.database import migrate
from app.deliveries import Delivery
from app.extensions import db
from app.operations import backup
from app.operations import restore as restoring
from app.operations.restore import restore
from app.sessions import join_links
from app.sessions.models import Contribution
from app.times import at, now
from tests.operations.test_backup import url  # noqa: F401 — a fixture: SQLite and PostgreSQL
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures
from tests.sessions.cast import Cast
from tests.visitor import Visitor, make_account

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@pytest.fixture
def app(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:  # noqa: F811
    monkeypatch.setenv("INSTANCE_FOLDER", str(tmp_path / "instance"))
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost", RATELIMIT_ENABLED=False)
    with app.app_context():
        migrate(app, db.engine)
        yield app
        db.session.rollback()
        db.engine.dispose()


def back_up(app: Flask, tmp_path: Path) -> Path:
    db.session.rollback()
    return backup.make(db.engine, tmp_path / "backups", Path(app.instance_path))


def put_back(app: Flask, file: Path) -> None:
    db.session.close()
    restore(app, db.engine, file, force=True)


def test_stans_cookie_does_not_open_the_account_that_gets_his_number(app: Flask, tmp_path: Path) -> None:
    make_account("Mia")
    file = back_up(app, tmp_path)
    stan = Visitor(app)
    stan.sign_in(make_account("Stan"))
    assert stan.get("/account").status_code == 200
    put_back(app, file)
    make_account("Fay")
    assert stan.get("/account").status_code == 302


@pytest.mark.parametrize("ahead", [restoring.AHEAD, 0])
def test_the_link_of_a_lost_session_leads_to_no_other_one(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    monkeypatch.setattr(restoring, "AHEAD", ahead)  # the link is another one with the same number, too
    mia = make_account("Mia")
    file = back_up(app, tmp_path)
    token = join_links.token(Cast(mia).room().it)
    put_back(app, file)
    again = Cast(make_account("Fay"))
    assert join_links.find(token) is None
    assert ahead < again.id < ahead + 10


def test_a_message_after_the_restore_has_no_number_that_a_receiver_knows(app: Flask, tmp_path: Path) -> None:
    make_account("Mia")
    file = back_up(app, tmp_path)
    known = put_in()
    put_back(app, file)
    assert put_in() > known + 1000


def put_in() -> int:
    delivery = deliveries.put(db.session, channel="webhook", kind="lessons_shared", team_id=1)
    db.session.flush()
    number = delivery.id
    db.session.delete(db.session.get_one(Delivery, number))
    db.session.commit()
    return number


@ON_SQLITE
def test_a_session_that_left_no_transcript_leaves_none_when_an_older_backup_is_put_back(
    app: Flask, tmp_path: Path
) -> None:
    with at(now() - timedelta(days=3, hours=1)):
        cast = Cast(make_account("Mia"), transcript=False).run_up_to("lessons")
        cast.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=False)
    file = back_up(app, tmp_path)
    with at(now() - timedelta(days=3)):
        cast.go_to("closed")
    closed_at = cast.room().it.closed_at
    put_back(app, file)
    assert cast.step == "closed"
    again = cast.room().it.closed_at
    assert closed_at
    assert again
    assert abs(again - closed_at) < timedelta(minutes=1)
    assert not db.session.scalars(select(Delivery).where(Delivery.due_at < now())).all()  # it was sent three days ago
    left = db.session.scalars(select(Contribution).where(Contribution.intervision_id == cast.id)).all()
    assert {(each.kind, each.text) for each in left} == {
        ("action", "Draw the map"),
        ("lesson", "Count roles, not contacts"),
    }
    assert {seat.name for seat in cast.room().seats} == {"Mia", "Otto"}


@ON_SQLITE
def test_a_record_without_names_has_none_when_an_older_backup_is_put_back(app: Flask, tmp_path: Path) -> None:
    with at(now() - timedelta(days=3, hours=1)):
        cast = Cast(make_account("Mia"), names=False).opened("Cara", "Carl")
        cast.go_to("lessons").does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)
    file = back_up(app, tmp_path)
    with at(now() - timedelta(days=3)):
        cast.go_to("closed")
    put_back(app, file)
    assert cast.step == "closed"
    assert [seat.name for seat in cast.room().seats] == ["Mia", "Issue owner", "Consultant 1", "Consultant 2"]
    assert [(item.text, item.seat_id) for item in cast.room().contributions("lesson")] == [
        ("Count roles, not contacts", None)
    ]


@ON_SQLITE
def test_one_that_was_only_planned_at_the_backup_is_planned_again(app: Flask, tmp_path: Path) -> None:
    cast = Cast(make_account("Mia"), transcript=False)
    cast.come("Stan")
    cast.does("Otto", "statement", issue="Prepared the evening before")
    file = back_up(app, tmp_path)
    cast.go_to("closed")
    put_back(app, file)
    assert cast.step == "planned"
    assert cast.room().contributions() == []
    assert [seat.name for seat in cast.room().seats] == ["Mia", "Otto"]
