"""What /metrics counts, on a running server with people in it."""

import re
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from app import create_app
from app.extensions import db
from tests.conftest import Server
from tests.operations.conftest import TOKEN, Start
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of


@contextmanager
def near(server: Server) -> Iterator[Flask]:
    app = create_app(DATABASE_URL=server.database_url, ASYNC_MODE="threading", PUBLIC_URL=server.url)
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


def read(server: Server) -> dict[str, float]:
    request = urllib.request.Request(f"{server.url}/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        text = answer.read().decode()
    return {name: float(value) for name, value in re.findall(r"^(\w+(?:\{[^}]*\})?) (\S+)$", text, re.MULTILINE)}


def test_what_happens_in_a_room_is_counted(start: Start, mode: str):
    server = start(ASYNC_MODE=mode).server
    with near(server) as app:
        cast = Cast().go_to("brainstorm")
        code = cast.room().it.code
        cara, mia = (Person(server.url, code, cookie_of(app, cast, who)) for who in ("Cara", "Mia"))
        again = Person(server.url, code, cookie_of(app, cast, "Cara"), auth={"version": 1})
        packet = {"id": str(uuid.uuid4()), "name": "idea", "base": None, "data": {"text": "Map the contacts"}}
        first = cara.send("command", packet)
        assert cara.send("command", packet) == first
        assert cara.command("advance", base="brainstorm")["code"] == "forbidden"
        assert mia.send("sync", {"version": first["version"]})["ok"]
        assert mia.send("sync", {"version": first["version"] - 1})["ok"]
        assert mia.send("sync", {"version": "old"})["ok"]
        found = read(server)
        assert found["intervise_connections"] == 3
        assert found["intervise_rooms"] == 1
        assert (found["intervise_connects_total"], found["intervise_resumes_total"]) == (3, 1)
        assert found['intervise_commands_total{result="ok"}'] == 2
        assert found['intervise_commands_total{result="forbidden"}'] == 1
        assert found["intervise_commands_repeated_total"] == 1
        assert found["intervise_ack_seconds_count"] == 3
        assert 0 < found["intervise_ack_seconds_sum"] < 30
        assert (found["intervise_syncs_total"], found["intervise_gaps_total"]) == (3, 1)
        assert found["intervise_commit_failures_total"] == found["intervise_telling_failures_total"] == 0
        assert found["intervise_sends_queued"] >= found["intervise_sends_queued_most"] >= 0
        assert found["intervise_pulse_age_seconds"] >= 0
        assert found["process_resident_memory_bytes"] > 1e6
        assert found["process_cpu_seconds_total"] > 0
        for person in (cara, mia, again):
            person.leave()
