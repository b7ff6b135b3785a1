"""The app in processes of its own, as `wsgi.py` serves it."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from devtools.rig.programs import Program, free_port

ROOT = Path(__file__).resolve().parents[2]
READY = "Intervise is at "
SECRET_KEY = "for trials alone: 0123456789 abcdefghij"  # noqa: S105 - opens nothing but what a trial has made


class App:
    """One process of the app. `entry` is what Python runs; settings are those of app/config.py.

    It keeps its port over restarts. Its log is `folder`/`name`.log.
    """

    def __init__(
        self, folder: Path, name: str = "app", *, entry: Sequence[str] = (str(ROOT / "wsgi.py"),), **settings: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.clock_file = folder / "clock"
        env = os.environ | {
            "INTERVISE_ENV": "test",
            "INTERVISE_CLOCK_FILE": str(self.clock_file),
            "INSTANCE_FOLDER": str(folder / "instance"),
            "SECRET_KEY": SECRET_KEY,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        self.program = Program([sys.executable, *entry], folder / f"{name}.log", env=env | settings)

    def __enter__(self) -> "App":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.program.thaw()
        self.program.stop()

    def start(self) -> None:
        self.program.start(lambda said: READY in said)

    def flask(self, *words: str) -> str:
        """What `flask …` says, typed at the terminal of this server. Raises CalledProcessError."""
        command = [sys.executable, "-m", "flask", *words]
        done = subprocess.run(command, cwd=ROOT, env=self.program.env, text=True, stdout=subprocess.PIPE, check=True)
        return done.stdout.strip()

    def memory_mb(self) -> float:
        """Resident memory of the process, in MB (2**20 bytes)."""
        for line in Path(f"/proc/{self.program.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        return 0.0
