"""Harm between people and servers: lines cut, dead, slow and half open, and haste."""

import threading
import time
from collections.abc import Callable
from typing import Any

from devtools.chaos.client import SILENCE_S
from devtools.chaos.crowd import Person
from devtools.chaos.people import write
from devtools.chaos.trial import BACK_S, Trial

OUTAGE_S = 8.0
NEXT_PULSE_S = 6.0
"""Within so long everybody hears something, and whoever is back has shown it before the next harm."""
STORM_S = 30.0
ALL_WRITE_S = 1.7


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
        moments = sorted(trial.random.uniform(0, ALL_WRITE_S) for _ in everybody)
        began = time.monotonic()
        for moment, client in zip(moments, trial.random.sample(everybody, len(everybody)), strict=True):
            trial.breathe(max(0.0, began + moment - time.monotonic()))
            client.say(write("idea", trial.random))
        trial.figures["written_s"] = time.monotonic() - began
        trial.wait(lambda: not any(client.busy for client in trial.clients), "all is saved")
