"""The harm that is done to servers and databases, one function for each kind. `times`: how often."""

import os
import resource
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg2

from devtools.chaos.trial import BACK_S, PATIENCE_S, Trial

Harm = Callable[[Trial, int], None]
LIVE_S = 5.0
LOCK_S = 5.0
AT_ONCE_S, OFTEN = 0.7, 3
"""Sooner than a pulse can tell of a change, and so often in a row that it was no lucky one."""


def nothing(trial: Trial, times: int) -> None:
    """A working day of `times` seconds: all that happens is that now and then another process changes a session."""
    ends = time.monotonic() + times
    while time.monotonic() < ends:
        trial.pause(2, 4)
        session = trial.random.choice(list(trial.rooms))
        with trial.stage.open():
            trial.stage.does(session, trial.moderator(session).who.seat, "move_on", on=False)
    trial.figures["memory_mb"] = sum(app.memory_mb() for app in trial.rig.apps)


def terminate(trial: Trial, times: int) -> None:
    """SIGTERM, as at an upgrade: one process after the other."""
    for _ in range(times):
        for app in trial.rig.apps:
            trial.pause(1, 2)
            with trial.fault("SIGTERM", back_within_s=LIVE_S, felt=True):
                took_s = app.program.stop()
                app.start()
            trial.figures["stop_s"] = max(trial.figures.get("stop_s", 0), took_s)
            trial.wait_for_all()


def redis(trial: Trial, times: int) -> None:
    """Redis away for a second, ten seconds, a minute; and frozen. `times` of each."""
    found = trial.rig.redis
    assert found
    for _ in range(times):
        for seconds in (1, 10, 60) if times > 1 else (1, 6):
            with trial.fault(f"Redis down for {seconds} s"):
                found.stop()
                trial.pause(seconds, seconds)
                found.start()
            _told_across(trial)
        with trial.fault("Redis frozen"):
            found.program.freeze()
            trial.pause(10 if times > 1 else 5, 10 if times > 1 else 5)
            found.program.thaw()
        _told_across(trial)


def _told_across(trial: Trial) -> None:
    """How long until a change in one process is news in the other at once, and not with the next pulse only."""
    began = time.monotonic()
    for session, room in trial.rooms.items():
        mover, far = trial.moderator(session), room[1]  # of two neighbours each is in another process
        in_a_row = 0
        while in_a_row < OFTEN and time.monotonic() - began < PATIENCE_S:
            answer = mover.move("move_on", on=False)
            heard = answer and answer["ok"] and _soon(lambda: far.state.version >= answer["version"])  # noqa: B023
            in_a_row = in_a_row + 1 if heard else 0
    took_s = time.monotonic() - began
    trial.figures["across_s"] = max(trial.figures.get("across_s", 0), took_s)


def _soon(condition: Callable[[], bool]) -> bool:
    ends = time.monotonic() + AT_ONCE_S
    while not condition() and time.monotonic() < ends:
        time.sleep(0.02)
    return condition()


def postgres(trial: Trial, times: int) -> None:
    """PostgreSQL restarted, in an orderly way and at once."""
    found = trial.rig.postgres
    assert found
    for number in range(times):
        trial.pause(1, 3)
        with trial.fault("PostgreSQL restarted", back_within_s=BACK_S):
            found.stop(at_once=number % 2 == 1)
            trial.pause(0, 2)
            found.start()
        trial.pause(2, 4)


def lock(trial: Trial, times: int) -> None:
    """Somebody else holds SQLite's write lock for longer than the app waits."""
    path = trial.rig.database_url.removeprefix("sqlite:///")
    for _ in range(times):
        trial.pause(1, 2)
        seconds = 2 * LOCK_S if times > 2 else LOCK_S
        other = sqlite3.connect(path, isolation_level=None, timeout=30)
        with closing(other), trial.fault("SQLite locked", back_within_s=BACK_S):
            other.execute("BEGIN IMMEDIATE")
            trial.pause(seconds, seconds)
            other.execute("ROLLBACK")
        trial.wait_for_all()


def fill_disk(trial: Trial, times: int) -> None:
    """No byte more can be written: the disk is full, or where that cannot be had, files may not grow."""
    for _ in range(times):
        trial.pause(1, 2)
        full, free = _disk(trial)
        with trial.fault("disk full", back_within_s=BACK_S):
            full()
            trial.pause(3, 4)
            free()
        trial.wait_for_all()


def _disk(trial: Trial) -> tuple[Callable[[], object], Callable[[], object]]:
    folder = trial.rig.folder
    if os.path.ismount(folder):
        filler = folder / "filler"
        return lambda: _fill(filler), filler.unlink
    pid = trial.rig.apps[0].program.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    return (
        lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1])),
        lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE, before),
    )


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue


def lose_database(trial: Trial, times: int) -> None:
    """The database is gone, and comes back from the backup that was made while people worked."""
    trial.go_to("brainstorm")
    for _ in range(times):
        trial.pause(4, 6)
        trial.act(False)  # what is said after a backup is not in it, and nobody claims so
        trial.wait(lambda: not any(client.busy for client in trial.clients), "all is saved")
        with trial.fault("database lost and restored", back_within_s=BACK_S):
            file = trial.rig.apps[0].flask("backup", str(trial.rig.folder / "backups"))
            for app in trial.rig.apps:
                app.program.stop()
            trial.stage.close()
            _destroy(trial.rig.database_url)
            trial.rig.apps[0].flask("restore", file)
            for app in trial.rig.apps:
                app.start()
        trial.wait_for_all()
        trial.act(True)
    trial.pause(4, 6)


def _destroy(database_url: str) -> None:
    if database_url.startswith("sqlite:///"):
        path = Path(database_url.removeprefix("sqlite:///"))
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
        return
    with closing(psycopg2.connect(database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")


def mount_small_disk(folder: Path) -> Callable[[], object]:
    """Make `folder` a disk of its own that can be filled, where we may; returns what undoes it."""
    if os.geteuid() != 0:
        return lambda: None
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "intervise", str(folder)], capture_output=True)
    if mounted.returncode:
        return lambda: None
    return lambda: subprocess.run(["umount", "-l", str(folder)], check=False)
