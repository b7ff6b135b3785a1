"""One run, from an empty folder to what it came to."""

import shutil
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Browser

from devtools.chaos import harm
from devtools.chaos.bounds import Bound, Figures
from devtools.chaos.checker import Finding, check
from devtools.chaos.evidence import Evidence
from devtools.chaos.runs import Run
from devtools.chaos.stillness import Stillness
from devtools.chaos.timing import Timings, measure
from devtools.chaos.trial import TooLate, Trial
from devtools.rig.rigs import RIGS, Rig

HOURS_12 = 12 * 3600.0
DEVICES = (0.0, HOURS_12, -HOURS_12, 95.0)
"""By how much (s) people's own clocks are wrong."""


@dataclass
class Result:
    """What a run came to; `acked`: commands that were acknowledged; `held_back`: said to be not saved yet, for once."""

    run: Run
    rig: str
    faults: int = 0
    acked: int = 0
    held_back: int = 0
    bounds: list[Bound] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def count(self, kind: str) -> int:
        return sum(finding.kind == kind for finding in self.findings)

    @property
    def passed(self) -> bool:
        return not self.findings and self.acked > 0 and all(bound.kept for bound in self.bounds)


def carry_out(
    run: Run, rig: Rig, seed: str, browser: Browser | None, *, full: bool, timed: bool = True, keep: bool = False
) -> Result:
    """One run on a rig that is up; its journals are thrown away unless something was found."""
    size = run.full if full else run.quick
    folder = Path(tempfile.mkdtemp(prefix=f"intervise-{run.name.lower().replace(' ', '-')}-{rig.name}-"))
    result = Result(run, rig.name)
    timings, figures = Timings(), []
    try:
        for group in range(size.groups):
            with (
                Stillness(folder) as machine,
                _trial(run, rig, folder / str(group), f"{seed}:{run.name}:{group}", browser, full=full) as trial,
            ):
                figures.append(trial.figures)
                try:
                    if size.walk_s:
                        trial.walk(size.walk_s)
                    run.harm(trial, size.times)
                    trial.end()
                finally:
                    result.findings += trial.findings
                for evidence in trial.evidence():
                    look(result, evidence, timings)
                result.faults += len(trial.faults) + int(trial.figures.get("races", 0))
            if words := machine.words():
                print(f"    {words}", flush=True)
        judge(result, timings, figures, full=full, timed=timed)
    except (TooLate, TimeoutError) as late:
        result.findings.append(Finding(0, "wrong", str(late)))
    except Exception:
        result.findings.append(Finding(0, "wrong", traceback.format_exc()))
    if result.passed and not keep:
        shutil.rmtree(folder)
    else:
        print(f"    its journals: {folder}; the servers' logs: {rig.folder}")
    return result


def _trial(run: Run, rig: Rig, folder: Path, seed: str, browser: Browser | None, *, full: bool) -> Trial:
    size = run.full if full else run.quick
    return Trial(
        rig,
        folder,
        seed=seed,
        sessions=size.sessions,
        people=size.people,
        pace_s=size.pace_s,
        offsets_s=DEVICES,
        moderators=run.moderators,
        way=run.way,
        browser=browser,
        screens=run.full_screens if full else run.screens,
    )


def look(result: Result, evidence: Evidence, timings: Timings) -> None:
    """What the journals of some sessions say goes into `result`, how long everything took into `timings`."""
    sent = [each for witness in evidence.witnesses for each in witness.commands]
    result.acked += sum(bool(each.accepted) for each in sent)
    result.held_back += sum(each.held_back for each in sent)
    result.findings += check(evidence)
    measure(evidence, timings)


def judge(result: Result, timings: Timings, figures: Sequence[Figures], *, full: bool, timed: bool) -> None:
    """How many milliseconds an answer takes is judged in the full set alone: the quick one shares its machine with
    whatever else runs there. Not `timed`: seconds are told, and nothing depends on them.
    """
    told = {"ms": not (timed and full), "s": not timed}
    bounds = result.run.bounds(timings, figures)
    result.bounds = [replace(bound, judged=not told.get(bound.unit)) for bound in bounds]
    if result.run.felt and not result.held_back:
        result.findings.append(Finding(0, "wrong", "nobody was told that something is not saved yet"))


@contextmanager
def rigs(name: str, alone: bool) -> Iterator[Rig]:
    """A rig in a folder of its own, on a small disk of its own when it is to be `alone`."""
    folder = Path(tempfile.mkdtemp(prefix=f"intervise-rig-{name}-"))
    with ExitStack() as stack:
        if alone:
            stack.callback(harm.mount_small_disk(folder))
        yield stack.enter_context(RIGS[name](folder, SEATS_MAX="120", CONTRIBUTIONS_PER_MINUTE="60"))
