"""What a trial holds of its people, who are in processes of their own (host.py): one could not keep up with a thousand.

Over the line to such a process goes a line of JSON for each message. There: {"call": number, "do": what, …}. Back:
{"call": number, "answer": …}, and {"news": {seat: [live, step, version, busy]}} when something has changed.
"""

import socket
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from devtools.chaos.client import Who
from devtools.chaos.people import Act
from devtools.rig.app import ROOT

PATIENCE_S = 60.0


@dataclass
class Known:
    """What is known of somebody's screen from here: it may be some 50 ms old."""

    step: str = ""
    version: int = -1


@dataclass(eq=False)
class Person:
    """Somebody in a crowd. `busy`: something is still waiting for its answer."""

    who: Who
    crowd: "Crowd"
    live: bool = False
    busy: bool = False
    state: Known = field(default_factory=Known)

    def arrive(self) -> None:
        self.crowd.call("arrive", seat=self.who.seat)

    def say(self, act: Act) -> None:
        """Put something into the outbox; it is sent at once if there is a connection."""
        self.crowd.call("say", seat=self.who.seat, act=asdict(act))

    def move(self, name: str, base: str | None = None, **data: Any) -> dict[str, Any] | None:
        """Give one command about step or clock now; None: no answer came. Such a command is never kept for later."""
        answer: dict[str, Any] | None = self.crowd.call("move", seat=self.who.seat, name=name, base=base, data=data)
        return answer


class Crowd:
    def __init__(self) -> None:
        self.line, theirs = socket.socketpair()
        command = [sys.executable, "-m", "devtools.chaos.host", str(theirs.fileno())]
        self.process = subprocess.Popen(command, cwd=ROOT, pass_fds=[theirs.fileno()])
        theirs.close()
        self.people: dict[str, Person] = {}
        self.numbers = count()
        self.lock = threading.Lock()
        self.waiting: dict[int, tuple[threading.Event, list[Any]]] = {}
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def open(self, who: Who, url: str, folder: Path, **how: Any) -> Person:
        """Somebody who will sit there; `how` is that of `client.Client`."""
        person = self.people[who.seat] = Person(who, self)
        self.call("open", who=asdict(who), url=url, folder=str(folder), how=how)
        return person

    def act(self, on: bool) -> None:
        self.call("act", on=on)

    def leave(self) -> None:
        """Everybody goes, and the process ends."""
        if self.process.poll() is None:
            self.line.shutdown(socket.SHUT_WR)
            self.process.wait(PATIENCE_S)
        self.reader.join(PATIENCE_S)
        self.line.close()

    def call(self, do: str, **what: Any) -> Any:
        """Have the process do something; returns its answer. Raises TimeoutError."""
        number = next(self.numbers)
        answered, box = self.waiting[number] = threading.Event(), []
        with self.lock:
            self.line.sendall(orjson.dumps({"call": number, "do": do, **what}) + b"\n")
        if not answered.wait(PATIENCE_S) or not box:
            raise TimeoutError(f"the process with the people does not answer to {do}")
        return box[0]

    def _read(self) -> None:
        for line in self.line.makefile("rb"):
            said = orjson.loads(line)
            for seat, (live, step, version, busy) in said.get("news", {}).items():
                person = self.people[seat]
                person.live, person.busy = live, busy
                person.state.step, person.state.version = step, version
            if "call" in said:
                answered, box = self.waiting.pop(said["call"])
                box.append(said["answer"])
                answered.set()
        for answered, _box in list(self.waiting.values()):
            answered.set()
