"""Running other programs quietly, with signs of life, and ending in one sentence when something is missing."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

NO_NETWORK = (
    "name resolution", "NewConnectionError", "NameResolutionError", "ConnectTimeout", "Network is unreachable",
    "getaddrinfo", "ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ERR_SOCKET_TIMEOUT", "ProxyError",
)  # fmt: skip


class Stop(Exception):
    """Ends the command; the message is one sentence that says what to do."""


def become(*arguments: str) -> int:
    """Hand over to the virtual environment's Python; where a process can be replaced, this does not return."""
    command = [str(PYTHON), *arguments]
    sys.stdout.flush()
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)


def in_venv(*arguments: str) -> None:
    """Run the virtual environment's Python and show what it prints; Stop when it fails."""
    if subprocess.call([str(PYTHON), *arguments]):
        raise Stop(f"“{' '.join(arguments)}” failed; what it said is above.")


def free_port(host: str, wanted: int | None) -> int:
    """`wanted` if it is free, else Stop; with nothing wanted, the first free port from 5000 on."""
    for port in [wanted] if wanted is not None else range(5000, 5100):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
                return port
            except (OSError, OverflowError):
                continue
    if wanted is None:
        raise Stop("Ports 5000 to 5099 are all in use; choose another one with --port.")
    raise Stop(f"Port {wanted} on {host} is in use or not allowed; choose another one with --port.")


class Line:
    """One line of the terminal that says what is being done and how far it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.count = ""
        self.started = time.monotonic()
        self.live = sys.stdout.isatty()
        self.done = threading.Event()
        self.painter = threading.Thread(target=self._paint, daemon=True)

    def __enter__(self) -> "Line":
        print(f"{self.text}…", end="" if self.live else "\n", flush=True)
        if self.live:
            self.painter.start()
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        self.done.set()
        if self.live:
            self.painter.join()
            print(f"\r\033[K{self.text}: {'stopped' if kind else 'done'} after {self._seconds()} s", flush=True)

    def run(self, command: Sequence[str | Path], failure: str, counted: str = "", total: int = 0,
            env: Mapping[str, str] | None = None) -> None:  # fmt: skip
        """Run `command` quietly; lines that begin with `counted` are progress towards `total`. Stop when it fails."""
        lines: list[str] = []
        process = subprocess.Popen(
            [str(part) for part in command], cwd=ROOT, env=env, text=True, errors="replace",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout
        for line in process.stdout:
            lines.append(line)
            if counted and line.startswith(counted):
                self._count(sum(line.startswith(counted) for line in lines), total)
        if process.wait():
            raise Stop(explain("".join(lines), failure))

    def _count(self, done: int, total: int) -> None:
        self.count = f" {done} of {total}"
        if not self.live and done % 15 == 0:
            print(f"     {self.count}", flush=True)

    def _paint(self) -> None:
        while not self.done.wait(0.5):
            print(f"\r\033[K{self.text}…{self.count} ({self._seconds()} s)", end="", flush=True)

    def _seconds(self) -> int:
        return round(time.monotonic() - self.started)


def explain(output: str, failure: str) -> str:
    """The sentence for a failed program; its last lines come before, unless they only say that there is no network."""
    if any(sign in output for sign in NO_NETWORK):
        return f"{failure}: no connection. Connect to the internet and run this again."
    tail = "\n".join(output.strip().splitlines()[-20:])
    return f"{tail}\n{failure}: what it said is above. Set that right and run this again."
