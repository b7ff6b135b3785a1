"""SIGTERM: nothing new, what runs is finished, everybody is told, and comes back by themselves."""

import json
import queue
import signal
import threading
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import socketio
from playwright.sync_api import expect
from sqlalchemy import select

from app.extensions import db
from app.sessions.models import Contribution
from tests.browser.conftest import Enter, cast, enter, meet  # noqa: F401 — fixtures
from tests.conftest import Server, start_server
from tests.operations.conftest import Start
from tests.operations.test_metrics import near
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of
from tests.waiting import PATIENCE_S, wait_for

# The client library leaves a socket that the server has closed to the garbage collector, which complains.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


class Returning:
    """A socket that comes back by itself, as a browser's does, unless it is told not to."""

    def __init__(self, url: str, code: str, cookie: str) -> None:
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.socket = socketio.Client(
            reconnection_delay=0.2, reconnection_delay_max=0.5, websocket_extra_options={"suppress_origin": True}
        )
        for event in ("connect", "disconnect", "restarting", "snapshot"):
            self.socket.on(event, lambda *words, event=event: self.heard.put((event, words[0] if words else None)))
        headers = {"Cookie": cookie, "Origin": url}
        self.socket.connect(f"{url}?room={code}", headers=headers, transports=["websocket"], wait_timeout=PATIENCE_S)

    def hears(self, event: str) -> Any:
        """Wait until this happens; what came before it is forgotten."""
        while True:
            name, words = self.heard.get(timeout=PATIENCE_S)
            if name == event:
                return words


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_everybody_is_told_and_comes_back_to_the_same_state(start: Start, mode: str):
    running = start(ASYNC_MODE=mode)
    server = running.server
    with near(server) as app:
        cast = Cast().go_to("brainstorm")
        code = cast.room().it.code
        people = [Returning(server.url, code, cookie_of(app, cast, who)) for who in ("Mia", "Otto", "Cara", "Carl")]
        before = [person.hears("snapshot")["version"] for person in people]
        assert running.end() == 0
        for person in people:
            assert 0 <= person.hears("restarting")["in_ms"] <= 5000
            assert person.hears("disconnect") != "server disconnect"
        again = start(ASYNC_MODE=mode, PORT=server.url.rsplit(":", 1)[1])
        assert [person.hears("snapshot")["version"] for person in people] == before
        for person in people:
            person.socket.shutdown()
        assert again.end() == 0


def test_what_is_under_way_is_finished_and_nothing_new_is_begun(start: Start, mode: str, tmp_path: Path):
    hold = tmp_path / "hold"
    running = start("-m", "tests.operations.held_server", ASYNC_MODE=mode, HOLD=str(hold))
    server = running.server
    with near(server) as app:
        cast = Cast().go_to("brainstorm")
        code = cast.room().it.code
        cara, carl = (Person(server.url, code, cookie_of(app, cast, who)) for who in ("Cara", "Carl"))
        hold.touch()
        answers: list[Any] = []
        writing = threading.Thread(target=lambda: answers.append(cara.command("idea", text="Just in time")))
        writing.start()
        wait_for(hold.with_suffix(".held").exists)
        server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: status_of(f"{server.url}/readyz") == 503)
        assert status_of(f"{server.url}/healthz") == 200
        assert status_of(f"{server.url}/") == 503
        with pytest.raises(socketio.exceptions.ConnectionError):
            Person(server.url, code, cookie_of(app, cast, "Otto"))
        late = carl.command("idea", text="Too late")
        assert (late["code"], late["retryable"]) == ("restarting", True)
        hold.unlink()
        writing.join(PATIENCE_S)
        assert answers[0]["ok"]
        assert server.process.wait(PATIENCE_S) == 0
        db.session.rollback()
        assert db.session.scalars(select(Contribution.text).where(Contribution.kind == "idea")).all() == [
            "Just in time"
        ]
    lines = [json.loads(line) for line in running.files[1].read_text().splitlines()]
    assert not [line for line in lines if line["level"] in ("error", "critical")]


def test_a_second_signal_waits_for_nothing(start: Start, mode: str, tmp_path: Path):
    hold = tmp_path / "hold"
    running = start("-m", "tests.operations.held_server", ASYNC_MODE=mode, HOLD=str(hold))
    with near(running.server) as app:
        cast = Cast().go_to("brainstorm")
        cara = Person(running.server.url, cast.room().it.code, cookie_of(app, cast, "Cara"))
        hold.touch()
        cara.socket.emit("command", {"id": "x" * 36, "name": "idea", "data": {"text": "Never saved"}})
        wait_for(hold.with_suffix(".held").exists)
        running.server.process.send_signal(signal.SIGTERM)
        wait_for(lambda: status_of(f"{running.server.url}/readyz") == 503)
        running.server.process.send_signal(signal.SIGTERM)
        assert running.server.process.wait(PATIENCE_S) == 1


def test_a_restart_while_somebody_types_loses_nothing(
    cast: Cast,  # noqa: F811
    enter: Enter,  # noqa: F811
    server: Server,
):
    cast.go_to("brainstorm")
    cara = enter("Cara")
    cara.is_in("Brainstorm")
    cara.may_fail = True
    cara.writes("Your idea", "Half a thou")
    server.process.terminate()
    assert server.process.wait(timeout=PATIENCE_S) == 0
    cara.sees("A moment: Intervise restarts. Your text is kept.")
    cara.does_not_see("You are offline")
    cara.field("Your idea").press_sequentially("ght, finished")
    cara.presses("Add the idea")
    again = start_server(server.clock_file.parent, PORT=server.url.rsplit(":", 1)[1])
    try:
        expect(cara.page.get_by_text("Not saved yet")).to_have_count(0, timeout=PATIENCE_S * 1000)
        cara.does_not_see("A moment: Intervise restarts.")
        cara.sees("Half a thought, finished")
        cast.room()
        kept = db.session.scalars(select(Contribution.text).where(Contribution.kind == "idea")).all()
        assert len(kept) == 1
        assert kept[0].startswith("Half a thou")
        assert "ght, finished" in kept[0]
    finally:
        again.process.terminate()
        again.process.communicate(timeout=PATIENCE_S)
