"""The three addresses for machines."""

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, event, text

from app import create_app
from app.config import BadSetting, load
from app.database import migrate
from app.extensions import db
from app.operations import readiness, work
from tests.operations.conftest import TOKEN
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures


@pytest.fixture(autouse=True)
def always_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "FRESH_S", 0)


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Flask]:
    yield from _migrated(f"sqlite:///{tmp_path / 'ready.db'}")


def _migrated(url: str, **settings: str) -> Iterator[Flask]:
    app = create_app(
        DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost", METRICS_TOKEN=TOKEN, **settings
    )
    with app.app_context():
        migrate(app, db.engine)
        yield app
        db.engine.dispose()


@pytest.fixture
def client(migrated: Flask) -> FlaskClient:
    return migrated.test_client()


def test_healthz_asks_no_database_and_no_host_name(migrated: Flask, client: FlaskClient):
    def forbid(*_: object) -> None:
        raise AssertionError("the database was asked")

    db.engine.dispose()
    event.listen(db.engine, "do_connect", forbid)
    answer = client.get("/healthz", headers={"Host": "10.0.0.7:5000", "Cookie": "intervise=nonsense"})
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers
    assert client.get("/readyz").status_code == 503


def test_ready_means_that_the_database_can_be_written_and_has_the_right_tables(client: FlaskClient):
    answer = client.get("/readyz", headers={"Host": "10.0.0.7:5000"})
    assert (answer.status_code, answer.json) == (200, {"status": "ready", "database": "ok", "schema": "ok"})


def test_another_schema_is_not_ready(migrated: Flask, client: FlaskClient):
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json
    assert answer.json["schema"] != "ok"
    with db.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == "older"


def test_a_locked_database_is_not_ready_and_one_let_go_is_again(migrated: Flask, client: FlaskClient):
    other = sqlite3.connect(db.engine.url.database or "", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert client.get("/readyz").status_code == 503
    other.execute("ROLLBACK")
    other.close()
    assert client.get("/readyz").status_code == 200


def test_a_database_that_never_answers_keeps_nobody_waiting_and_is_asked_once(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    let_go, looks = threading.Event(), []

    def hang(*_: object) -> readiness.Readiness:
        looks.append(1)
        let_go.wait(20)
        return readiness.Readiness("ready")

    monkeypatch.setattr(readiness, "PATIENCE_S", 0.05)
    monkeypatch.setattr(readiness, "look", hang)
    answers = [client.get("/readyz") for _ in range(3)]
    let_go.set()
    assert [answer.status_code for answer in answers] == [503] * 3
    assert len(looks) == 1


def test_without_redis_it_works_on_and_says_so(tmp_path: Path):
    for app in _migrated(f"sqlite:///{tmp_path / 'r.db'}", REDIS_URL="redis://127.0.0.1:1"):
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 200
        assert answer.json
        assert (answer.json["status"], answer.json["redis"]) == ("degraded", "does not answer")


def test_while_it_ends_nobody_is_sent_here_and_nothing_new_is_begun(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(work, "_ending", True)
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    page = client.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert client.get("/socket.io/?EIO=4&transport=websocket").status_code == 503


def test_postgresql_is_ready_and_one_that_is_locked_is_not(
    postgres_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(readiness, "PATIENCE_S", 1)
    url = postgres_url.replace("postgresql://", "postgresql+psycopg2://")
    for app in _migrated(url):
        client = app.test_client()
        assert client.get("/readyz").json == {"status": "ready", "database": "ok", "schema": "ok"}
        other = create_engine(url)
        with other.connect() as connection:
            connection.execute(text("LOCK TABLE alembic_version"))
            assert client.get("/readyz").status_code == 503
        other.dispose()


def test_metrics_are_not_there_without_a_token(app: Flask):
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 404
    assert "text/html" in answer.headers["Content-Type"]  # as any other address that there is not


@pytest.mark.parametrize("sent", [None, "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ü"])
def test_metrics_want_the_token(client: FlaskClient, sent: str | None):
    answer = client.get("/metrics", headers={"Authorization": sent} if sent else {})
    assert answer.status_code == 401
    assert "intervise_" not in answer.text


@pytest.mark.parametrize("token", ["short", "e" * 10 + "é" * 20, "with a line break\n 1234567"])
def test_a_token_that_is_easy_to_guess_or_cannot_be_sent_is_refused(tmp_path: Path, token: str):
    with pytest.raises(BadSetting, match="METRICS_TOKEN"):
        load(tmp_path, {"METRICS_TOKEN": token})


def test_each_answer_has_its_number(client: FlaskClient):
    first, second = (client.get("/", headers={"X-Request-ID": "from-outside"}) for _ in range(2))
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert first.headers["X-Request-ID"] != "from-outside"


def test_behind_a_proxy_the_number_is_the_proxys_if_it_is_sane(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    for app in _migrated(f"sqlite:///{tmp_path / 'p.db'}"):
        client = app.test_client()
        assert client.get("/", headers={"X-Request-ID": "0af7651916cd43dd"}).headers["X-Request-ID"] == (
            "0af7651916cd43dd"
        )
        for bad in ("short", "x" * 65, "with space and more", 'quote"quote"'):
            assert client.get("/", headers={"X-Request-ID": bad}).headers["X-Request-ID"] != bad
