"""Servers in a process of their own, in each of the two async modes, with their log kept."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.conftest import ROOT, Server

TOKEN = "a token for the metrics 123"


@dataclass
class Logged:
    """A running server; `output()` is all that it has printed and logged so far."""

    server: Server
    files: list[Path] = field(default_factory=list)

    def output(self) -> str:
        return "".join(file.read_text(encoding="utf-8") for file in self.files)

    def end(self) -> int:
        """As an operating system ends it."""
        if self.server.process.poll() is None:
            self.server.process.send_signal(signal.SIGTERM)
        return self.server.process.wait(timeout=20)


Start = Callable[..., Logged]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts wsgi.py, or another program that serves the app, with settings; all of them are ended after the test."""
    started: list[Logged] = []

    def start(*program: str, **settings: str) -> Logged:
        number = len(started)
        out, err = tmp_path / f"out{number}", tmp_path / f"err{number}"
        url = settings.setdefault("DATABASE_URL", f"sqlite:///{tmp_path / 'server.db'}")
        own = {"PORT": "0", "INSTANCE_FOLDER": str(tmp_path / "instance"), "METRICS_TOKEN": TOKEN}
        with out.open("w") as stdout, err.open("w") as stderr:
            process = subprocess.Popen(
                [sys.executable, *(program or ("wsgi.py",))],
                cwd=ROOT,
                env=os.environ | own | settings,
                text=True,
                stdout=stdout,
                stderr=stderr,
            )
        address = _address(process, out, err)
        server = Server(address, url, [], process, tmp_path / "clock")
        started.append(Logged(server, [out, err]))
        return started[-1]

    yield start
    for each in started:
        if each.server.process.poll() is None:
            each.server.process.kill()
        each.server.process.wait(timeout=10)


def _address(process: subprocess.Popen[str], out: Path, err: Path) -> str:
    """Where it listens, as soon as it says so."""
    while True:
        ended = process.poll() is not None
        for line in out.read_text().splitlines():
            if "Intervise is at " in line:
                return line.split()[-1]
        assert not ended, f"the server ended: {out.read_text()} {err.read_text()}"
        try:
            process.wait(timeout=0.05)
        except subprocess.TimeoutExpired:
            continue


@pytest.fixture(params=["eventlet", "threading"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)
