"""The runs: what is done to whom, how often, and what must come of it."""

import shutil
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Browser

from devtools.chaos import harm
from devtools.chaos.checker import Finding, check
from devtools.chaos.evidence import Evidence, Fault
from devtools.chaos.screens import browsers
from devtools.chaos.timing import Timings, measure, share
from devtools.chaos.trial import TooLate, Trial
from devtools.rig.rigs import RIGS, Rig

HOURS_12 = 12 * 3600.0
DEVICES = (0.0, HOURS_12, -HOURS_12, 95.0)
"""By how much (s) people's own clocks are wrong."""


@dataclass(frozen=True)
class Size:
    """How big a run is. `times`: how often the harm is done; `pace_s`: seconds between two acts of a person; `walk_s`:
    seconds for the way through the steps, 0 where the harm itself leads the way.
    """

    sessions: int
    people: int
    times: int
    pace_s: float = 2.2
    walk_s: float = 12.0


@dataclass(frozen=True)
class Bound:
    """A figure and what it may be at most; what is not `judged` is only told."""

    name: str
    value: float
    at_most: float
    unit: str = "s"
    judged: bool = True

    @property
    def kept(self) -> bool:
        return self.value <= self.at_most or not self.judged

    def __str__(self) -> str:
        shown = f"{self.value:.0f}" if self.value >= 10 or self.unit != "s" else f"{self.value:.2g}"
        return f"{self.name} {shown} {self.unit} (≤ {self.at_most:g}{'' if self.judged else ', not judged'})"


@dataclass(frozen=True)
class Run:
    """`rigs`: where it is done; `quick_rigs`: where the quick set does it, if not on all of them. `screens`: people
    of each session who sit at real browsers. `alone`: needs a rig of its own. `felt`: somebody has to be told that
    something is not saved yet, or the harm was none.
    """

    name: str
    rigs: str
    harm: harm.Harm
    quick: Size
    full: Size
    bounds: Callable[[Timings, dict[str, float]], list[Bound]]
    moderators: int = 1
    screens: int = 0
    full_screens: int = 0
    alone: bool = False
    quick_rigs: str = "ab"
    felt: bool = False


@dataclass
class Result:
    """What a run came to; `acked`: commands that were acknowledged."""

    run: Run
    rig: str
    faults: int = 0
    acked: int = 0
    bounds: list[Bound] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)

    @property
    def passed(self) -> bool:
        return not self.findings and self.acked > 0 and all(bound.kept for bound in self.bounds)


def _answers(timings: Timings, _figures: dict[str, float]) -> list[Bound]:
    return [
        Bound("ack p95", 1000 * share(timings.answers, 0.95), 150, "ms"),
        Bound("ack p99", 1000 * share(timings.answers, 0.99), 500, "ms"),
        Bound("fan-out p95", 1000 * share(timings.news, 0.95), 300, "ms"),
        Bound("stale", max(timings.stale, default=0), 7),
    ]


def _live(name: str = "live again") -> Callable[[Timings, dict[str, float]], list[Bound]]:
    """The worst way back after each kind of fault."""

    def bounds(timings: Timings, _figures: dict[str, float]) -> list[Bound]:
        worst: dict[str, tuple[float, Fault]] = {}
        for took_s, fault in timings.back:
            if took_s >= worst.get(fault.what, (0.0, fault))[0]:
                worst[fault.what] = (took_s, fault)
        named = len(worst) > 1
        return [
            Bound(f"{name} after {what}" if named else name, took_s, fault.back_within_s or 0)
            for what, (took_s, fault) in worst.items()
        ]

    return bounds


def _gap(timings: Timings, figures: dict[str, float]) -> list[Bound]:
    return [*_live("gap")(timings, figures), Bound("ended within", figures.get("stop_s", 0), 12)]


def _stale(timings: Timings, _figures: dict[str, float]) -> list[Bound]:
    return [Bound("stale", max(timings.stale, default=0), 7)]


def _seen(timings: Timings, _figures: dict[str, float]) -> list[Bound]:
    return [Bound("seen by all", max(timings.news, default=0), 2)]


def _nothing(_timings: Timings, _figures: dict[str, float]) -> list[Bound]:
    return []


def _unharmed(timings: Timings, figures: dict[str, float]) -> list[Bound]:
    return [
        Bound("ack p95", 1000 * share(timings.answers, 0.95), 150, "ms"),
        Bound("memory grew by", figures.get("grown_mb", 0), 60, "MB"),
    ]


def _screens(_timings: Timings, figures: dict[str, float]) -> list[Bound]:
    return [Bound("back", figures.get("screen_back_s", 0), 10)]


