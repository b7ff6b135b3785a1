from datetime import UTC, datetime, timedelta

import pytest

from app.sessions.clock import Clock, on_entering, running, share_out

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def test_a_running_clock_counts_down_and_into_overtime() -> None:
    clock = running(60, NOW)
    assert clock.left(later(20)) == 40
    assert clock.left(later(75)) == -15


def test_a_paused_clock_stands_still_and_goes_on_where_it_was() -> None:
    paused = running(60, NOW).paused(later(20))
    assert paused.left(later(500)) == 40
    assert paused.resumed(later(500)).left(later(510)) == 30


def test_resuming_a_running_clock_changes_nothing() -> None:
    clock = running(60, NOW)
    assert clock.resumed(later(20)) == clock


def test_a_step_without_time_has_no_clock() -> None:
    assert Clock().left(NOW) is None
    assert Clock().resumed(NOW) == Clock()
    assert Clock().changed(60, NOW) == Clock()


@pytest.mark.parametrize(
    ("left", "change", "expected"), [(300, 60, 360), (300, -60, 240), (65, -60, 10), (5, -60, 5), (-20, 60, 40)]
)
def test_a_minute_more_or_less_stays_above_the_shortest_time(left: float, change: float, expected: float) -> None:
    assert running(left, NOW).changed(change, NOW).left(NOW) == expected


def test_changing_a_paused_clock_leaves_it_paused() -> None:
    changed = Clock(left_s=100).changed(60, NOW)
    assert changed == Clock(left_s=160)


def test_a_step_that_is_entered_again_has_what_was_left_but_a_minute_at_least() -> None:
    assert on_entering(300, None) == 300
    assert on_entering(300, 100) == 200
    assert on_entering(300, 290) == 60
    assert on_entering(300, 900) == 60


def test_the_rest_is_shared_in_proportion_and_the_protected_steps_keep_theirs() -> None:
    shared = share_out(1000, {"brainstorm": 600, "recommendations": 300, "lessons": 400}, frozenset({"lessons"}))
    assert shared == {"brainstorm": 400, "recommendations": 200, "lessons": 400}


def test_an_overrun_never_takes_from_a_protected_step() -> None:
    shared = share_out(100, {"recommendations": 300, "lessons": 400}, frozenset({"lessons"}))
    assert shared == {"recommendations": 10, "lessons": 400}


def test_protected_steps_alone_share_a_surplus_and_ignore_a_deficit() -> None:
    guarded = frozenset({"feedback", "lessons"})
    wishes = {"feedback": 300.0, "lessons": 100.0}
    assert share_out(800, wishes, guarded) == {"feedback": 600, "lessons": 200}
    assert share_out(100, wishes, guarded) == wishes
