"""The log holds what happened and where, in one line each, and never what people wrote, or a secret."""

import contextlib
import json
import logging
import re
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest
import socketio
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DataError, IntegrityError

from app.accounts import links, passwords
from app.accounts.models import Account
from app.database import engine_options
from app.extensions import db
from app.operations import logs
from app.sessions import join_links
from tests.conftest import Server
from tests.operations.conftest import Logged, Start
from tests.operations.test_metrics import near
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of
from tests.waiting import wait_for

CANARY = "canary"
PASSWORD = "canary password 12"
EMAIL = "canary.mia@example.org"


def line_of(message: str, *args: object, error: BaseException | None = None, level: int = logging.ERROR) -> str:
    exc_info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("app.test", level, __file__, 1, message, args, exc_info)
    return logs.Json().format(record)


def test_a_line_stays_a_line_and_steers_no_terminal():
    line = line_of("before %s after", "\n{}\r\x1b[31m\x9b31m\u2028\u202e\ud800\x00")
    assert line.isprintable()
    assert json.loads(line)["message"] == (
        "before \\u000a{}\\u000d\\u001b[31m\\u009b31m\\u2028\\u202e\\ud800\\u0000 after"
    )


def test_a_line_is_not_endless():
    assert len(json.loads(line_of("x" * 100_000))["message"]) <= logs.MESSAGE_MAX + 1


def test_an_error_is_told_without_its_values():
    def look_up(values: dict[str, str]) -> None:
        try:
            int(values["canary"])
        except KeyError as missing:
            raise ValueError(f"no {CANARY}") from missing

    with pytest.raises(ValueError, match=CANARY) as caught:
        look_up({})
    line = line_of("something failed", error=caught.value)
    outer, inner = json.loads(line)["error"]
    assert (outer["type"], inner["type"]) == ("builtins.ValueError", "builtins.KeyError")
    assert re.search(r"tests/operations/test_logs.py:\d+ look_up", outer["where"][-1])
    assert CANARY not in line


def test_an_error_of_sqlite_names_the_rule_and_no_value(app: Flask):
    db.session.add_all(Account(email=EMAIL, name=CANARY, password_hash="-") for _ in range(2))
    with pytest.raises(IntegrityError) as caught:
        db.session.commit()
    line = line_of("not saved", error=caught.value)
    assert "UNIQUE constraint failed: accounts.email" in line
    assert CANARY not in line
    assert CANARY not in str(caught.value)


def test_an_error_of_postgresql_names_the_rule_and_no_value(postgres_url: str):  # noqa: F811
    engine = create_engine(**engine_options(postgres_url.replace("postgresql://", "postgresql+psycopg2://")))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (email text CONSTRAINT only_once UNIQUE, number integer)"))
        connection.execute(text("INSERT INTO t VALUES (:email, 1)"), {"email": EMAIL})
    for statement, kind in (
        ("INSERT INTO t VALUES (:it, 1)", IntegrityError),
        ("INSERT INTO t VALUES ('x', CAST(:it AS integer))", DataError),
    ):
        with engine.connect() as connection, pytest.raises(kind) as caught:
            connection.execute(text(statement), {"it": EMAIL})
        assert EMAIL in str(caught.value.orig)  # the driver itself does tell
        line = line_of("not saved", error=caught.value)
        assert CANARY not in line
        assert ("only_once" in line) is (kind is IntegrityError)
    engine.dispose()


def test_a_session_and_a_seat_are_named_by_a_hash_that_stays_the_same(app: Flask):
    app.config["SECRET_KEY"] = "one key of at least 32 characters ..."
    first = logs.hashed("seat")
    assert re.fullmatch(r"[0-9a-f]{12}", first)
    assert logs.hashed("seat") == first
    assert logs.hashed("seat2") != first
    app.config["SECRET_KEY"] = "another key of at least 32 characters"
    assert logs.hashed("seat") != first


class Browser:
    """Asks a server as a browser would, with canaries wherever a request has room for words."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path: str, **headers: str) -> str:
        return self._ask(path, None, **headers)

    def post(self, path: str, **fields: str | list[str]) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/join"))
        assert token
        return self._ask(path, urllib.parse.urlencode(fields | {"csrf_token": token[1]}, doseq=True).encode())

    def _ask(self, path: str, data: bytes | None, **more: str) -> str:
        headers = {name.replace("_", "-"): value for name, value in more.items()} | {
            "User-Agent": "canary-agent",
            "X-Forwarded-For": "203.0.113.77",
            "X-Request-ID": "canary-request-id",
            "Referer": "http://canary.example/",
            "Accept-Language": "canary",
        }
        request = urllib.request.Request(self.server.url + path, data, headers)
        try:
            with self.opener.open(request, timeout=10) as answer:
                body: str = answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            with error:
                body = error.read().decode()
        return body


def raw(server: Server, data: bytes) -> None:
    """Bytes that are no request."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.settimeout(5)
        line.sendall(data)
        with contextlib.suppress(OSError):
            line.recv(1000)


