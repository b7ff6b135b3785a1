"""Fixtures for every test: an app with an empty database, a client, a running server, a browser."""

import os

os.environ["INTERVISE_ENV"] = "test"
os.environ.setdefault("SECRET_KEY", "for tests alone: 0123456789 abcdefghij")

import atexit
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextvars import Context
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine
from werkzeug.test import TestResponse

from app import create_app
from app.database import Base, migrate
from app.extensions import db
from tests.rig import postgres, postgres_url, rig_b  # noqa: F401 - fixtures

ROOT = Path(__file__).parent.parent
BROWSER_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Visitor(FlaskClient):
    """A client whose requests share nothing with the test's own app context, as those of the served app."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return Context().run(super().open, *args, **{"buffered": True} | options)


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table and no row. It is copied: making the tables takes twenty times as long."""
    path = tmp_path_factory.mktemp("tables") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates that one app has compiled serve the next one too."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(tmp_path: Path, empty_database: Path, compiled_templates: FileSystemBytecodeCache) -> Iterator[Flask]:
    """An app on an empty SQLite file, with an app context around the test; never eventlet, never rate limits."""
    shutil.copy(empty_database, tmp_path / "test.db")
    app = create_app(
        TESTING=True,
        DATABASE_URL=f"sqlite:///{tmp_path / 'test.db'}",
        ASYNC_MODE="threading",
        PUBLIC_URL="http://localhost",
        RATELIMIT_ENABLED=False,
    )
    app.test_client_class = Visitor
    app.instance_path = str(tmp_path)
    app.jinja_env.bytecode_cache = compiled_templates
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@dataclass
class Server:
    """The app in a process of its own, as `wsgi.py` serves it, with a clock that a test can move."""

    url: str
    database_url: str
    lines: list[str]
    process: subprocess.Popen[str]
    clock_file: Path

    def set_clock(self, seconds: float) -> None:
        """Let the server's time run `seconds` ahead of the machine's (behind it when negative), from now on."""
        new = self.clock_file.with_suffix(".new")
        new.write_text(str(seconds))
        new.replace(self.clock_file)  # at once, so that the server never reads half a number


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A running server with an empty database. ASYNC_MODE in the environment picks eventlet (default) or threading."""
    running = start_server(tmp_path)
    yield running
    stop_server(running)


@pytest.fixture
def near(server: Server) -> Iterator[Flask]:
    """An app of our own on the server's database, to set the stage and to look behind it."""
    app = create_app(DATABASE_URL=server.database_url, ASYNC_MODE="threading", PUBLIC_URL=server.url)
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


def start_server(folder: Path, **settings: str) -> Server:
    """Start wsgi.py with its files in `folder`; once more with the same folder is a restart with the same data."""
    database = folder / "server.db"
    if folder.exists() and not database.exists():
        shutil.copy(_migrated_database(), database)
    database_url = f"sqlite:///{database}"
    clock_file = folder / "clock"
    process = subprocess.Popen(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=os.environ
        | {"DATABASE_URL": database_url, "INTERVISE_CLOCK_FILE": str(clock_file), "PORT": "0"}
        | {"INSTANCE_FOLDER": str(folder)}
        | settings,
        text=True,
        stdout=subprocess.PIPE,
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line.strip())
        if "Intervise is at " in line:
            return Server(line.split()[-1], database_url, lines, process, clock_file)
    process.stdout.close()
    raise AssertionError(f"the server ended with {process.wait()} after saying: {lines}")


@cache
def _migrated_database() -> Path:
    """An SQLite file as migrations make it, and no row in it: a server starts at once with a copy."""
    home = tempfile.TemporaryDirectory(prefix="intervise-tests-")
    atexit.register(home.cleanup)
    path = Path(home.name) / "migrated.db"
    app = create_app(DATABASE_URL=f"sqlite:///{path}", ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    with app.app_context():
        migrate(app, db.engine)
        db.engine.dispose()
    return path


def stop_server(running: Server) -> None:
    """End it as an operating system does; what it still had to say is in `lines` afterwards."""
    running.process.terminate()
    rest, _ = running.process.communicate(timeout=10)
    running.lines += rest.splitlines()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium that dev.py found. Every person in a test gets a context of their own: browser.new_context()."""
    path = os.environ.get("INTERVISE_CHROMIUM")
    assert path, "run the tests with: python3 dev.py test"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=BROWSER_ARGUMENTS)
        yield chromium
        chromium.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the browser is a browser test, and those come last: the fast ones fail first."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI=true a skipped test is a failure: a test that does not run there runs nowhere."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and CI runs every test."
    return report
