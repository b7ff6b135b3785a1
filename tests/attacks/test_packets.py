"""Packets that no page of ours would send: answered by a code or cut off, and nothing has changed."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.attacks.conftest import Break, Connect, app_beside
from tests.conftest import Server
from tests.sessions.cast import Cast

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture(scope="module")
def near(_server: Server) -> Iterator[Flask]:
    with app_beside(_server) as app:
        yield app


@pytest.fixture(scope="module")
def staged(near: Flask) -> Cast:
    """One session for all of these: none of them may change it."""
    return Cast().run_up_to("brainstorm")


def command(act: Any, data: Any, **more: Any) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "name": act, "base": "brainstorm", "data": data} | more


def code_of(answer: Any) -> str:
    assert answer["ok"] is False
    assert "Traceback" not in str(answer)
    return str(answer["code"])


WRONG = {
    "a number for a text": ("idea", {"text": 7}),
    "a list for a text": ("idea", {"text": ["a"]}),
    "an object for a text": ("idea", {"text": {"$ne": ""}}),
    "nothing for a text": ("idea", {"text": None}),
    "a text for a number": ("extend", {"seconds": "60"}),
    "a fraction": ("extend", {"seconds": 60.5}),
    "a yes for a number": ("extend", {"seconds": True}),
    "2^63": ("extend", {"seconds": 2**63}),
    "a number for a yes": ("star", {"parent": "x", "on": 1}),
    "a number for an id": ("withdraw", {"item": 1}),
    "no object": ("idea", ["text"]),
    "nothing at all": ("idea", None),
    "people that are no list": ("statement", {"people": {"name": "x"}}),
    "people that are no objects": ("statement", {"people": ["x"]}),
    "people in people": ("statement", {"people": [{"name": [{"name": "x"}]}]}),
    "a date that is none": ("plan", {"text": "x", "by": "2026-02-31"}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_type_is_invalid_and_nothing_is_coerced(connect: Connect, name: str) -> None:
    assert code_of(connect("Mia").send("command", command(*WRONG[name]))) == "invalid"


@pytest.mark.parametrize("name", ["idea", 7, None, [], {}, "IDEA", "__class__", "idea\x00"])
def test_a_name_of_no_command_is_an_unknown_event(connect: Connect, name: Any) -> None:
    answer = code_of(connect("Cara").send("command", command(name, {})))
    assert answer == ("empty" if name == "idea" else "unknown_event")


@pytest.mark.parametrize("packets", [[], [{}, {}], ["a", "b", "c"]])
def test_too_few_and_too_many_arguments_are_answered(broken: Break, packets: list[Any]) -> None:
    assert code_of(broken().event("command", *packets)) in ("unknown_event", "invalid")


@pytest.mark.parametrize(
    "field", ["role", "author_id", "seat", "seat_id", "seq", "noted_by", "place", "now", "ends_at"]
)
def test_extra_fields_are_rejected_and_not_ignored(connect: Connect, field: str) -> None:
    cara = connect("Cara")
    assert code_of(cara.send("command", command("idea", {"text": "Mine", field: "moderator"}))) == "invalid"
    assert code_of(cara.send("command", command("idea", {"text": "Mine"}, **{field: "moderator"}))) == "invalid"


@pytest.mark.parametrize("event", ["sync", "typing", "probe"])
def test_extra_fields_of_other_events_are_rejected_too(connect: Connect, event: str) -> None:
    assert code_of(connect("Cara").send(event, {"on": True, "version": 0, "seat": "another"})) == "invalid"


@pytest.mark.parametrize("times", [{"now": 0}, {"ends_at": 9e15}, {"at": "2026-01-01"}])
def test_times_that_a_browser_sends_are_rejected(connect: Connect, times: dict[str, Any]) -> None:
    assert code_of(connect("Mia").send("command", command("set_time", {"seconds": 60} | times))) == "invalid"


@pytest.mark.parametrize("seconds", [-1, 0, 9, 86_401, 10**9, 0.5])
def test_a_timer_has_ten_seconds_to_a_day(connect: Connect, seconds: float) -> None:
    assert code_of(connect("Mia").send("command", command("set_time", {"seconds": seconds}))) == "invalid"


def test_a_text_is_as_long_as_4000_characters(connect: Connect) -> None:
    assert code_of(connect("Cara").send("command", command("idea", {"text": "a" * 4001}))) == "too_long"


@pytest.mark.parametrize("text", ["", " ", "\u200b\u2060\ufeff", "\u3164", "\x00\x07", "\u202e\u202c", "\n\t"])
def test_a_text_of_which_nothing_can_be_seen_is_empty(connect: Connect, text: str) -> None:
    assert code_of(connect("Cara").send("command", command("idea", {"text": text}))) == "empty"


def test_a_namespace_that_a_client_names_is_not_there(broken: Break) -> None:
    cara = broken()
    cara.send("40/admin,")
    assert "Unable to connect" in cara.read(until="44/admin")
    cara.send('42/admin,1["command",{}]')
    assert code_of(cara.event("nothing")) == "unknown_event"


@pytest.mark.parametrize("event", ["join", "join_room", "enter_room", "subscribe", "room"])
def test_a_room_that_a_client_names_is_not_joined(connect: Connect, staged: Cast, event: str) -> None:
    assert code_of(connect("Cara").send(event, {"room": "other"})) == "unknown_event"


def test_the_words_of_the_library_itself_are_no_events(broken: Break, staged: Cast) -> None:
    cara = broken()
    assert code_of(cara.event("connect", {"token": "x"})) == "unknown_event"
    cara.send('42["disconnect"]')
    assert cara.is_cut() or "41" in cara.read(until="41")


def test_a_command_of_somebody_who_said_no_hello_is_not_heard(broken: Break) -> None:
    silent = broken(hello=False)
    silent.send('421["command",{}]')
    assert silent.is_cut()
