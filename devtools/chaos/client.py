"""Somebody at a browser, without the browser: the same outbox, the same way back, the same impatience.

The figures are those of app/static/room/socket.js and outbox.js. Every line goes into the journal before anything is
done with it.
"""

import random
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from socketio.exceptions import SocketIOError

from devtools.chaos.clock import Clock
from devtools.chaos.connection import CONNECT_S, Life
from devtools.chaos.journal import Journal
from devtools.chaos.people import Act, choose
from devtools.chaos.state import State

ANSWER_S = 10.0
SILENCE_S = 12.0
PATCH_S = 0.5
RETRY = 1.0, 0.5, 4.0
"""Seconds before the first attempt to come back, its jitter, and the most that a later one waits."""
DELAY_MIN_S = 0.5
RESTART_S = 1.0
PROBES = 5
PROBE_S = 2.0
TIMER_EVERY_S = 2.0
EVENTS = ("snapshot", "patch", "pulse", "presence", "goodbye", "restarting")


@dataclass(frozen=True)
class Who:
    """A seat, and the cookie that holds it."""

    session: int
    code: str
    seat: str
    name: str
    role: str
    cookie: str


@dataclass
class Command:
    """A command in the outbox; `kept` until there is a final answer."""

    id: str
    act: Act
    base: str


