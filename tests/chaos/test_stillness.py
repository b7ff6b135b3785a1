"""A machine that stands still is told of beside the figures."""

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from devtools.chaos import stillness
from devtools.chaos.stillness import Stillness

SEVEN, NOON = datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_the_longest_of_each_is_told_with_when_it_was(tmp_path: Path) -> None:
    machine = Stillness(tmp_path)
    machine.note(0.01, 6.2, SEVEN)
    machine.note(1.5, 3.0, NOON)
    assert (
        machine.words() == "The machine itself stood still: 1.5 s to wake up at 12:00:00, 6.2 s to write at 07:00:00."
    )


def test_nothing_is_told_of_a_machine_that_goes_on(tmp_path: Path) -> None:
    machine = Stillness(tmp_path)
    machine.note(0.3, 0.9, NOON)
    assert machine.words() == ""


def test_a_slow_disk_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that takes seconds by the clock that is read before and after it."""
    machine, hands = Stillness(tmp_path), [0.0]

    def writes_slowly(_file: int) -> None:
        hands[0] += 4.0
        machine.over.set()

    monkeypatch.setattr(time, "monotonic", lambda: hands[0])
    monkeypatch.setattr(os, "fsync", writes_slowly)
    monkeypatch.setattr(stillness, "EVERY_S", 0.0)
    with machine:
        machine.watch.join()
    assert machine.words().startswith("The machine itself stood still: 4.0 s to write at ")
