"""The room's sockets, on a server in a process of its own: who gets in, who hears what, and that every packet is
answered.
"""

import queue
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import socketio
from flask import Flask

from app.assets import STATIC
from app.extensions import db
from app.sessions import live
from app.sessions.commands import join
from tests.conftest import ROOT, Server, start_server, stop_server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of

Connect = Callable[..., Person]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these: every test has a session of its own."""
    running = start_server(tmp_path_factory.mktemp("live"))
    yield running
    stop_server(running)


@pytest.fixture
def staged(near: Flask) -> Cast:
    """A session in the open brainstorm, with something said in every step before."""
    return Cast().run_up_to("brainstorm")


@pytest.fixture
def connect(server: Server, near: Flask, staged: Cast) -> Iterator[Connect]:
    people: list[Person] = []

    def connect(who: str, **how: Any) -> Person:
        code = how.pop("code", staged.room().it.code)
        people.append(Person(server.url, code, how.pop("cookie", None) or cookie_of(near, staged, who), **how))
        return people[-1]

    yield connect
    for person in people:
        person.leave()


def test_everybody_gets_a_snapshot_and_then_the_differences(connect: Connect) -> None:
    cara, otto = connect("Cara"), connect("Otto")
    version = cara.next("snapshot")["version"]
    assert otto.next("snapshot")["version"] == version
    answer = cara.command("idea", text="Ask the planner for a sketch")
    assert answer["ok"]
    assert answer["version"] == version + 1
    for person in (cara, otto):
        patch = person.next("patch")
        assert patch["version"] == version + 1
        assert patch["items"][answer["item"]]["text"] == "Ask the planner for a sketch"


def test_a_stranger_does_not_get_in(connect: Connect) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Stan", cookie="session=nonsense")


def test_a_seat_opens_no_other_room(connect: Connect, near: Flask) -> None:
    other = Cast()
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Cara", code=other.room().it.code)


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_a_foreign_page_does_not_get_in(connect: Connect, origin: str) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Cara", origin=origin)


@pytest.mark.parametrize("spoken", [live.OLDEST - 1, "1", None])
def test_a_page_from_before_the_release_before_is_told_that_it_is_outdated(connect: Connect, spoken: Any) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Cara", auth={"version": 3, "protocol": spoken})
    connect("Cara", auth={"version": 3, "protocol": live.OLDEST}).next("snapshot")
    connect("Carl", auth={"version": 3}).next("snapshot")


def test_the_page_speaks_what_the_server_does() -> None:
    assert f"const PROTOCOL = {live.PROTOCOL};" in (STATIC / "room" / "socket.js").read_text(encoding="utf-8")
    assert f"it speaks, now {live.PROTOCOL}." in (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("auth", [[1], "token"])
def test_auth_that_is_no_object_is_refused(connect: Connect, auth: Any) -> None:
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Cara", auth=auth)


@pytest.mark.parametrize("who", ["Cara", "Otto", "Mia"])
def test_no_message_names_the_author_of_somebody_elses_idea(connect: Connect, staged: Cast, who: str) -> None:
    looker, carl = connect(who), connect("Carl")
    looker.next("snapshot")
    answer = carl.command("idea", text="Ask the planner for a sketch")
    patch = looker.next("patch")
    assert answer["item"] in patch["items"]
    assert staged.seats["Carl"] not in str(patch)


@pytest.mark.parametrize(
    ("packet", "code"),
    [
        (None, "unknown_event"),
        ([], "unknown_event"),
        ("idea", "unknown_event"),
        ({}, "unknown_event"),
        ({"name": "idea"}, "invalid"),
        ({"name": "idea", "data": {"text": "No id"}}, "invalid"),
        ({"name": "idea", "data": {"text": "Short id"}, "id": "1"}, "invalid"),
        ({"name": "idea", "data": {"text": "Odd base"}, "id": "x" * 36, "base": 7}, "invalid"),
        ({"name": "idea", "data": {"text": " \u200b "}, "id": "x" * 36}, "empty"),
        ({"name": "idea", "data": {"text": "a" * 5000}, "id": "x" * 36}, "too_long"),
        ({"name": "advance", "data": {}, "id": "x" * 36, "base": "brainstorm"}, "forbidden"),
        ({"name": "drop_tables", "data": {}, "id": "x" * 36}, "unknown_event"),
    ],
)
def test_every_command_is_answered_and_a_bad_one_by_its_code(connect: Connect, packet: Any, code: str) -> None:
    answer = connect("Cara").send("command", packet)
    assert (answer["ok"], answer["code"]) == (False, code)
    assert answer["message"].endswith((".", "it."))


@pytest.mark.parametrize("event", ["join", "admin", "snapshot"])
def test_an_unknown_event_is_answered(connect: Connect, event: str) -> None:
    assert connect("Cara").send(event, {"room": "other"})["code"] == "unknown_event"


def test_the_muted_owner_leaves_no_sign(connect: Connect, staged: Cast) -> None:
    cara = connect("Cara")
    otto = connect("Otto")
    mia = connect("Mia")
    assert otto.send("typing", {"on": True})["ok"]
    assert mia.send("typing", {"on": True})["ok"]
    for person in (cara, mia):
        seen = person.next("presence")
        while seen["typing_count"] == 0:
            assert staged.seats["Otto"] not in str(seen)
            seen = person.next("presence")
        assert seen["typing_count"] == 1
        assert seen["typing"] == []


def test_outside_the_brainstorm_people_see_who_types_and_who_is_there(connect: Connect, staged: Cast) -> None:
    mia, otto = connect("Mia"), connect("Otto")
    assert mia.command("advance", base="brainstorm")["ok"]
    assert otto.send("typing", {"on": True})["ok"]
    seen = mia.next("presence")
    while not seen["typing"]:
        seen = mia.next("presence")
    assert seen["typing"] == [staged.seats["Otto"]]
    assert set(seen["online"]) == {staged.seats["Mia"], staged.seats["Otto"]}


def test_whoever_missed_something_asks_and_gets_it_all(connect: Connect) -> None:
    cara, carl = connect("Cara"), connect("Carl")
    carl.command("idea", text="Ask the planner for a sketch")
    answer = cara.send("sync", {"version": 0})
    assert answer["ok"]
    assert answer["snapshot"]["session"]["step"] == "brainstorm"
    assert "Ask the planner for a sketch" in str(answer["snapshot"]["items"])


def test_the_pulse_tells_the_version_that_the_database_has(connect: Connect, staged: Cast) -> None:
    cara = connect("Cara")
    staged.does("Carl", "idea", text="Written past this server")
    version = staged.room().it.version
    pulse = cara.next("pulse")
    if pulse["version"] != version:  # it was on its way already
        pulse = cara.next("pulse")
    assert pulse["version"] == version


def test_whoever_is_removed_is_told_and_cut_off(connect: Connect, staged: Cast) -> None:
    mia, cara = connect("Mia"), connect("Cara")
    assert mia.command("remove", seat=staged.seats["Cara"])["ok"]
    assert cara.next("goodbye") == {"reason": "removed"}
    assert cara.is_cut_off()
    with pytest.raises(socketio.exceptions.ConnectionError):
        connect("Cara")


def test_whoever_is_signed_out_is_not_here_for_the_others(connect: Connect, staged: Cast) -> None:
    cara, carl = connect("Cara"), connect("Carl")
    while len(cara.next("presence")["online"]) < 2:
        pass
    staged.room().seat(staged.seats["Carl"]).key_turn += 1  # type: ignore[union-attr]
    db.session.commit()
    assert carl.is_cut_off(), "the pulse finds him out"
    while staged.seats["Carl"] in cara.next("presence")["online"]:
        pass


def test_who_waits_hears_nothing_of_the_room(connect: Connect, staged: Cast) -> None:
    staged.room().it.call_url = "https://meet.example/north"
    db.session.commit()
    staged.seats["Cleo"] = join(staged.id, "Cleo").id
    cleo, cara = connect("Cleo"), connect("Cara")
    snapshot = cleo.next("snapshot")
    assert snapshot["items"] == {}
    assert snapshot["session"]["call_url"] == ""
    assert cara.next("snapshot")["session"]["call_url"] == "https://meet.example/north"
    assert connect("Mia").command("set_time", base="brainstorm", seconds=600)["ok"]
    assert cleo.next("patch")["session"]["call_url"] == ""
    cara.command("idea", text="Ask the planner for a sketch")
    patch = cleo.next("patch")
    assert "items" not in patch
    assert "people" not in patch
    with pytest.raises(queue.Empty):
        cleo.inbox["presence"].get_nowait()
    assert cleo.command("note", text="Hello?")["code"] == "forbidden"


def test_the_clock_of_the_server_can_be_asked(connect: Connect, server: Server) -> None:
    cara = connect("Cara")
    before = cara.send("probe", {})["now"]
    server.set_clock(3600)
    try:
        assert cara.send("probe", {})["now"] - before > 3_500_000
    finally:
        server.set_clock(0)
