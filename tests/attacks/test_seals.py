"""A closed session is sealed in the database itself, on both: by the migrations exactly as by the models."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError

from app.database import Base, migrate
from app.extensions import db
from tests.sessions.cast import Cast

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal "
    "UNION SELECT proname, prosrc FROM pg_proc "
    "WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype",
}


def triggers(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        found = connection.execute(text(TRIGGERS[engine.dialect.name])).all()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in found}


def test_the_migrations_put_the_same_seals_on_as_the_models(app: Flask, tmp_path: Path) -> None:
    migrated = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate(app, migrated)
    assert triggers(migrated) == triggers(db.engine)
    assert len([name for name in triggers(migrated) if "sealed" in name]) == 11
    migrated.dispose()


def test_on_postgresql_too(app: Flask, postgres_url: str) -> None:
    address = postgres_url.replace("postgresql://", "postgresql+psycopg2://")
    engine = create_engine(address)
    migrate(app, engine)
    migrated = triggers(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    Base.metadata.create_all(engine)
    assert migrated == triggers(engine)
    assert len([name for name in migrated if "sealed" in name]) == 6
    engine.dispose()


FORGED = {
    "a new contribution": "INSERT INTO contributions (id, intervision_id, kind, place, text, data, aloud) "
    "VALUES ('forged', :it, 'idea', 1, 'forged', '{}', FALSE)",
    "another text": "UPDATE contributions SET text = 'forged' WHERE intervision_id = :it",
    "other fields": "UPDATE contributions SET data = '{}' WHERE intervision_id = :it",
    "another author": "UPDATE contributions SET seat_id = NULL WHERE intervision_id = :it",
    "another kind": "UPDATE contributions SET kind = 'note' WHERE intervision_id = :it",
    "contributions into another session": "UPDATE contributions SET intervision_id = :other WHERE intervision_id = :it",
    "contributions gone": "DELETE FROM contributions WHERE intervision_id = :it",
    "a new turn": "INSERT INTO turns (intervision_id, step, seat_id, began_s) VALUES (:it, 'questions', :seat, 1)",
    "another turn": "UPDATE turns SET ended = 'skipped' WHERE intervision_id = :it",
    "turns gone": "DELETE FROM turns WHERE intervision_id = :it",
    "a new pulse": "INSERT INTO pulses (id, intervision_id, useful, safe) VALUES ('forged', :it, 1, 1)",
    "another pulse": "UPDATE pulses SET useful = 1 WHERE intervision_id = :it",
    "pulses gone": "DELETE FROM pulses WHERE intervision_id = :it",
    "another step": "UPDATE intervisions SET step = 'lessons' WHERE id = :it",
    "another step, unsealed at once": "UPDATE intervisions SET step = 'lessons', sealed = FALSE WHERE id = :it",
    "another name": "UPDATE seats SET name = 'Forged' WHERE intervision_id = :it",
}


def said(*casts: Cast) -> dict[str, list[str]]:
    """Every word of these sessions, as the database has it."""
    db.session.rollback()
    ids = [cast.id for cast in casts]
    return {
        table: sorted(
            str(row) for row in db.session.execute(text(f"SELECT * FROM {table}")).all() if row.intervision_id in ids
        )
        for table in ("contributions", "turns", "pulses", "seats")
    }


@pytest.fixture
def closed(on_either: Flask) -> Cast:
    """A closed session with rows of every kind."""
    cast = Cast().run_up_to("lessons")
    cast.does("Cara", "pulse", useful=4, safe=5)
    cast.does("Mia", "advance")
    return cast


@pytest.fixture
def under_way(closed: Cast) -> Cast:
    """Another session of the same Mia's, in which people speak."""
    return Cast(closed.account).run_up_to("recommendations")


def refuses(statement: str, **values: object) -> None:
    db.session.rollback()
    with pytest.raises(DBAPIError, match="its words are sealed"):
        db.session.execute(text(statement), values)
    db.session.rollback()


def test_each_database_refuses_whatever_would_change_a_closed_session(closed: Cast, under_way: Cast) -> None:
    before = said(closed)
    assert all(before.values()), "there is something to change in every table"
    values = {"it": closed.id, "other": under_way.id, "seat": closed.seats["Cara"]}
    for statement in FORGED.values():
        refuses(statement, **{name: value for name, value in values.items() if f":{name}" in statement})
    assert said(closed) == before
    assert under_way.does("Cara", "note", text="It goes on here").item


def test_nothing_is_slipped_into_a_closed_session_from_another_one(closed: Cast, under_way: Cast) -> None:
    before = said(closed)
    for table in ("contributions", "turns"):
        refuses(
            f"UPDATE {table} SET intervision_id = :it WHERE intervision_id = :open", it=closed.id, open=under_way.id
        )
    assert said(closed) == before
