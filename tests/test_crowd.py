"""The crowd of `dev.py bench rooms` counts what became of every contribution, and says so when it was late itself."""

from devtools.bench.crowd.tally import Tally, marked, number_in, numbers_in
from devtools.bench.crowd.wire import Wire
from devtools.bench.figures import Stretch

EVERYBODY = 0b111


def told(tally: Tally) -> dict[str, object]:
    return {name: value for name, value in tally.report().items() if name in ("sent", "lost", "doubled", "refused")}


def test_what_reaches_every_screen_once_is_neither_lost_nor_doubled():
    tally = Tally(EVERYBODY)
    tally.send(7, now=1.0)
    tally.answer(7, "", now=1.1)
    for seat in range(3):
        tally.arrive(7, seat, now=1.2 + seat)
    assert told(tally) == {"sent": 1, "lost": 0, "doubled": 0, "refused": {}}
    assert tally.report()["fan_outs_ms"] == [2200.0], "until the last of them"
    assert tally.complete


def test_a_screen_that_was_not_reached_counts_as_lost_and_one_that_was_told_twice_as_doubled():
    tally = Tally(EVERYBODY)
    tally.send(7, now=1.0)
    for seat in (0, 1, 1):
        tally.arrive(7, seat, now=2.0)
    assert told(tally) == {"sent": 1, "lost": 1, "doubled": 1, "refused": {}}
    assert not tally.complete


def test_what_is_shown_with_all_the_rest_may_come_again():
    tally = Tally(EVERYBODY)
    tally.send(7, now=1.0)
    tally.arrive(7, 0, now=2.0, whole=True)
    tally.arrive(7, 0, now=2.1)
    assert told(tally)["doubled"] == 0


def test_what_was_refused_is_not_lost():
    tally = Tally(EVERYBODY)
    tally.send(7, now=1.0)
    tally.answer(7, "rate_limited", now=1.1)
    assert told(tally) == {"sent": 1, "lost": 0, "doubled": 0, "refused": {"rate_limited": 1}}


def test_a_number_is_found_again_in_what_the_server_sends():
    assert number_in(f'42["patch",{{"text":"{marked(1234)}"}}]'.encode()) == 1234
    assert numbers_in(f"{marked(1)} {marked(2)}".encode()) == [1, 2]
    assert number_in(b'42["pulse",{}]') == -1


def test_frames_are_put_together_from_whatever_pieces_they_come_in():
    heard: list[bytes] = []
    long = b"x" * 70_000
    frames = b"\x81\x02hi" + b"\x81\x7e\x01\x00" + b"y" * 256 + b"\x81\x7f" + len(long).to_bytes(8, "big") + long
    whole = b"HTTP/1.1 101 Switching Protocols\r\n\r\n" + frames
    for size in (1, 7, 5000, len(whole)):
        heard.clear()
        wire = Wire(b"", heard.append, lambda: None)
        for at in range(0, len(whole), size):
            wire.data_received(whole[at : at + size])
        assert heard == [b"hi", b"y" * 256, long]


def test_a_late_crowd_says_that_it_was_the_limit():
    part = {"sent": 1, "acked": [1], "refused": {}, "lost": 0, "doubled": 0, "gone": 0, "acks_ms": [1.0],
            "fan_outs_ms": [1.0], "lags_ms": [1.0], "wrote_s": 1.0, "processor": 0.2}  # fmt: skip
    assert not Stretch.of([part]).client_is_the_limit
    assert Stretch.of([part | {"lags_ms": [30.0]}]).client_is_the_limit
    assert Stretch.of([part, part | {"processor": 0.95}]).client_is_the_limit
