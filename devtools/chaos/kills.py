"""kill -9, above all in the moment in which a session changes its phase."""

import threading
import time
from pathlib import Path

from devtools.chaos.evidence import Fault, Witness
from devtools.chaos.harm import LIVE_S
from devtools.chaos.journal import read
from devtools.chaos.timing import CHANGES_PHASE, came_at_a_change
from devtools.chaos.trial import Trial
from devtools.rig.app import App

AIMED, HITS = 4, 5
"""Every so manieth kill is aimed at a change of phase; and of so many one has to have hit."""
AFTER_S = 0.035
"""At most so long after a change of phase was sent it is killed: with the time that this takes, within 50 ms."""
SENT_S = 0.7
"""A moderator who has not sent a change by then is not connected just now."""


def kill(trial: Trial, times: int) -> None:
    """kill -9 in the middle of everything; every fourth in the moment of a change of phase, and some more of these if
    too few have hit one.
    """
    owed, hits = times // HITS, 0
    trial.figures["owed_at_a_change"] = owed
    for number in range(2 * times):
        if number >= times and hits >= owed:
            break
        trial.pause(0.5, 2.5)
        app = trial.random.choice(trial.rig.apps)
        moving: list[threading.Thread] = []
        if number % AIMED == 0 or number >= times:
            app = max(trial.rig.apps, key=_connections)
            moving = _change_phases(trial)
        with trial.fault("kill -9" + " at a change of phase" * bool(moving), back_within_s=LIVE_S):
            app.program.kill()
            app.start()
        for thread in moving:
            thread.join()
        trial.wait_for_all()
        hits += _has_hit(trial, trial.faults[-1])


def _connections(app: App) -> int:
    """How many a process has, more or less. Through nginx nobody knows who is connected to which one; a moderator is
    where most people are.
    """
    return sum(1 for _file in Path(f"/proc/{app.program.pid}/fd").iterdir())


def _has_hit(trial: Trial, fault: Fault) -> bool:
    """Whether this was in the moment of a change of phase, as far as the moderators' own journals tell it."""
    journals = [read(trial.path(trial.moderator(session))) for session in trial.rooms]
    return any(came_at_a_change(fault, Witness(lines[0], lines), ()) for lines in journals)


def _change_phases(trial: Trial) -> list[threading.Thread]:
    """Have all moderators change the phase, and return a moment after the first one has really sent that. A moderator
    who is not connected just now sends nothing.
    """
    paths = [trial.path(trial.moderator(session)) for session in trial.rooms]
    sizes = [path.stat().st_size for path in paths]
    moving = [_change_phase(trial, session) for session in trial.rooms]
    ends = time.monotonic() + SENT_S
    while time.monotonic() < ends:
        lines = (line for path, size in zip(paths, sizes, strict=True) for line in read(path, size))
        if any(line["what"] == "send" and line["name"] in CHANGES_PHASE for line in lines):
            time.sleep(trial.random.uniform(0, AFTER_S))
            break
        time.sleep(0.001)
    return moving


def _change_phase(trial: Trial, session: int) -> threading.Thread:
    """On, or back again in the brainstorm and before the close, so that there is always a next change."""
    moderator = trial.moderator(session)
    step = moderator.state.step
    name = "back" if step in ("brainstorm", "lessons") else "advance"
    data = {"anyway": True} if name == "advance" else {}
    thread = threading.Thread(target=moderator.move, args=(name, step), kwargs=data)
    thread.start()
    return thread
