"""Bugs planted in a real server: each must be caught by the checker, from outside, by what people lived through."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from devtools.chaos import harm
from devtools.chaos.carrying_out import Result, carry_out
from devtools.chaos.people import write
from devtools.chaos.runs import RUNS, Run, Size
from devtools.chaos.screens import turn_clock
from devtools.chaos.trial import BACK_S, Trial
from devtools.rig.app import ROOT
from devtools.rig.rigs import ENTRY, rig_a

SMALL = Size(1, 4, 1, pace_s=0.5, walk_s=6)
NON_READERS = next(run for run in RUNS if run.name == "Non-readers")


def answers_lost(trial: Trial, _times: int) -> None:
    """Whoever may, has an idea; it is saved, and none of them hears so before the line breaks."""
    trial.stop_walking.set()
    trial.act(False)
    trial.go_to("brainstorm")
    trial.wait(lambda: not any(client.busy for client in trial.clients), "all is saved")
    consultants = [client for client in trial.clients if client.who.role == "consultant"]
    (session,) = trial.rooms
    before = trial.stage.version(session)
    with trial.fault("answers lost", consultants, back_within_s=BACK_S):
        for client in consultants:
            trial.line(client).loses_answers()
            client.say(write("idea", trial.random))
        trial.wait(lambda: trial.stage.version(session) >= before + len(consultants), "what was said is saved")
        for client in consultants:
            trial.line(client).blinks()
    trial.wait(lambda: not any(client.busy for client in trial.clients), "all has been said once more")
    trial.act(True)


def killed(trial: Trial, _times: int) -> None:
    """The server dies right after it has said "saved"."""
    trial.stop_walking.set()
    (session,) = trial.rooms
    app = trial.rig.apps[0]
    answer = trial.moderator(session).move("advance", anyway=True)
    with trial.fault("kill -9", back_within_s=harm.LIVE_S):
        app.program.kill()
        app.start()
    assert answer is not None
    assert answer["ok"], answer
    trial.wait(lambda: all(client.live for client in trial.clients), "everybody is back")


def changed_elsewhere(trial: Trial, _times: int) -> None:
    """Another process changes the session while nobody says anything."""
    trial.stop_walking.set()
    trial.act(False)
    trial.pause(1, 1)
    harm.nothing(trial, 1)
    trial.pause(7.5, 7.5)


def forged(trial: Trial, _times: int) -> None:
    """A consultant's page sends what only a moderator may do."""
    cara = next(client for client in trial.clients if client.who.role == "consultant")
    cara.move("extend", seconds=60)


def device_clock_turned(trial: Trial, _times: int) -> None:
    trial.go_to("brainstorm")
    turn_clock(trial, trial.screens[0])


def entry_with(bug: str | None) -> tuple[str, ...]:
    return (str(ROOT / "devtools" / "chaos" / "planted.py"), bug) if bug else ENTRY


def carry_out_with(bug: str | None, what: harm.Harm, folder: Path, browser: Browser | None = None) -> Result:
    size = replace(SMALL, walk_s=0) if browser else SMALL  # with a browser the harm itself leads the way
    run = Run("Planted", "a", what, size, size, lambda _timings, _figures: [], screens=int(browser is not None))
    with rig_a(folder, entry=entry_with(bug), CONTRIBUTIONS_PER_MINUTE="600") as rig:
        return carry_out(run, rig, "planted", browser, full=False)


@pytest.mark.parametrize(
    ("bug", "what", "point", "kind"),
    [
        ("no_unique_key", answers_lost, 1, "doubled"),
        ("early_ack", killed, 1, "lost"),
        ("no_pulse", changed_elsewhere, 2, "differs"),
        ("no_role_check", forged, 4, "wrong"),
    ],
)
def test_a_planted_bug_is_caught(bug: str, what: harm.Harm, point: int, kind: str, tmp_path: Path) -> None:
    found = {(finding.point, finding.kind) for finding in carry_out_with(bug, what, tmp_path).findings}
    assert (point, kind) in found


def test_a_page_that_trusts_the_clock_of_its_device_is_caught(browser: Browser, tmp_path: Path) -> None:
    found = carry_out_with("browser_clock", device_clock_turned, tmp_path, browser).findings
    assert 5 in {finding.point for finding in found}


@pytest.mark.parametrize(("bug", "kept"), [("endless_queue", False), (None, True)])
def test_a_queue_without_an_end_is_caught_by_the_memory_that_it_takes(
    bug: str | None, kept: bool, tmp_path: Path
) -> None:
    with rig_a(tmp_path, entry=entry_with(bug), CONTRIBUTIONS_PER_MINUTE="60") as rig:
        result = carry_out(NON_READERS, rig, "planted", None, full=False, timed=False)
    assert result.findings == []
    assert {bound.name: bound.kept for bound in result.bounds}["memory grew by"] == kept, result.bounds


def test_without_a_bug_nothing_is_caught(browser: Browser, tmp_path: Path) -> None:
    """By any of the harms by which a bug is."""

    def everything(trial: Trial, times: int) -> None:
        trial.go_to("brainstorm")
        for what in (answers_lost, device_clock_turned, forged, changed_elsewhere, killed):
            what(trial, times)

    result = carry_out_with(None, everything, tmp_path, browser)
    assert result.findings == []
    assert result.acked > 0
