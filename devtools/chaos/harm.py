"""The harm that is done to a trial, one function for each kind. `times`: how often."""

import os
import resource
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import websocket

from devtools.chaos.client import Client
from devtools.chaos.people import write
from devtools.chaos.trial import Trial
from devtools.rig.app import App

Harm = Callable[[Trial, int], None]
LIVE_S, BACK_S, RETURN_S = 5.0, 10.0, 2.0
LOCK_S, OUTAGE_S = 5.0, 8.0


def nothing(trial: Trial, times: int) -> None:
    """A working day: all that happens is that other processes change a session, `times` times."""
    for _ in range(times):
        trial.pause(2, 4)
        for session in trial.rooms:
            seat = trial.moderator(session).who.seat
            with trial.stage.open():
                trial.stage.does(session, seat, "move_on", on=False)


def kill(trial: Trial, times: int) -> None:
    """kill -9 in the middle of everything; every fifth within 50 ms of a change of phase."""
    for number in range(times):
        trial.pause(0.5, 2.5)
        moving = [_change_phase(trial, session) for session in trial.rooms] if number % 5 == 0 else []
        if moving:
            time.sleep(trial.random.uniform(0, 0.05))
        app = trial.random.choice(trial.rig.apps)
        with trial.fault("kill -9" + " at a change of phase" * bool(moving), back_within_s=LIVE_S):
            app.program.kill()
            app.start()
        for thread in moving:
            thread.join()
        _wait_for_all(trial)


def _change_phase(trial: Trial, session: int) -> threading.Thread:
    """On, or back again when the brainstorm is reached, so that there is always a next change."""
    moderator = trial.moderator(session)
    step = moderator.state.step
    name = "back" if step == "brainstorm" else "advance"
    data = {"anyway": True} if name == "advance" else {}
    thread = threading.Thread(target=moderator.move, args=(name, step), kwargs=data)
    thread.start()
    return thread


def terminate(trial: Trial, times: int) -> None:
    """SIGTERM, as at an upgrade: one process after the other."""
    for _ in range(times):
        for app in trial.rig.apps:
            trial.pause(1, 2)
            with trial.fault("SIGTERM", back_within_s=LIVE_S):
                took_s = app.program.stop()
                app.start()
            trial.figures["stop_s"] = max(trial.figures.get("stop_s", 0), took_s)
            _wait_for_all(trial)


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
            trial.pause(1, 2)
        with trial.fault("Redis frozen"):
            found.program.freeze()
            trial.pause(10 if times > 1 else 5, 10 if times > 1 else 5)
            found.program.thaw()


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
        _wait_for_all(trial)


def fill_disk(trial: Trial, times: int) -> None:
    """No byte more can be written: the disk is full, or where that cannot be had, files may not grow."""
    for _ in range(times):
        trial.pause(1, 2)
        full, free = _disk(trial)
        with trial.fault("disk full", back_within_s=BACK_S):
            full()
            trial.pause(3, 4)
            free()
        _wait_for_all(trial)


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


