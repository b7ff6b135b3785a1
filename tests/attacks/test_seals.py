"""The migrations seal closed sessions exactly as the models do, on both databases."""

import re
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app.database import Base, migrate
from app.extensions import db

TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname || tgrelid::regclass, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}


def triggers(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        found = connection.execute(text(TRIGGERS[engine.dialect.name])).all()
    return {name: re.sub(r"\s+", " ", sql) for name, sql in found}


def test_the_migrations_put_the_same_seals_on_as_the_models(app: Flask, tmp_path: Path) -> None:
    migrated = create_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    migrate(app, migrated)
    assert triggers(migrated) == triggers(db.engine)
    assert len([name for name in triggers(migrated) if "sealed" in name]) == 10
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
    assert len([name for name in migrated if "sealed" in name]) == 4
    engine.dispose()
