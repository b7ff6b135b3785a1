"""The demo is filled once; every test gets a copy of the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.database import migrate
from app.demo import fill
from app.demo.__main__ import hurry
from app.extensions import db
from tests.visitor import Visitor


def app_on(database: Path, **overrides: object) -> Flask:
    """An app on this file, as tests/conftest.py makes it, but quick: the demo is some hundred commits."""
    settings = {"ASYNC_MODE": "threading", "PUBLIC_URL": "http://localhost", "RATELIMIT_ENABLED": False}
    app = create_app(TESTING=True, DATABASE_URL=f"sqlite:///{database}", **(settings | overrides))
    with app.app_context():
        hurry(db.engine)
    return app


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("demo") / "demo.db"
    app = app_on(database)
    with app.app_context():
        migrate(app, db.engine)
        fill.fill()
        db.session.rollback()
        db.engine.dispose()
    return database


@pytest.fixture
def app(filled: Path, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database holds the demo."""
    app = app_on(Path(shutil.copy(filled, tmp_path)))
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def newcomer(app: Flask) -> Visitor:
    """Somebody at a browser who has never been here."""
    return Visitor(app)