class Client:
    """`offset_s`: by how much this device's clock is wrong. `pace_s`: seconds between two acts, on average."""

    def __init__(
        self, who: Who, url: str, folder: Path, *, seed: str = "", offset_s: float = 0.0, pace_s: float = 2.5
    ) -> None:
        self.who = who
        self.url = url
        self.random = random.Random(f"{seed}:{who.seat}")  # noqa: S311 - to be repeated
        self.pace_s = pace_s
        self.journal = Journal(
            folder / f"{who.session}-{who.name}.jsonl",
            session=who.session,
            seat=who.seat,
            name=who.name,
            role=who.role,
            kind="script",
            offset_s=offset_s,
        )
        self.clock = Clock(offset_s)
        self.state = State()
        self.life: Life | None = None
        self.live = False
        self.heard = 0.0
        self.relearn = False
        self.retry = RETRY
        self.outbox: list[Command] = []
        self.sending = 0
        self.acting = threading.Event()
        self.leaving = threading.Event()
        self.news = threading.Event()
        self.lock = threading.RLock()
        self.threads = [threading.Thread(target=each, daemon=True) for each in (self._keep, self._work)]

    def arrive(self) -> None:
        for thread in self.threads:
            thread.start()

    @property
    def busy(self) -> bool:
        """Does something wait for its answer?"""
        return bool(self.outbox or self.sending)

    def act(self, on: bool) -> None:
        (self.acting.set if on else self.acting.clear)()
        self.news.set()

    def leave(self) -> None:
        self.leaving.set()
        self._cut()
        self.news.set()
        for thread in self.threads:
            thread.join(ANSWER_S + CONNECT_S)
        self.journal.close()

    # --- The connection ---------------------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Be connected; after a loss wait as Socket.IO in the browser does, and come back."""
        tries = 0
        while not self.leaving.is_set():
            life = Life()
            if self._connect(life):
                tries = 0
                self._watch(life)
            if not self.leaving.is_set():
                first_s, jitter, most_s = self.retry
                delay = first_s * 2**tries * self.random.uniform(1 - jitter, 1 + jitter)
                tries += 1
                self.leaving.wait(min(delay, most_s))

    def _connect(self, life: Life) -> bool:
        for event in EVENTS:
            life.socket.on(event, partial(self._receive, life, event))
        life.socket.on("connect", partial(self._open, life))
        life.socket.on("disconnect", lambda *_: life.broken.set())
        self.life = life
        try:
            life.socket.connect(
                f"{self.url}?room={self.who.code}",
                headers={"Cookie": self.who.cookie, "Origin": self.url},
                auth={"version": self.state.version},
                transports=["websocket"],
                wait_timeout=SILENCE_S,
            )
        except Exception:  # refused, reset, too late: all the same to a browser, which tries again
            life.end()
            self._leave(life)
            return False
        self.heard = time.monotonic()
        return True

    def _open(self, life: Life) -> None:
        self.journal.write("connect")
        early, life.early = life.early or [], None
        for event, body in early:
            self._hear(life, event, body)

    def _receive(self, life: Life, event: str, body: dict[str, Any]) -> None:
        """What comes before the server's welcome is heard after it, as in a browser; without one it never is."""
        if life.early is None:
            self._hear(life, event, body)
        else:
            self.journal.write("early", body=body)
            life.early.append((event, body))

    def _watch(self, life: Life) -> None:
        """No pulse for a while: the line is dead, even if the socket does not know it yet."""
        while not self.leaving.is_set():
            if life.broken.wait(max(0.05, self.heard + SILENCE_S - time.monotonic())):
                break
            if time.monotonic() - self.heard >= SILENCE_S:
                self.journal.write("offline")
                break
        life.end()
        self._leave(life)

    def _leave(self, life: Life) -> None:
        if life.early is None:
            self.journal.write("disconnect")
        self.live = False
        self.news.set()

    def _cut(self) -> None:
        if self.life:
            self.life.end()

    def _hear(self, life: Life, event: str, body: dict[str, Any]) -> None:
        self.journal.write(event, body=body)
        if life is not self.life:
            return
        with self.lock:
            behind = False
            if event == "snapshot":
                self._take(body)
            elif event == "patch":
                behind = not self.state.merge(body)
            elif event == "pulse" and body["version"] > self.state.version:
                threading.Timer(PATCH_S, self._catch_up, (life, body["version"])).start()
        if event == "restarting":  # the server has thrown the dice already
            wait_s = body["in_ms"] / 1000
            self.retry = max(wait_s, DELAY_MIN_S), 0.0, max(wait_s, RESTART_S)
        if event in ("snapshot", "patch", "pulse"):
            self._listen(body["now"])
        if event == "snapshot":
            self._come_back()
        if behind:
            self._sync(life)

    def _catch_up(self, life: Life, newest: int) -> None:
        """A pulse may overtake the patch of the same change."""
        if newest > self.state.version and not life.broken.is_set():
            self._sync(life)

    def _sync(self, life: Life) -> None:
        with suppress(SocketIOError):  # not quite connected yet: the next pulse asks again
            life.socket.emit("sync", {"version": self.state.version}, callback=partial(self._synced, life))

    def _synced(self, life: Life, answer: dict[str, Any]) -> None:
        if answer.get("ok") and life is self.life:
            self.journal.write("synced", body=answer["snapshot"])
            with self.lock:
                self._take(answer["snapshot"])
            self._listen(answer["snapshot"]["now"])
            self._come_back()

    def _take(self, snapshot: dict[str, Any]) -> None:
        if not self.live or snapshot["version"] >= self.state.version:
            self.state.replace(snapshot)

    def _listen(self, now: float) -> None:
        if self.state.version < 0:
            return
        self.heard = time.monotonic()
        if self.clock.hear(now):
            self.relearn = True
            self.news.set()

    def _come_back(self) -> None:
        """The whole session is here (again)."""
        if not self.live:
            self.live = self.relearn = True
            self.retry = RETRY
            self.news.set()

    # --- The clock --------------------------------------------------------------------------------------------------

    def _learn_time(self) -> None:
        for _ in range(PROBES):
            sent = self.clock.device_now()
            if answer := self._ask("probe", {}, PROBE_S):
                self.clock.learn(answer["now"], sent)

    def _show_timer(self) -> None:
        ends_at = self.state.session.get("clock", {}).get("ends_at")
        if ends_at is not None and self.live:
            left_s = (ends_at - self.clock.server_now()) / 1000
            self.journal.write("timer", left_s=left_s, ends_at=ends_at)

    # --- What is said -----------------------------------------------------------------------------------------------

    def _work(self) -> None:
        next_act = time.monotonic() + self.random.uniform(0, self.pace_s)
        next_timer = retry = 0.0
        while not self.leaving.is_set():
            due = [next_timer] + [retry] * bool(self.outbox) + [next_act] * self.acting.is_set()
            self.news.wait(max(0.0, min(due) - time.monotonic()) if self.live else None)
            self.news.clear()
            if not self.live:
                retry = 0.0
                continue
            if self.relearn:
                self.relearn = False
                self._learn_time()
            if time.monotonic() >= next_timer:
                next_timer = time.monotonic() + TIMER_EVERY_S
                self._show_timer()
            if self.outbox and time.monotonic() >= retry and not self._flush():
                retry = time.monotonic() + self.random.uniform(1, 3)
            if self.acting.is_set() and time.monotonic() >= next_act:
                next_act = time.monotonic() + self.random.expovariate(1 / self.pace_s)
                self._say_something()

    def _say_something(self) -> None:
        with self.lock:
            act = choose(self.state, self.random)
        if act is None:
            return
        if act.kept:
            self.say(act)
        else:
            self._send(Command(_uuid(self.random), act, self.state.step))

    def _flush(self) -> bool:
        """Send what waits, the oldest first; stop at the first that gets no final answer."""
        while self.outbox and self.live:
            answer = self._send(self.outbox[0])
            if answer is None or answer.get("retryable"):
                return False
            self.outbox.pop(0)
        return True

    def _send(self, command: Command) -> dict[str, Any] | None:
        act = command.act
        self.journal.write("send", id=command.id, name=act.name, base=command.base, data=act.data, token=act.token)
        packet = {"id": command.id, "name": act.name, "base": command.base, "data": act.data}
        self.sending += 1
        try:
            return self._ask("command", packet, ANSWER_S, id_=command.id)
        finally:
            self.sending -= 1

    def say(self, act: Act) -> None:
        """Put something into the outbox; it is sent at once if there is a connection."""
        self.outbox.append(Command(_uuid(self.random), act, self.state.step))
        self.news.set()

    def move(self, name: str, base: str | None = None, **data: Any) -> dict[str, Any] | None:
        """Give one command about step or clock now; None: no answer came. Such a command is never kept for later."""
        command = Command(_uuid(self.random), Act(name, data), base or self.state.step)
        return self._send(command) if self.live else None

    def _ask(self, event: str, packet: dict[str, Any], patience_s: float, id_: str = "") -> dict[str, Any] | None:
        life, answered = self.life, threading.Event()
        box: list[dict[str, Any]] = []

        def take(answer: dict[str, Any]) -> None:
            if id_:
                self.journal.write("ack", id=id_, answer=answer)
            box.append(answer)
            answered.set()

        if life is None or life.broken.is_set():
            return None
        with suppress(Exception):
            life.socket.emit(event, packet, callback=take)
        deadline = time.monotonic() + patience_s
        while not answered.wait(0.05):
            if life.broken.is_set() or life is not self.life or time.monotonic() > deadline:
                return None
        return box[0]


def _uuid(dice: random.Random) -> str:
    raw = f"{dice.getrandbits(128):032x}"
    return f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:]}"
