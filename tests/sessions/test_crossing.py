"""What crosses between processes by Redis, when Redis fails."""

import logging
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from flask import Flask

from app.extensions import socketio
from app.operations import metrics
from app.sessions import crossing


class Enough(Exception):
    """The test has seen what it wants to see."""


def test_each_failure_is_counted_and_each_time_that_redis_goes_is_told_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["REDIS_URL"] = "redis://127.0.0.1:1"
    crosses = crossing.Crossing(app, lambda _news: None)
    moments = iter([0, 0, 1, 1, 100, 100])  # it is away for a second, and once more a minute and a half later
    monkeypatch.setattr(crossing, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    naps: list[Any] = []

    def nap(_seconds: float) -> None:
        naps.append(1)
        if len(naps) == 3:
            raise Enough

    monkeypatch.setattr(socketio, "sleep", nap)
    before = metrics.crossing_failures._value.get()

    def fail() -> None:
        raise redis.ConnectionError("away")

    with caplog.at_level(logging.WARNING), pytest.raises(Enough):
        crosses._for_ever(fail)
    assert metrics.crossing_failures._value.get() - before == 3
    assert caplog.text.count("Redis is away") == 2
