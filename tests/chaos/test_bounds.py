"""What a run is judged by."""

import pytest

from devtools.chaos import harm
from devtools.chaos.bounds import Bound, killed, unharmed
from devtools.chaos.carrying_out import Result, judge
from devtools.chaos.evidence import Fault
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


def test_a_figure_may_also_have_to_be_so_much_at_least() -> None:
    kills = {Fault("kill -9", began, began + 2000, None, 5) for began in (1000, 9000)}
    enough, few = (killed(Timings(at_a_change=kills), [{"owed_at_a_change": owed}])[-1] for owed in (2, 3))
    assert (enough.kept, few.kept) == (True, False)
    assert str(few) == "kills at a change 2 times (≥ 3)"


def test_others_wait_at_most_half_as_long_again_beside_devices_that_do_not_read() -> None:
    def bound(before_s: float, beside_s: float) -> Bound:
        return unharmed(Timings(calm=[before_s], harmed=[beside_s]), [])[1]

    assert bound(0.020, 0.029).kept
    assert not bound(0.020, 0.031).kept
    assert not bound(0.140, 0.160).kept
