"""Harm between people and servers: lines cut, dead, slow and half open, devices that do not read, and haste."""

import threading
from collections.abc import Callable
from typing import Any

import websocket

from devtools.chaos.client import SILENCE_S
from devtools.chaos.crowd import Person
from devtools.chaos.people import write
from devtools.chaos.trial import BACK_S, Trial
from devtools.rig.app import App

OUTAGE_S = 8.0
NEXT_PULSE_S = 6.0
"""Within so long everybody hears something, and whoever is back has shown it before the next harm."""
STORM_S = 30.0


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
            _all_have_shown(trial)
        lose_answers(trial, trial.random.sample(trial.clients, max(1, len(trial.clients) // 2)))
        _leave_half_open(trial)


def lose_answers(trial: Trial, some: list[Person]) -> None:
    """What is sent arrives, and nobody says so: then the line breaks and everything is sent once more."""
    with trial.fault("answers lost", some, back_within_s=BACK_S):
        for client in some:
            trial.line(client).loses_answers()
        trial.pause(3, 4)
        for client in some:
            trial.line(client).blinks()
    _all_have_shown(trial)


def _leave_half_open(trial: Trial) -> None:
    """The browser is not told that the server has gone: it has to notice the silence by itself."""
    some = trial.random.sample(trial.clients, max(1, len(trial.clients) // 3))
    with trial.fault("half open", some, back_within_s=BACK_S):
        for client in some:
            trial.line(client).is_half_open()
        trial.pause(SILENCE_S + 1.5, SILENCE_S + 1.5)
    _all_have_shown(trial)


def _all_have_shown(trial: Trial) -> None:
    trial.wait_for_all()
    trial.pause(NEXT_PULSE_S, NEXT_PULSE_S)


def storm(trial: Trial, times: int) -> None:
    """Everybody loses the line in the same moment."""
    for _ in range(times):
        trial.pause(2, 3)
        with trial.fault("everybody cut at once", back_within_s=STORM_S):
            for client in trial.clients:
                trial.line(client).blinks()
        trial.wait_for_all()


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


def _deaf_device(trial: Trial, client: Person) -> Any:
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


def _at_once(clients: list[Person], name: str, base: str, data: dict[str, Any]) -> list[dict[str, Any] | None]:
    answers: list[dict[str, Any] | None] = []
    gate = threading.Barrier(len(clients))

    def press(client: Person) -> None:
        gate.wait(10)
        answers.append(client.move(name, base, **data))

    threads = [threading.Thread(target=press, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def everybody_writes(trial: Trial, times: int) -> None:
    """All who may have an idea have one within the same two seconds."""
    trial.act(False)
    trial.go_to("brainstorm")
    for _ in range(times):
        everybody = [client for client in trial.clients if client.who.role != "owner"]
        for client in trial.random.sample(everybody, len(everybody)):
            client.say(write("idea", trial.random))
            trial.pause(0, 2 * 2 / len(everybody))
        trial.wait(lambda: not any(client.busy for client in trial.clients), "all is saved")
