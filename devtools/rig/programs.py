"""Finding, starting and ending the programs of a rig."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

START_S = 30
PACKAGES = {"initdb": "postgresql", "redis-server": "redis-server", "nginx": "nginx-light"}


class NotReady(Exception):
    """A program did not come up; the message holds the end of what it said."""


def find(program: str) -> str | None:
    """The path of a program, also where Debian puts those that are not for everybody's PATH; newest version first."""
    homes = [
        str(path)
        for path in sorted(
            Path("/usr/lib/postgresql").glob("*/bin"),
            key=lambda path: int(path.parent.name.split(".")[0]),
            reverse=True,
        )
    ]
    return shutil.which(program, path=os.pathsep.join([*homes, os.environ.get("PATH", ""), "/usr/sbin"]))


def missing(*programs: str) -> str:
    """One line that says what this machine lacks for `programs` (default: all of rig B); empty if nothing."""
    lacking = [program for program in programs or PACKAGES if find(program) is None]
    if not lacking:
        return ""
    packages = " ".join(PACKAGES[program] for program in lacking)
    return f"{', '.join(lacking)} not found; on Debian: apt-get install {packages}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def as_user(name: str | None) -> dict[str, Any]:
    """The words with which `subprocess` runs a program as somebody else; None: as ourselves."""
    return {"user": name, "group": name, "extra_groups": []} if name else {}


class Program:
    """A process with its log in a file. `command` may be started, ended, frozen and killed again and again."""

    def __init__(
        self, command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self.command = list(command)
        self.log = log
        self.env = env
        self.user = user
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, ready: Callable[[str], bool]) -> None:
        """Start, and wait until `ready` says so of what the program has logged since. Raises NotReady."""
        before = self.log.stat().st_size if self.log.exists() else 0
        who = as_user(self.user)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env, cwd="/", **who
            )
        deadline = time.monotonic() + START_S
        while not ready(self.said(before)):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise NotReady(f"{self.command[0]} is not up: {self.said(before)[-2000:]}")
            time.sleep(0.02)

    def said(self, since: int = 0) -> str:
        """What is in the log from byte `since` on."""
        with self.log.open("rb") as log:
            log.seek(since)
            return log.read().decode(errors="replace")

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def send(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)

    def stop(self, number: int = signal.SIGTERM, patience_s: float = 20) -> float:
        """End it as the operating system does; whatever does not end in time is killed. Returns the seconds it took."""
        began = time.monotonic()
        self.send(number)
        try:
            if self.process:
                self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9."""
        self.send(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def freeze(self) -> None:
        self.send(signal.SIGSTOP)

    def thaw(self) -> None:
        self.send(signal.SIGCONT)


def listens(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0
