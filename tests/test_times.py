import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import times


def ahead() -> timedelta:
    return times.now() - datetime.now(UTC)


def is_about(given: timedelta, expected: timedelta) -> bool:
    return abs(given - expected) < timedelta(minutes=1)


def test_a_test_moves_the_clock_while_the_server_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    clock = tmp_path / "clock"
    monkeypatch.setenv("INTERVISE_CLOCK_FILE", str(clock))
    assert is_about(ahead(), timedelta())
    clock.write_text("7200")
    assert is_about(ahead(), timedelta(hours=2))
    clock.write_text("-60000.5")
    os.utime(clock, ns=(1, 1))  # another time of change, however coarse the file system's times are
    assert is_about(ahead(), timedelta(seconds=-60000.5))


@pytest.mark.parametrize("environment", ["production", "development", ""])
def test_only_tests_move_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: str):
    (tmp_path / "clock").write_text("7200")
    monkeypatch.setenv("INTERVISE_CLOCK_FILE", str(tmp_path / "clock"))
    monkeypatch.setenv("INTERVISE_ENV", environment)
    assert is_about(ahead(), timedelta())


def test_the_time_is_utc():
    assert times.now().tzinfo is UTC
