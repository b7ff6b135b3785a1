import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread

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


def test_what_is_done_at_a_moment_happens_then_and_what_follows_happens_now():
    moment = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    with times.at(moment):
        assert times.now() == moment
        assert times.now().tzinfo is UTC
        with suppress(KeyError), times.at(moment + timedelta(hours=1)):
            raise KeyError
        assert times.now() == moment
    assert is_about(ahead(), timedelta())


def test_a_moment_is_only_for_the_thread_that_asked_for_it():
    elsewhere: list[timedelta] = []
    with times.at(datetime(2026, 3, 2, tzinfo=UTC)):
        thread = Thread(target=lambda: elsewhere.append(ahead()))
        thread.start()
        thread.join()
    assert is_about(elsewhere[0], timedelta())