def network(trial: Trial, times: int) -> None:
    """For some of the people: lines that are cut, dead, stalled, slow, half open, or lose the answers."""
    outage_s = 30.0 if times > 5 else OUTAGE_S
    harms: dict[str, Callable[[Any], None]] = {
        "line cut": lambda line: line.is_cut(),
        "line dead": lambda line: line.goes_dead(),
        "line stalled": lambda line: line.stalls(),
        "5 % loss and 300 ms": lambda line: line.is_slow(0.15, 0.05, 0.05),
    }
    for _ in range(times):
        for what, harm in harms.items():
            some = trial.random.sample(trial.clients, max(1, len(trial.clients) // 3))
            with trial.fault(what, some, back_within_s=BACK_S):
                for client in some:
                    harm(trial.line(client))
                trial.pause(outage_s, outage_s)
                for client in some:
                    trial.line(client).heals()
            _wait_for_all(trial)
        lose_answers(trial, trial.random.sample(trial.clients, max(1, len(trial.clients) // 2)))
        _leave_half_open(trial)


def lose_answers(trial: Trial, some: list[Client]) -> None:
    """What is sent arrives, and nobody says so: then the line breaks and everything is sent once more."""
    with trial.fault("answers lost", some, back_within_s=BACK_S):
        for client in some:
            trial.line(client).loses_answers()
        trial.pause(3, 4)
        for client in some:
            trial.line(client).blinks()
    _wait_for_all(trial)


def _leave_half_open(trial: Trial) -> None:
    """The browser is not told that the server has gone: it has to notice the silence by itself (12 s)."""
    some = trial.random.sample(trial.clients, max(1, len(trial.clients) // 3))
    with trial.fault("half open", some, back_within_s=BACK_S):
        for client in some:
            trial.line(client).is_half_open()
        trial.pause(12.5, 12.5)
    _wait_for_all(trial)


def storm(trial: Trial, times: int) -> None:
    """Everybody loses the line in the same moment."""
    for _ in range(times):
        trial.pause(2, 3)
        with trial.fault("everybody cut at once", back_within_s=30):
            for client in trial.clients:
                trial.line(client).blinks()
        _wait_for_all(trial)


def race(trial: Trial, times: int) -> None:
    """All moderators of a session press "next" (or "back") in the same moment: one wins, the others hear so."""
    for number in range(times):
        for session, room in trial.rooms.items():
            moderators = [client for client in room if client.who.role == "moderator"]
            step = moderators[0].state.step
            trial.wait(lambda: all(each.state.step == step for each in moderators), "all see the same step")  # noqa: B023
            name = "advance" if number % 2 == 0 else "back"
            answers = _at_once(moderators, name, step, {"anyway": True} if name == "advance" else {})
            won = [answer for answer in answers if answer and answer["ok"]]
            late = [answer for answer in answers if answer and not answer["ok"] and answer["code"] == "stale"]
            if len(won) != 1 or len(won) + len(late) != len(answers):
                trial.note(3, f"{len(won)} of {len(answers)} moved session {session} on from {step}: {answers}")
            trial.wait(lambda: all(each.state.step != step for each in moderators), "all have moved on")  # noqa: B023
    trial.figures["races"] = times * len(trial.rooms)


def _at_once(clients: list[Client], name: str, base: str, data: dict[str, Any]) -> list[dict[str, Any] | None]:
    answers: list[dict[str, Any] | None] = []
    gate = threading.Barrier(len(clients))

    def press(client: Client) -> None:
        gate.wait(10)
        answers.append(client.move(name, base, **data))

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def lose_database(trial: Trial, times: int) -> None:
    """The database is gone, and comes back from the backup that was made while people worked."""
    trial.go_to("brainstorm")
    for _ in range(times):
        trial.pause(4, 6)
        trial.act(False)  # what is said after a backup is not in it, and nobody claims so
        trial.wait(lambda: not any(client.outbox for client in trial.clients), "all is saved")
        with trial.fault("database lost and restored", back_within_s=BACK_S):
            file = trial.rig.apps[0].flask("backup", str(trial.rig.folder / "backups"))
            for app in trial.rig.apps:
                app.program.stop()
            trial.stage.close()
            _destroy(trial.rig.database_url)
            trial.rig.apps[0].flask("restore", file)
            for app in trial.rig.apps:
                app.start()
        _wait_for_all(trial)
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


def non_readers(trial: Trial, times: int) -> None:
    """Some devices connect and never read what they are sent, for `times` seconds."""
    app: App = trial.rig.apps[0]
    before = app.memory_mb()
    deaf = [_deaf_device(trial, client) for client in trial.clients[: 10 if times > 60 else 5]]
    with trial.fault(f"{len(deaf)} devices that do not read"):
        trial.pause(times, times)
    trial.figures["grown_mb"] = app.memory_mb() - before
    for each in deaf:
        each.close()


def _deaf_device(trial: Trial, client: Client) -> Any:
    """A second device of somebody: a true websocket, on which nobody ever listens."""
    device = websocket.create_connection(
        f"ws://127.0.0.1:{trial.rig.port}/socket.io/?EIO=4&transport=websocket&room={client.who.code}",
        header={"Cookie": client.who.cookie},
        origin=trial.rig.url,
        sockopt=[(6, 1, 1)],
        timeout=20,
    )
    device.recv()
    device.send("40{}")
    return device


def everybody_writes(trial: Trial, times: int) -> None:
    """All who may have an idea have one within the same two seconds."""
    trial.act(False)
    trial.go_to("brainstorm")
    for _ in range(times):
        everybody = [client for client in trial.clients if client.who.role != "owner"]
        for client in trial.random.sample(everybody, len(everybody)):
            client.say(write("idea", client.random))
            trial.pause(0, 2 * 2 / len(everybody))
        trial.wait(lambda: not any(client.outbox for client in trial.clients), "all is saved")


def mount_small_disk(folder: Path) -> Callable[[], object]:
    """Make `folder` a disk of its own that can be filled, where we may; returns what undoes it."""
    if os.geteuid() != 0:
        return lambda: None
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "intervise", str(folder)], capture_output=True)
    if mounted.returncode:
        return lambda: None
    return lambda: subprocess.run(["umount", "-l", str(folder)], check=False)


def _wait_for_all(trial: Trial) -> None:
    trial.wait(lambda: all(client.live for client in trial.clients), "everybody is back")