RUNS = (
    Run("Steady", "ab", harm.nothing, Size(3, 6, 3), Size(30, 10, 400, 6.0, 1800), _answers),
    Run("One room", "ab", harm.everybody_writes, Size(1, 30, 1, walk_s=0), Size(1, 100, 1, walk_s=0), _seen,
        quick_rigs="a"),
    Run("Storm", "ab", harm.storm, Size(3, 6, 2), Size(25, 10, 5), _live("resumed"), quick_rigs="b"),
    Run("kill -9", "ab", harm.kill, Size(3, 6, 5, walk_s=40), Size(3, 6, 50, walk_s=400), _live()),
    Run("SIGTERM", "ab", harm.terminate, Size(3, 6, 2), Size(3, 6, 20, walk_s=120), _gap),
    Run("Redis", "b", harm.redis, Size(3, 6, 1), Size(3, 6, 10, walk_s=900), _stale),
    Run("PostgreSQL", "b", harm.postgres, Size(3, 6, 2), Size(3, 6, 10, walk_s=90), _live()),
    Run("SQLite locked", "a", harm.lock, Size(2, 6, 1), Size(3, 6, 10, walk_s=200), _live(), felt=True),
    Run("Disk full", "a", harm.fill_disk, Size(2, 6, 1), Size(3, 6, 3), _live(), alone=True, felt=True),
    Run("Restored", "ab", harm.lose_database, Size(2, 6, 1, walk_s=0), Size(3, 6, 3, walk_s=0), _live()),
    Run("Network", "ab", harm.network, Size(3, 6, 1, walk_s=60), Size(3, 6, 25, walk_s=3600), _live("resumed"),
        quick_rigs="a"),
    Run("Browsers", "ab", browsers, Size(1, 6, 1, walk_s=0), Size(1, 14, 5, walk_s=0), _screens, screens=2,
        full_screens=10, quick_rigs="a"),
    Run("Race", "ab", harm.race, Size(1, 12, 6, walk_s=0), Size(1, 12, 200, walk_s=0), _nothing, moderators=10),
    Run("Non-readers", "ab", harm.non_readers, Size(3, 6, 12), Size(3, 6, 600, walk_s=600), _unharmed, quick_rigs="a"),
)  # fmt: skip


def carry_out(
    run: Run, rig: Rig, seed: str, browser: Browser | None, *, full: bool, timed: bool = True, keep: bool = False
) -> Result:
    """One run on a rig that is up; its journals are thrown away unless something was found."""
    size = run.full if full else run.quick
    folder = Path(tempfile.mkdtemp(prefix=f"intervise-{run.name.lower().replace(' ', '-')}-{rig.name}-"))
    result = Result(run, rig.name)
    screens = run.full_screens if full else run.screens
    try:
        with Trial(
            rig,
            folder,
            seed=f"{seed}:{run.name}",
            sessions=size.sessions,
            people=size.people,
            pace_s=size.pace_s,
            offsets_s=DEVICES,
            moderators=run.moderators,
            browser=browser,
            screens=screens,
        ) as trial:
            try:
                if size.walk_s:
                    trial.walk(size.walk_s)
                run.harm(trial, size.times)
                evidence = trial.end()
            finally:
                result.findings += trial.findings
        judge(result, evidence, trial.figures, full=full, timed=timed)
    except (TooLate, TimeoutError) as late:
        result.findings.append(Finding(0, "wrong", str(late)))
    except Exception:
        result.findings.append(Finding(0, "wrong", traceback.format_exc()))
    if result.passed and not keep:
        shutil.rmtree(folder)
    else:
        print(f"    its journals: {folder / 'clients'}; the servers' logs: {rig.folder}")
    return result


def judge(result: Result, evidence: Evidence, figures: dict[str, float], *, full: bool, timed: bool) -> None:
    """How many milliseconds an answer takes is judged in the full set alone: the quick one shares its machine with
    whatever else runs there. Not `timed`: seconds are told, and nothing depends on them.
    """
    timings = measure(evidence)
    result.faults = len(evidence.faults) + int(figures.get("races", 0))
    result.acked = sum(bool(sent.accepted) for each in evidence.witnesses for sent in each.commands())
    bounds = result.run.bounds(timings, figures)
    told = {"ms": not (timed and full), "s": not timed}
    result.bounds = [replace(bound, judged=not told.get(bound.unit)) for bound in bounds]
    result.findings += check(evidence)
    if result.run.felt and not any(sent.held_back for each in evidence.witnesses for sent in each.commands()):
        result.findings.append(Finding(0, "wrong", "nobody was told that something is not saved yet"))


@contextmanager
def rigs(name: str, alone: bool) -> Iterator[Rig]:
    """A rig in a folder of its own, on a small disk of its own when it is to be `alone`."""
    folder = Path(tempfile.mkdtemp(prefix=f"intervise-rig-{name}-"))
    with ExitStack() as stack:
        if alone:
            stack.callback(harm.mount_small_disk(folder))
        yield stack.enter_context(RIGS[name](folder, SEATS_MAX="120", CONTRIBUTIONS_PER_MINUTE="60"))
