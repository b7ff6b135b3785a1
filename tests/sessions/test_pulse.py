"""The pulse goes round in beats, so that telling thousands never holds up whoever speaks at that moment."""

from collections.abc import Callable
from itertools import chain
from types import SimpleNamespace

import pytest
from flask import Flask

from app.operations import metrics
from app.sessions import presence, pulse
from app.sessions.presence import Connection
from tests.sessions.cast import Cast


def test_every_room_hears_once_in_a_round(make_cast: Callable[..., Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(presence, "send", lambda event, _data, sids: told.extend(f"{event} {sid}" for sid in sids))
    for number, cast in enumerate([make_cast() for _ in range(3)]):
        room = cast.run_up_to("brainstorm").room()
        assert room.owner
        presence.arrive(f"otto-{number}", Connection(room.it.id, room.owner.id, room.owner.key_turn, room.it.join_turn))
    rounds: list[list[list[str]]] = [[], []]
    try:
        for heard in rounds:
            for beat in range(pulse.BEATS):
                pulse.pulse_once(beat)
                heard.append(told.copy())
                told.clear()
    finally:
        presence.forget_everybody()
    assert sorted(chain(*rounds[0])) == ["pulse otto-0", "pulse otto-1", "pulse otto-2"]
    assert rounds[0] == rounds[1], "five seconds lie between two pulses, neither more nor less"
    assert max(map(len, rounds[0])) == 1, "sessions that follow each other are told at different moments"


def test_a_beat_that_takes_its_time_makes_no_later_one_late(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    heard: list[tuple[int, float]] = []

    def passes(seconds: float) -> None:
        nonlocal now
        now += seconds

    def one_beat(beat: int) -> None:
        heard.append((beat, round(now, 6)))
        passes(0.2)
        if len(heard) > 2 * pulse.BEATS:
            raise KeyboardInterrupt

    monkeypatch.setattr(pulse, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(pulse, "socketio", SimpleNamespace(sleep=passes))
    monkeypatch.setattr(pulse, "pulse_once", one_beat)
    with pytest.raises(KeyboardInterrupt):
        pulse._pulse(app)
    assert [at for beat, at in heard if beat == 0] == [100.5, 105.5, 110.5]


def test_a_room_that_cannot_be_told_shows_in_the_age_of_the_pulse(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    beats: list[int] = []
    whole_after: list[int] = []

    def one_beat(beat: int) -> None:
        beats.append(beat)
        if len(beats) > 5 * pulse.BEATS:
            raise KeyboardInterrupt
        if beat == 3 and len(beats) < 3 * pulse.BEATS:
            raise RuntimeError("one session that cannot be read")

    monkeypatch.setattr(pulse, "socketio", SimpleNamespace(sleep=lambda _seconds: None))
    monkeypatch.setattr(pulse, "pulse_once", one_beat)
    monkeypatch.setattr(metrics, "pulsed", lambda: whole_after.append(len(beats)))
    with pytest.raises(KeyboardInterrupt):
        pulse._pulse(app)
    after_the_last_fault = 2 * pulse.BEATS + 4
    assert min(whole_after) == after_the_last_fault + pulse.BEATS, "one whole round has to follow"
