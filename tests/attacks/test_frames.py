"""What no page of ours would put on the wire: too long, too deep, no JSON, no packet, binary. Each ends its connection,
and has changed nothing.
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import suppress

import pytest
import websocket
from flask import Flask

from app.extensions import PACKET_BYTES_MAX
from tests.attacks.conftest import Break, Connect, app_beside
from tests.attacks.test_packets import code_of, command
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person

pytestmark = pytest.mark.usefixtures("unharmed")


@pytest.fixture(scope="module")
def near(_server: Server) -> Iterator[Flask]:
    with app_beside(_server) as app:
        yield app


@pytest.fixture(scope="module")
def staged(near: Flask) -> Cast:
    """One session for all of these: none of them may change it."""
    return Cast().run_up_to("brainstorm")


def packet_of(length: int) -> str:
    head = f'421["command",{json.dumps(command("idea", {}))[:-2]}"text":"'
    return head + "a" * (length - len(head) - len('"}}]')) + '"}}]'


def test_a_packet_of_64_kb_is_still_answered(broken: Break) -> None:
    assert PACKET_BYTES_MAX == 64 * 1024
    for length in (PACKET_BYTES_MAX - 1, PACKET_BYTES_MAX):
        cara = broken()
        cara.send(packet_of(length))
        assert code_of(json.loads(cara.read(until="431")[3:])[0]) == "too_long"


def test_a_packet_of_one_byte_more_ends_the_connection(broken: Break) -> None:
    cara = broken()
    with suppress(OSError):  # it may be cut while it still sends
        cara.send(packet_of(PACKET_BYTES_MAX + 1))
    assert cara.is_cut()


def test_a_message_of_a_megabyte_ends_the_connection(broken: Break) -> None:
    cara = broken()
    with suppress(OSError):
        cara.send(packet_of(1_000_000))
    assert cara.is_cut()


def test_a_message_in_fragments_without_end_is_cut_off_too(broken: Break) -> None:
    cara, frame = broken(), websocket.ABNF
    sent = 0
    with suppress(OSError, websocket.WebSocketException):
        while sent < 200:
            opcode = frame.OPCODE_CONT if sent else frame.OPCODE_TEXT
            cara.socket.send_frame(frame(0, 0, 0, 0, opcode, 1, b"a" * 8000))
            sent += 1
    assert sent < 200 or cara.is_cut()


def test_a_thousand_levels_of_json_are_refused(broken: Break) -> None:
    deep = "[" * 1000 + "]" * 1000
    assert code_of(broken().event_in_json(f'["command",{deep}]')) == "unknown_event"
    cara = broken()
    cara.send('421["command",' + "[" * 30_000 + "]" * 30_000 + "]")
    assert cara.is_cut()


NO_JSON = ["NaN", "Infinity", "-Infinity", "1e999", '"\\ud83d"', '"a \\ude00"', "07", "'x'", '"x"] ["x"']
"""What Python's own reader would take, or some other one, and what is no JSON anywhere."""


@pytest.mark.parametrize("value", NO_JSON)
@pytest.mark.parametrize("act", ["extend", "idea"])
def test_a_value_that_json_does_not_have_ends_the_connection(
    broken: Break, connect: Connect, staged: Cast, act: str, value: str
) -> None:
    field = "seconds" if act == "extend" else "text"
    mia = broken("Mia")
    mia.send(
        f'421["command",{{"id":"{uuid.uuid4()}","name":"{act}","base":"brainstorm","data":{{"{field}":{value}}}}}]'
    )
    assert mia.is_cut()
    is_seen_to_go(connect("Carl"), staged.seats["Mia"])


@pytest.mark.parametrize("number", [2**63, 2**64, -(2**63) - 1, 10**400])
def test_a_number_beyond_every_bound_is_invalid_or_ends_the_connection(broken: Break, number: int) -> None:
    mia = broken("Mia")
    sent = command("extend", {"seconds": "NUMBER"})
    mia.send(f"421{json.dumps(['command', sent])}".replace('"NUMBER"', str(number)))
    if number == 10**400:  # no float has room for it
        assert mia.is_cut()
    else:
        assert code_of(json.loads(mia.read(until="431")[3:])[0]) == "invalid"


@pytest.mark.parametrize(
    "text", ["42", "42{}", "42[]", "42[[]]", '42[{"a":1}]', "4299999999999999999999[", "4", "4\x00", "44", "47"]
)
def test_what_is_no_packet_ends_its_connection(broken: Break, connect: Connect, staged: Cast, text: str) -> None:
    cara = broken()
    cara.send(text)
    assert cara.is_cut()
    is_seen_to_go(connect("Carl"), staged.seats["Cara"])


@pytest.mark.parametrize("text", ["x", "", "b!", "é"])
def test_what_is_not_even_a_frame_of_ours_ends_its_connection(
    broken: Break, connect: Connect, staged: Cast, text: str
) -> None:
    carl, cara = connect("Carl"), broken()
    cara.send(text)
    assert cara.is_cut()
    is_seen_to_go(carl, staged.seats["Cara"])


def is_seen_to_go(person: Person, seat: str) -> None:
    """The others are shown that there is nobody any more."""
    while seat in person.next("presence")["online"]:
        pass


@pytest.mark.parametrize("text", ['42"command"', "9", '43999["x"]'])
def test_what_asks_for_nothing_is_answered_by_nothing(broken: Break, text: str) -> None:
    cara = broken()
    cara.send(text)
    assert code_of(cara.event("nothing", number=7)) == "unknown_event"


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 50, b"42[]", b"\x04bad", b'2["probe",{}]', b'21["probe",{}]'])
def test_a_binary_frame_ends_its_connection(broken: Break, data: bytes) -> None:
    cara = broken()
    cara.socket.send_binary(data)
    assert cara.is_cut()


@pytest.mark.parametrize(
    "text",
    [
        '451-["command",{"_placeholder":true,"num":0}]',
        '451-1["command",{"_placeholder":true,"num":0}]',
        '450-1["probe",{}]',
        '461-1["x"]',
        "bMlsicHJvYmUiLHt9XQ==",
    ],
)
def test_whoever_announces_something_binary_is_cut_off_before_it_comes(broken: Break, text: str) -> None:
    cara = broken()
    cara.send(text)
    assert cara.is_cut()


def test_text_that_is_no_utf8_ends_the_connection(broken: Break) -> None:
    cara = broken()
    cara.socket.send(b'42["command",{"name":"\xff\xfe"}]', opcode=websocket.ABNF.OPCODE_TEXT)
    assert cara.is_cut()