def walk_the_pages(server: Server, cast: Cast, tokens: list[str]) -> None:
    browser = Browser(server)
    browser.post("/sign-in", email=EMAIL, password="canary wrong password")
    browser.post("/sign-in", email=EMAIL, password=PASSWORD)
    browser.post("/sessions/new", title="Canary title", team="Canary team", owner_name="Canary owner")
    browser.get("/sessions/?q=canary")
    guest = Browser(server)
    for token in tokens:
        guest.get(f"/join/{token}")
        guest.post(f"/join/{token}", name="Canary guest")
        guest.get(f"/account/new/{token}")
        guest.post(f"/account/new/{token}", name="Canary", email="canary2@example.org", password="canary pass 3")
    guest.post("/join", code="CANARY")
    guest.get("/canary/%0a%1b[31mcanary")
    guest.get(f"/sessions/{cast.room().it.code}/room?canary=1")
    guest.post("/no-such-page", canary="canary")
    raw(server, b"CANARY /canary HTTP/9\r\ncanary\r\n\r\n")
    raw(server, b"GET /canary\x1b[31m HTTP/1.1\r\nHost: canary\r\nCookie: intervise=canary\r\n\r\n")
    raw(server, b"GET /socket.io/?EIO=4&transport=websocket&room=canary HTTP/1.1\r\nHost: canary\r\n\r\n")


def talk_at_the_socket(person: Person) -> None:
    assert person.command("idea", text="Canary idea")["ok"]
    assert person.command("rename", name="Canary name")
    for packet in ("canary", ["canary"], {"canary": {"canary": ["canary"]}}, {"name": "canary", "id": "canary"}):
        assert not person.send("command", packet)["ok"]
    person.send("canary", {"canary": 1})
    person.send("typing", {"on": "canary"})


def break_table(table: str) -> None:
    """From now on commits fail that write there, and so do pages that read it."""
    with db.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO canary_{table}"))


def test_no_word_no_secret_and_no_link_is_ever_logged(start: Start, mode: str):
    running = start(ASYNC_MODE=mode)
    server = running.server
    with near(server) as app:
        account = Account(email=EMAIL, name="Canary Mia", password_hash=passwords.hash_password(PASSWORD))
        cast = Cast(account, title="Canary title", call_url="https://canary.example/room", owner_name="Canary Otto")
        cast.does("Canary Mia", "open")
        cast.come("Cara", "Canary Carl")
        cast.does("Cara", "accept")
        while cast.step != "brainstorm":
            cast.does("Canary Mia", "advance", anyway=True)
        tokens = [join_links.token(cast.room().it), links.make("account", hours=1, kind="moderator"), "canary-token"]
        db.session.commit()
        cookies = [cookie_of(app, cast, who) for who in ("Cara", "Canary Mia")]
        code, seat = cast.room().it.code, cast.seats["Cara"]
        walk_the_pages(server, cast, tokens)
        cara = Person(server.url, code, cookies[0], auth={"canary": "canary"})
        talk_at_the_socket(cara)
        with pytest.raises(socketio.exceptions.ConnectionError):
            Person(server.url, code, "intervise=canary", origin="http://canary.example")
        break_table("contributions")
        assert cara.command("idea", text="Canary idea that is not saved")["code"] == "not_saved"
        break_table("intervisions")
        assert "in our log" in Browser(server).get(f"/sessions/{code}/room?canary=1")
        with contextlib.suppress(Exception):
            cara.leave()
    assert running.end() == 0
    check(running, [*tokens, *cookies, PASSWORD, code, seat])


def check(running: Logged, secrets: list[str]) -> None:
    log = running.files[1].read_text(encoding="utf-8")
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
    messages = {line["message"] for line in lines}
    assert {"answered", "a page failed", "a change could not be saved"} <= messages  # the canary had its chance
    [unsaved] = [line for line in lines if line["message"] == "a change could not be saved"]
    assert unsaved["session"]
    assert unsaved["seat"]
    assert unsaved["request"]
    assert "ended while something was still under way" not in messages
    said = running.output().lower().replace("canary_contributions", "").replace("canary_intervisions", "")
    assert [line for line in said.splitlines() if CANARY in line] == []
    for secret in secrets:
        assert secret.lower() not in said
    assert "203.0.113" not in said
    assert "127.0.0.1" not in log


def test_what_nobody_caught_is_told_in_the_same_way(start: Start, mode: str):
    """A thread, a greenlet and a request beneath Flask end in an error whose words are a canary."""
    running = start("-m", "tests.operations.failing_server", ASYNC_MODE=mode)
    Browser(running.server).get("/fail-beneath-flask")
    wait_for(lambda: "ValueError" in running.output())
    assert running.end() == 0
    log = running.files[1].read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines()]
    types = [line["error"][0]["type"] for line in lines if "error" in line]
    assert types.count("builtins.ZeroDivisionError") == 1
    assert types.count("builtins.ValueError") == 1
    assert CANARY not in log
