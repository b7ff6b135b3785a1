"""What the server knows without being asked, and tells: that somebody has stopped typing, and why a seat is gone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import socketio
from flask import Flask

from app.sessions.commands import erasing
from tests.conftest import Server, start_server, stop_server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of

Connect = Callable[[str], Person]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all of these: every test has a session of its own."""
    running = start_server(tmp_path_factory.mktemp("told"))
    yield running
    stop_server(running)


@pytest.fixture
def staged(near: Flask, tmp_path: Path) -> Cast:
    near.instance_path = str(tmp_path)  # where it is noted what was erased
    return Cast()


@pytest.fixture
def connect(server: Server, near: Flask, staged: Cast) -> Iterator[Connect]:
    people: list[Person] = []

    def connect(who: str) -> Person:
        people.append(Person(server.url, staged.room().it.code, cookie_of(near, staged, who)))
        return people[-1]

    yield connect
    for person in people:
        person.leave()


def test_whoever_gives_a_command_has_stopped_typing_for_the_others_too(connect: Connect, staged: Cast) -> None:
    staged.run_up_to("feedback")
    mia, otto = connect("Mia"), connect("Otto")
    assert otto.send("typing", {"on": True})["ok"]
    while staged.seats["Otto"] not in mia.next("presence")["typing"]:
        pass
    recommendation = staged.sees_kind("Otto", "recommendation")[0]["id"]
    assert otto.command("sort", parent=recommendation, verdict="helps")["ok"]
    while staged.seats["Otto"] in mia.next("presence")["typing"]:
        pass


def refusal(server: Server, code: str, cookie: str) -> Any:
    """What somebody with this cookie is told who wants to connect."""
    told: list[Any] = []
    line = socketio.Client(reconnection=False, websocket_extra_options={"suppress_origin": True})
    line.on("connect_error", told.append)
    with pytest.raises(socketio.exceptions.ConnectionError):
        line.connect(
            f"{server.url}?room={code}",
            headers={"Cookie": cookie, "Origin": server.url},
            transports=["websocket"],
            wait_timeout=10,
        )
    return told[0]["message"]


def erase(cast: Cast) -> None:
    erasing.erase_person(cast.id, cast.seats["Cara"], words=True)


def remove(cast: Cast) -> None:
    cast.does("Mia", "remove", seat=cast.seats["Cara"])


def forget(cast: Cast) -> None:
    it = cast.room()
    it.it.transcript = False
    it.rows.commit()
    cast.does("Mia", "stop")


def move(cast: Cast) -> None:
    it = cast.room()
    seat = it.seat(cast.seats["Cara"])
    assert seat
    seat.key_turn += 1
    it.rows.commit()


@pytest.mark.parametrize(
    ("happens", "reason"), [(erase, "erased"), (remove, "removed"), (forget, "forgotten"), (move, "elsewhere")]
)
def test_whoever_lost_their_seat_while_they_were_away_is_told_why(
    near: Flask, server: Server, staged: Cast, happens: Callable[[Cast], None], reason: str
) -> None:
    staged.go_to("brainstorm")
    cookie = cookie_of(near, staged, "Cara")
    happens(staged)
    assert refusal(server, staged.room().it.code, cookie) == reason


def test_whoever_never_had_a_seat_is_told_nothing(near: Flask, server: Server, staged: Cast) -> None:
    staged.go_to("brainstorm")
    other = Cast().opened("Cara")
    told = refusal(server, staged.room().it.code, cookie_of(near, other, "Cara"))
    assert told == refusal(server, "NOSUCH", cookie_of(near, other, "Cara"))
