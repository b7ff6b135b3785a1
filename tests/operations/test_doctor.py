"""`flask doctor`: a line for each thing, and what to do."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from time import time
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import text

from app import create_app
from app.database import migrate
from app.extensions import db
from app.operations import doctor, unfinished
from app.operations.doctor import BAD, DOUBTFUL, GOOD
from tests.operations.test_backup import flask
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures

PRODUCTION = {
    "INTERVISE_ENV": "production",
    "SECRET_KEY": "in production: 0123456789 abcdefghij",
    "PUBLIC_URL": "https://intervise.example.org",
    "TRUSTED_PROXIES": "1",
}
Examine = Callable[..., dict[str, tuple[str, str]]]


@pytest.fixture
def examine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Examine]:
    """An installation as it should be, with what the test changes; returns {name of the check: (mark, words)}."""
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o700)

    def examine(before: Callable[[Flask], None] = lambda app: None, **settings: str) -> dict[str, tuple[str, str]]:
        url = f"sqlite:///{instance / 'intervise.db'}"
        for name, value in (PRODUCTION | {"INSTANCE_FOLDER": str(instance), "DATABASE_URL": url} | settings).items():
            monkeypatch.setenv(name, value)
        app = create_app(ASYNC_MODE="threading")
        with app.app_context():
            if "nowhere" not in app.config["DATABASE_URL"]:
                migrate(app, db.engine)
            before(app)
            found = doctor.look(app, db.engine)
            db.engine.dispose()
        return {each.name: (each.mark, each.words) for each in found}

    yield examine
    shutil.rmtree(instance, ignore_errors=True)


def test_an_installation_as_it_should_be_is_all_well(examine: Examine):
    found = examine()
    assert set(found) == set(doctor.CHECKS)
    assert {name: it for name, it in found.items() if it[0] != GOOD} == {}


@pytest.mark.parametrize(
    ("settings", "name", "mark", "words"),
    [
        ({"INTERVISE_ENV": "development"}, "environment", DOUBTFUL, "INTERVISE_ENV=production"),
        ({"PUBLIC_URL": "http://intervise.example.org"}, "public address", DOUBTFUL, "https"),
        ({"PUBLIC_URL": "https://192.168.1.7"}, "public address", DOUBTFUL, "this network alone"),
        ({"PUBLIC_URL": "https://localhost"}, "public address", DOUBTFUL, "this network alone"),
        ({"PUBLIC_URL": "", "INTERVISE_ENV": "development"}, "host names", DOUBTFUL, "any host"),
        ({"TRUSTED_HOSTS": "other.example.org"}, "host names", BAD, "does not name intervise.example.org"),
        ({"TRUSTED_PROXIES": "0"}, "proxies", BAD, "TRUSTED_PROXIES"),
        ({"HOST": "0.0.0.0"}, "proxies", DOUBTFUL, "HOST=127.0.0.1"),
        ({"REDIS_URL": "redis://127.0.0.1:1"}, "Redis", BAD, "does not answer"),
        ({"DATABASE_URL": "sqlite:////nowhere/it.db"}, "database", BAD, "check DATABASE_URL"),
        ({"DATABASE_URL": "postgresql://me:sesame@127.0.0.1:1/nowhere"}, "database", BAD, "check DATABASE_URL"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(
    examine: Examine, settings: dict[str, str], name: str, mark: str, words: str
):
    found = examine(**settings)
    assert found[name][0] == mark
    assert words in found[name][1]
    assert not any("sesame" in line for _, line in found.values())


def test_older_tables_are_noticed(examine: Examine):
    def make_older(app: Flask) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))

    mark, words = examine(make_older)["database"]
    assert (mark, "flask migrate" in words) == (BAD, True)


def test_a_file_that_others_can_read_is_named(examine: Examine):
    def open_up(app: Flask) -> None:
        folder = Path(app.instance_path)
        folder.chmod(0o755)
        (folder / "intervise.db").chmod(0o644)

    mark, words = examine(open_up)["files"]
    assert (mark, "chmod 600" in words) == (DOUBTFUL, True)


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(("free", "mark"), [(2**40, GOOD), (2**29, DOUBTFUL), (2**20, BAD)])
def test_the_disk_fills_up(examine: Examine, monkeypatch: pytest.MonkeyPatch, free: int, mark: str):
    monkeypatch.setattr(doctor, "disk_usage", lambda _path: Usage(free))
    assert examine()["disk"][0] == mark


def test_the_disk_and_the_folder_of_a_database_elsewhere_are_looked_at_too(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o755)
    monkeypatch.setattr(doctor, "disk_usage", lambda path: Usage(2**20 if path == elsewhere else 2**40))

    def open_up(app: Flask) -> None:
        (elsewhere / "it.db").chmod(0o644)

    settings = {"DATABASE_URL": f"sqlite:///{elsewhere / 'it.db'}"}
    found = examine(open_up, **settings)
    assert (found["disk"][0], str(elsewhere) in found["disk"][1]) == (BAD, True)
    assert (found["files"][0], str(elsewhere / "it.db") in found["files"][1]) == (DOUBTFUL, True)
    elsewhere.chmod(0o700)
    assert examine(open_up, **settings)["files"][0] == GOOD
    may = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path) != elsewhere and may(path, mode))
    assert examine(**settings)["files"] == (
        BAD,
        f"{elsewhere} cannot be written; make it, and give it to the user that runs the app.",
    )


def test_it_says_nothing_of_the_mode_in_which_somebody_else_serves(examine: Examine):
    assert "async" not in examine()["Python"][1]


def test_an_unfinished_restore_is_named(examine: Examine):
    mark, words = examine(lambda app: unfinished.begin(Path(app.instance_path), Path("/srv/it.db")) and None)["restore"]
    assert (mark, words.endswith("flask restore /srv/it.db --force")) == (BAD, True)


def test_fonts_and_libraries_are_missed(examine: Examine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    from app.sessions.exports import pdf

    monkeypatch.setattr(pdf, "font_folders", lambda: [tmp_path])
    monkeypatch.setattr(doctor, "STATIC", tmp_path)
    found = examine()
    assert (found["fonts"][0], found["browser libraries"][0]) == (BAD, BAD)


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError("not allowed"), "PermissionError: not allowed"), (AssertionError(), "AssertionError")],
)
def test_a_check_that_fails_itself_is_a_finding(
    examine: Examine, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
):
    def fail(*_: Any) -> Iterator[tuple[str, str]]:
        raise error

    monkeypatch.setitem(doctor.CHECKS, "disk", fail)
    assert examine()["disk"] == (BAD, f"could not be looked at ({words}).")


def test_the_clock_is_compared_with_the_database_servers(
    examine: Examine,
    postgres_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    assert examine(DATABASE_URL=postgres_url)["clock"][0] == GOOD
    monkeypatch.setattr(doctor, "time", lambda: time() - 3600)
    mark, words = examine(DATABASE_URL=postgres_url)["clock"]
    assert (mark, words.startswith("+3600")) == (DOUBTFUL, True)


def test_at_the_terminal_it_ends_with_1_when_something_has_to_be_done(tmp_path: Path):
    done = flask("doctor", INSTANCE_FOLDER=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / 'empty.db'}")
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert all(line[0] in (GOOD, DOUBTFUL, BAD) and line[1] == " " for line in lines)
    [bad] = [line for line in lines if line.startswith(BAD)]
    assert bad.startswith("✗ database:")
