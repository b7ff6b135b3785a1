"""Harm to real browsers: reloaded while sending, offline, frozen through a phase, with clocks that are hours off."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from devtools.chaos.browsers import Screen
from devtools.chaos.trial import BACK_S, Trial

HOURS = (12, -12)


def browsers(trial: Trial, times: int) -> None:
    """`times` rounds, in each of which every browser suffers what is its turn; in the brainstorm, where all write."""
    trial.go_to("brainstorm")
    for number in range(times):
        for harm, every in HARMS.items():
            for screen in trial.screens if number % every == 0 else ():
                harm(trial, screen)
    trial.act(False)
    trial.wait(lambda: not any(client.busy for client in trial.clients), "all is saved")
    for screen in trial.screens:
        _is_drawn(trial, screen)


def reload_mid_send(trial: Trial, screen: Screen) -> None:
    word = screen.writes(trial.random)
    began = time.monotonic()
    with trial.fault("reload in the middle of sending", [screen], back_within_s=None):
        screen.page.reload(wait_until="commit")
    screen.until(lambda: word in screen.words() and screen.live, "the words are back after a reload", BACK_S)
    trial.figures["reload_s"] = max(time.monotonic() - began, trial.figures.get("reload_s", 0.0))
    _back_in(trial, screen)


def go_offline(trial: Trial, screen: Screen) -> None:
    with trial.fault("browser offline", [screen]):
        screen.context.set_offline(True)
        screen.page.get_by_text("offline").first.wait_for()
        word = screen.writes(trial.random)
        screen.page.get_by_text("Not saved yet").first.wait_for()
        trial.pause(1, 3)
        screen.context.set_offline(False)
    _back_in(trial, screen)
    screen.until(lambda: word in _saved(trial, screen), "what was written offline is saved", BACK_S)


def freeze(trial: Trial, screen: Screen) -> None:
    """The tab sleeps while the group goes a step back and on again, with something half written in it."""
    draft = screen.begins(trial.random)
    moderator = trial.moderator(screen.who.session)
    with trial.fault("tab frozen through two phases", [screen]):
        screen.freezes(True)
        for name, step in (("back", "brainstorm"), ("advance", "silent_brainstorm")):
            moderator.move(name, step, **({"anyway": True} if name == "advance" else {}))
            trial.wait(lambda step=step: moderator.state.step != step, "the step has changed")  # type: ignore[misc]
        trial.pause(1, 2)
        screen.freezes(False)
    _back_in(trial, screen)
    screen.until(lambda: draft in screen.draft(), "what was half written is still there", BACK_S)


def turn_clock(trial: Trial, screen: Screen) -> None:
    """The device's clock is half a day off, from before the page is loaded."""
    hours = HOURS[trial.screens.index(screen) % len(HOURS)]
    with trial.fault(f"device clock {hours:+d} h", [screen]):
        screen.page.clock.install(time=datetime.now(UTC) + timedelta(hours=hours))
        screen.page.reload()
    _back_in(trial, screen)
    trial.pause(0.5, 0.5)  # the probes of its clock are on their way
    screen.reads_timer()


def _back_in(trial: Trial, screen: Screen) -> None:
    """The browser is connected and knows what there is to know."""
    owed = trial.stage.version(screen.who.session)
    took_s = screen.until(lambda: screen.live and screen.state.version >= owed, "the browser is back", 30)
    trial.figures["screen_back_s"] = max(took_s, trial.figures.get("screen_back_s", 0.0))


def _saved(trial: Trial, screen: Screen) -> list[str]:
    return [word for word, kind in trial.stage.words(screen.who.session).items() if kind == "idea"]


def _is_drawn(trial: Trial, screen: Screen) -> None:
    """Wait for the page to have settled, then note what it shows of the ideas."""
    kinds = trial.stage.words(screen.who.session)
    owed = sorted(_saved(trial, screen))

    def drawn() -> list[str]:
        return sorted(word for word in screen.words() if kinds.get(word, "idea") == "idea")

    with suppress(TimeoutError):  # the checker says what is amiss
        screen.until(lambda: drawn() == owed, "the page shows the record", BACK_S)
    screen.journal.write("state", body={"page": " ".join(drawn()), "owed": owed})


HARMS: dict[Callable[[Trial, Screen], None], int] = {reload_mid_send: 1, go_offline: 2, freeze: 5, turn_clock: 5}
"""In every how many rounds each kind of harm is done."""
