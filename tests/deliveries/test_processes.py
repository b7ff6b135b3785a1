"""Several workers on one database, and the worker of a real server in both of its modes."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.database import migrate
from app.deliveries import Delivery, NotSent, posting, put, webhooks, worker
from app.deliveries.webhooks import CHANNEL, TEST
from app.extensions import db
from app.operations import backup
from app.operations.restore import restore
from app.teams.models import Team
from app.times import now
from tests.conftest import ROOT, start_server, stop_server
from tests.deliveries.receiver import Handler, make_certificate, receiver

MANY = 40


@contextmanager
def near(url: str) -> Iterator[Flask]:
    """An app of our own on a database that is made here."""
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    with app.app_context():
        migrate(app, db.engine)
        yield app
        db.session.rollback()
        db.engine.dispose()


def put_many(url: str, count: int) -> None:
    team = Team(name="North")
    db.session.add(team)
    db.session.flush()
    webhook = webhooks.make(db.session, team.id, url, "json")
    for _ in range(count):
        put(db.session, channel=CHANNEL, kind=TEST, team_id=team.id, webhook_id=webhook.id)
    db.session.commit()


def count_waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Delivery)) or 0


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_workers_side_by_side_never_send_the_same_twice(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path / 'outbox.db'}"
    if database == "postgresql":
        url = request.getfixturevalue("postgres_url").replace("postgresql://", "postgresql+psycopg2://")
    with near(url), receiver() as other_side:
        other_side.answers = slowly
        put_many(other_side.url, MANY)
        workers = [deliver(url, tmp_path) for _ in range(3)]
        said = [worker.communicate(timeout=60)[0] for worker in workers]
        assert [worker.returncode for worker in workers] == [0, 0, 0], said
        assert sum(int(words.split()[1].rstrip(",")) for words in said) == MANY
        assert count_waiting() == 0
        ids = [got.headers["webhook-id"] for got in other_side.received]
        assert len(ids) == len(set(ids)) == MANY


def slowly(handler: Handler) -> None:
    time.sleep(0.01)
    handler.say(204)


def deliver(url: str, folder: Path) -> subprocess.Popen[str]:
    settings = {"DATABASE_URL": url, "INSTANCE_FOLDER": str(folder)}
    command = [sys.executable, "-m", "flask", "deliver"]
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | settings, text=True, stdout=subprocess.PIPE)


@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_the_server_sends_by_itself_over_tls_and_goes_on_serving_meanwhile(mode: str, tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, "localhost")
    with near(f"sqlite:///{tmp_path / 'server.db'}"), receiver(certificate) as other_side:
        put_many(other_side.url, 2)
        hanging = other_side.ended
        other_side.answers = lambda handler: handler.hang() if len(other_side.received) == 1 else handler.say(204)
        server = start_server(tmp_path, ASYNC_MODE=mode, SSL_CERT_FILE=str(certificate))
        try:
            until(lambda: len(other_side.received) == 1)
            assert requests.get(f"{server.url}/healthz", timeout=5).ok
            until(lambda: len(other_side.received) == 2, 20)
            until(lambda: count_waiting() == 1)
        finally:
            hanging.set()
            stop_server(server)
        assert server.process.returncode == 0


BEFORE = {
    "eventlet": "import eventlet; eventlet.monkey_patch()",
    "threading": "",
}
IMPATIENT = """
from app.deliveries import posting
posting.TOTAL_S, posting.CONNECT_S, posting.aside = 0.5, 30, lambda work: work()
try:
    posting.post("https://localhost:{port}/hook", {{}}, b"{{}}", inside=True)
except posting.NotSent as failed:
    print(failed.reason)
"""


@pytest.mark.parametrize("mode", BEFORE)
def test_a_handshake_that_drips_is_left_soon(mode: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=drip_a_handshake, args=(listening,), daemon=True).start()
        script = "\n".join([BEFORE[mode], IMPATIENT.format(port=listening.getsockname()[1])])
        asked = subprocess.run([sys.executable, "-c", script], cwd=ROOT, text=True, stdout=subprocess.PIPE, timeout=20)
    assert asked.stdout == "timeout\n"


def drip_a_handshake(listening: socket.socket) -> None:
    """The beginning of a long message of TLS, a byte now and then, so that no single wait is long."""
    with suppress(OSError):
        wire, _address = listening.accept()
        with wire:
            wire.sendall(b"\x16\x03\x03\x40\x00")
            while True:
                wire.sendall(b"\x02")
                time.sleep(0.05)


@pytest.mark.parametrize(("name", "trusted"), [("localhost", False), ("elsewhere.example", True)])
def test_a_certificate_that_nobody_vouches_for_or_of_another_name_is_not_enough(
    name: str, trusted: bool, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with receiver(certificate) as other_side:
        with pytest.raises(NotSent, match="certificate"):
            posting.post(other_side.url, {}, b"{}", inside=True)
        assert other_side.received == []


def test_after_a_restore_nothing_is_sent_a_second_time(tmp_path: Path) -> None:
    with near(f"sqlite:///{tmp_path / 'first.db'}") as first, receiver() as other_side:
        first.instance_path = str(tmp_path)
        put_many(other_side.url, 1)
        put(db.session, channel=CHANNEL, kind=TEST, team_id=1, webhook_id=1, due_at=now() + timedelta(days=2))
        db.session.commit()
        kept = backup.make(db.engine, tmp_path / "backups", tmp_path, keep_days=30)
        assert worker.deliver_due() == (1, 0)
        db.session.rollback()
        restore(first, db.engine, kept, force=True)
        assert worker.deliver_due() == (0, 0)
        assert count_waiting() == 1, "what is due later"
        assert len(other_side.received) == 1
