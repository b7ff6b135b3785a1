"""The pulse goes round in beats, so that telling thousands never holds up whoever speaks at that moment."""

from collections.abc import Callable
from itertools import chain

import pytest

from app.sessions import live, presence
from app.sessions.presence import Connection
from tests.sessions.cast import Cast


def test_every_room_hears_once_in_a_round(make_cast: Callable[..., Cast], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(presence, "send", lambda event, _data, sids: told.extend(f"{event} {sid}" for sid in sids))
    for number, cast in enumerate([make_cast() for _ in range(3)]):
        room = cast.run_up_to("brainstorm").room()
        assert room.owner
        presence.arrive(f"otto-{number}", Connection(room.it.id, room.owner.id, room.owner.key_turn))
    rounds: list[list[list[str]]] = [[], []]
    try:
        for heard in rounds:
            for beat in range(live.BEATS):
                live.pulse_once(beat)
                heard.append(told.copy())
                told.clear()
    finally:
        presence.forget_everybody()
    assert sorted(chain(*rounds[0])) == ["pulse otto-0", "pulse otto-1", "pulse otto-2"]
    assert rounds[0] == rounds[1], "five seconds lie between two pulses, neither more nor less"
    assert max(map(len, rounds[0])) == 1, "sessions that follow each other are told at different moments"
