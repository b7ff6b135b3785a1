"""What a run is judged by."""

import pytest

from devtools.chaos import harm
from devtools.chaos.bounds import Bound
from devtools.chaos.carrying_out import Result, judge
from devtools.chaos.runs import Run, Size
from devtools.chaos.timing import Timings

LATE, SLOW, FAT = Bound("back", 9, 5), Bound("ack", 900, 150, "ms"), Bound("grew by", 90, 60, "MB")


@pytest.mark.parametrize(
    ("full", "timed", "judged"),
    [
        (False, True, {"back", "grew by"}),
        (True, True, {"back", "ack", "grew by"}),
        (False, False, {"grew by"}),
        (True, False, {"grew by"}),
    ],
)
def test_an_untimed_run_tells_times_and_judges_everything_else(full: bool, timed: bool, judged: set[str]) -> None:
    run = Run("Any", "a", harm.nothing, Size(1, 2, 1), Size(1, 2, 1), lambda _timings, _figures: [LATE, SLOW, FAT])
    result = Result(run, "a")
    judge(result, Timings(), [], full=full, timed=timed)
    assert {bound.name for bound in result.bounds if not bound.kept} == judged
    assert not result.passed
