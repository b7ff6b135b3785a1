from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import Engine, ForeignKey, create_engine, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.database import PATIENCE, Base, begin_write, engine_options, migrate, tune


class Own(DeclarativeBase):
    """Tables of these tests alone, under the rules that all tables have."""

    type_annotation_map = Base.type_annotation_map


class Note(Own):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    answers: Mapped[int | None] = mapped_column(ForeignKey("note.id"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(**engine_options(f"sqlite:///{tmp_path / 'notes.db'}"), connect_args={"timeout": 0})
    tune(engine)
    Own.metadata.create_all(engine)
    yield engine
    engine.dispose()


NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_times_come_back_as_utc(engine: Engine):
    with Session(engine) as session:
        session.add(Note(at=NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))))
        session.commit()
        at = session.scalars(select(Note.at)).one()
    assert (at, at.tzinfo) == (NOON, UTC)


def test_a_time_without_a_timezone_is_refused(engine: Engine):
    with Session(engine) as session, pytest.raises(StatementError, match="without a timezone"):
        session.execute(select(Note).where(Note.at > datetime(2026, 3, 1)))  # noqa: DTZ001


def test_a_note_cannot_answer_one_that_does_not_exist(engine: Engine):
    with Session(engine) as session:
        session.add(Note(at=NOON, answers=99))
        with pytest.raises(IntegrityError):
            session.commit()


def test_a_commit_is_on_the_disk_before_it_is_acknowledged(engine: Engine):
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"


def test_two_reads_of_one_transaction_see_the_same(engine: Engine):
    with Session(engine) as reader, Session(engine) as writer:
        assert reader.scalars(select(Note)).all() == []
        writer.add(Note(at=NOON))
        writer.commit()
        assert reader.scalars(select(Note)).all() == []
        reader.rollback()
        assert len(reader.scalars(select(Note)).all()) == 1


def test_whoever_reads_before_writing_takes_the_lock_first(engine: Engine):
    with Session(engine) as first, Session(engine) as second:
        begin_write(first)
        assert first.scalars(select(Note)).all() == []
        second.connection().exec_driver_sql("PRAGMA busy_timeout = 0")
        second.add(Note(at=NOON))
        with pytest.raises(OperationalError, match="locked"):
            second.flush()
        second.rollback()
        first.add(Note(at=NOON))
        first.commit()
        begin_write(second)
        assert len(second.scalars(select(Note)).all()) == 1


def test_the_migrations_make_the_tables_that_the_models_describe(app: Flask, tmp_path: Path):
    engine = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    assert migrate(app, engine) is True
    assert migrate(app, engine) is False
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()


def test_a_postgresql_server_that_has_gone_without_a_word_is_not_waited_for(postgres_url: str):
    engine = create_engine(**engine_options(postgres_url.replace("postgresql://", "postgresql+psycopg2://")))
    with engine.connect() as connection:
        used = connection.connection.dbapi_connection.info.dsn_parameters  # type: ignore[union-attr]
    engine.dispose()
    assert {name: used.get(name) for name in PATIENCE} == {name: str(value) for name, value in PATIENCE.items()}


def test_what_the_address_of_the_database_says_counts():
    options = engine_options("postgresql+psycopg2://there/intervise?connect_timeout=30")
    assert set(PATIENCE) - set(options["connect_args"]) == {"connect_timeout"}
