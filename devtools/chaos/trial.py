"""One trial: sessions with people in them who work through the method, while somebody does harm; then the evidence."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from playwright.sync_api import Browser

from devtools.chaos.browsers import Screen
from devtools.chaos.checker import STEPS, Finding
from devtools.chaos.client import Who
from devtools.chaos.crowd import Crowd, Person
from devtools.chaos.evidence import Evidence, Fault, Witness
from devtools.chaos.journal import millis, read
from devtools.chaos.stage import DOWNLOADS, Stage
from devtools.rig.proxy import FaultProxy, Line
from devtools.rig.rigs import Rig

WAY = {
    "statement": 0.0, "silent_questions": 0.06, "questions": 0.1, "ask": 0.2, "silent_brainstorm": 0.25,
    "brainstorm": 0.45, "recommendations": 0.72, "feedback": 0.8, "reactions": 0.88, "lessons": 0.94,
}  # fmt: skip
"""When a trial enters which step, as a share of its time."""
ROLES = ("moderator", "owner", "consultant")
PATIENCE_S = 40.0
BACK_S = 10.0
"""Within so long after a fault everybody is back, unless another fault says otherwise."""
CROWDS, CROWD = 4, 50
"""At most so many processes with people; with how many people there is one more."""


Way = Literal["lines", "direct", "apart"]
"""How people come to the rig: each over a line of their own, which can be harmed; straight; or past nginx, so that
those of one session are in different processes.
"""


class TooLate(Exception):
    """Something that has to happen did not."""


class Trial:
    """`with Trial(rig, folder, …) as trial: trial.walk(30); harm…; trial.end(); for each in trial.evidence(): …`"""

    def __init__(
        self,
        rig: Rig,
        folder: Path,
        *,
        seed: str,
        sessions: int = 3,
        people: int = 6,
        pace_s: float = 2.5,
        offsets_s: Sequence[float] = (0.0,),
        moderators: int = 1,
        way: Way = "lines",
        browser: Browser | None = None,
        screens: int = 0,
    ) -> None:
        self.rig = rig
        self.folder = folder
        self.random = random.Random(seed)  # noqa: S311 - to be repeated
        self.stage = Stage(rig)
        self.proxy = FaultProxy(rig.port, seed=self.random.randrange(1 << 30))
        self.faults: list[Fault] = []
        self.way = way
        self.crowds = [Crowd() for _ in range(min(CROWDS, 1 + sessions * people // CROWD))]
        self.rooms: dict[int, list[Person]] = {}
        self.readers: dict[int, list[Who]] = {}
        self.walker: threading.Thread | None = None
        self.stop_walking = threading.Event()
        self.sizes = (sessions, people, moderators)
        self.how: dict[str, Any] = {"seed": seed, "pace_s": pace_s}
        self.offsets = list(offsets_s)
        self.browser = browser
        self.screens_each = screens
        self.screens: list[Screen] = []
        self.breathe: Callable[[float], None] = time.sleep
        self.findings: list[Finding] = []
        self.figures: dict[str, float] = {}

    def __enter__(self) -> "Trial":
        self.proxy.__enter__()
        sessions, people, moderators = self.sizes
        for _ in range(sessions):
            self._open_room(self.stage.session(people, moderators=moderators))
        for client in self.clients:
            client.arrive()
            self.breathe(0.02)  # one process has many of them, and its own haste would look like a wrong clock
        for screen in self.screens:
            screen.enter()
        self.wait(lambda: all(client.live for client in self.clients), "everybody is connected")
        self.act(True)
        return self

    def _open_room(self, everybody: list[Who]) -> None:
        """The last `screens` of a session sit at real browsers."""
        session, scripts = everybody[0].session, len(everybody) - self.screens_each
        self.readers[session] = [next(who for who in everybody if who.role == role) for role in ROLES]
        self.rooms[session] = [
            self.crowds[number % len(self.crowds)].open(
                who,
                self._address(who, number),
                self.folder / "clients",
                offset_s=self.offsets[number % len(self.offsets)],
                **self.how,
            )
            for number, who in enumerate(everybody[:scripts])
        ]
        for who in everybody[scripts:]:
            assert self.browser
            line = self.proxy.line(f"{session}:{who.name}")
            self.screens.append(Screen(self.browser, who, line.url, self.folder / "clients"))
            self.breathe = lambda seconds: self.screens[0].page.wait_for_timeout(1000 * seconds)

    def _address(self, who: Who, number: int) -> str:
        if self.way == "apart":
            return self.rig.apps[number % len(self.rig.apps)].url
        return self.rig.url if self.way == "direct" else self.proxy.line(f"{who.session}:{who.name}").url

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop_walking.set()
        for crowd in self.crowds:
            crowd.leave()
        for screen in self.screens:
            screen.leave()
        self.proxy.__exit__(kind, error, at)
        self.stage.close()

    @property
    def clients(self) -> list[Person]:
        return [client for room in self.rooms.values() for client in room]

    def line(self, client: Person | Screen) -> Line:
        return self.proxy.line(f"{client.who.session}:{client.who.name}")

    def path(self, client: Person) -> Path:
        """Where somebody's journal is."""
        return self.folder / "clients" / f"{client.who.session}-{client.who.name}.jsonl"

    def note(self, point: int, words: str) -> None:
        """Something that only whoever did the harm could see."""
        self.findings.append(Finding(point, "wrong", words))

    def moderator(self, session: int) -> Person:
        return next(client for client in self.rooms[session] if client.who.role == "moderator")

    def act(self, on: bool) -> None:
        for crowd in self.crowds:
            crowd.act(on)

    def pause(self, low_s: float, high_s: float) -> None:
        self.breathe(self.random.uniform(low_s, high_s))

    # --- The way through the method ---------------------------------------------------------------------------------

    def walk(self, seconds: float) -> None:
        """From now on the moderators lead their sessions through the steps, to the lessons after `seconds`."""
        self.walker = threading.Thread(target=self._walk, args=(seconds,), daemon=True)
        self.walker.start()

    def _walk(self, seconds: float) -> None:
        began = time.monotonic()
        while not self.stop_walking.wait(0.3):
            passed = (time.monotonic() - began) / seconds
            target = max((step for step, share in WAY.items() if share <= passed), key=STEPS.index)
            for session in self.rooms:
                self.advance(session, until=target)

    def go_to(self, step: str) -> None:
        """Lead every session to this step, and wait until everybody is there."""
        everybody: list[Person | Screen] = [*self.clients, *self.screens]
        for session in self.rooms:
            while STEPS.index(self.moderator(session).state.step) < STEPS.index(step):
                self.advance(session, until=step)
                self.pause(0.1, 0.1)
        self.wait(lambda: all(each.state.step == step for each in everybody), f"everybody is in {step}")

    def advance(self, session: int, until: str = "closed") -> dict[str, Any] | None:
        """One step on, unless the session is there already."""
        moderator = self.moderator(session)
        step = moderator.state.step
        if moderator.live and STEPS.index(step) < STEPS.index(until):
            return moderator.move("advance", step, anyway=True)
        return None

    # --- Harm -------------------------------------------------------------------------------------------------------

    @contextmanager
    def fault(
        self,
        what: str,
        who: Sequence[Person | Screen] | None = None,
        back_within_s: float | None = None,
        *,
        felt: bool = False,
        calm_s: float = 0.0,
    ) -> Iterator[None]:
        """Note down what is done to whom, from here to the end of the block."""
        began = millis()
        yield
        seats = None if who is None else frozenset(client.who.seat for client in who)
        self.faults.append(Fault(what, began, millis(), seats, back_within_s, felt, calm_s))

    def wait(self, condition: Callable[[], bool], words: str, patience_s: float = PATIENCE_S) -> float:
        """Seconds until `condition` held. Raises TooLate."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > patience_s:
                raise TooLate(f"not within {patience_s:.0f} s: {words}")
            self.breathe(0.02)
        return time.monotonic() - began

    def wait_for_all(self) -> None:
        self.pause(0.1, 0.1)  # so long it may take until it is known here that somebody is gone
        self.wait(lambda: all(client.live for client in self.clients), "everybody is back")

    # --- The end ----------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """Let everybody finish and close the sessions; try the closed door; go."""
        self.stop_walking.set()
        if self.walker:
            self.walker.join(PATIENCE_S)
        for line in self.proxy.lines.values():
            line.heals()
        self.wait_for_all()
        self.act(False)
        self.wait(lambda: not any(client.busy for client in self.clients), "all is answered")
        for session in self.rooms:
            self.wait(lambda session=session: self._is_closed(session), "a session can be closed")  # type: ignore[misc]
        self.wait(self._all_know, "everybody knows the last version")
        for room in self.rooms.values():
            for client in room:
                client.move("note", "lessons", text="Too late")
            self.moderator(room[0].who.session).move("back", "closed")
        for crowd in self.crowds:
            crowd.leave()
        for screen in self.screens:
            screen.leave()

    def _is_closed(self, session: int) -> bool:
        if self.stage.step(session) == "closed":
            return True
        self.advance(session)
        return False

    def _all_know(self) -> bool:
        everybody: list[Person | Screen] = [*self.clients, *self.screens]
        versions = {session: self.stage.version(session) for session in self.rooms}
        return all(each.state.version >= versions[each.who.session] for each in everybody)

    def evidence(self) -> Iterator[Evidence]:
        """After the end: what there is to read, of one session after the other. Of the first one everybody takes away
        all that there is; of the others the moderator takes the record, or a hundred sessions would take an hour.
        """
        files, readers_each = list(chain(*DOWNLOADS.values())), len(ROLES)
        for session, readers in self.readers.items():
            paths = sorted((self.folder / "clients").glob(f"{session}-*.jsonl"))
            witnesses = [Witness(lines[0], lines) for lines in map(read, paths)]
            found = self.stage.read(session, readers[:readers_each], files)
            yield Evidence([found], witnesses, self.faults)
            files, readers_each = DOWNLOADS["record"], 1
