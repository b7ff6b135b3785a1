"""Whether the machine itself stood still during a run: what is slow then is not the app's fault, and what is slow
without it is.
"""

import os
import threading
import time
from datetime import datetime
from pathlib import Path
from types import TracebackType

EVERY_S = 0.5
WORTH_TELLING_S = 1.0


class Stillness:
    """`with Stillness(folder) as machine: …; machine.words()`: looks twice a second how late it wakes up, and how long
    a write takes to be on the disk of `folder`.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "stillness"
        self.over = threading.Event()
        self.worst: dict[str, tuple[float, datetime]] = {}
        self.watch = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Stillness":
        self.watch.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.over.set()
        self.watch.join()

    def _watch(self) -> None:
        with self.path.open("wb", buffering=0) as file:
            while True:
                began = time.monotonic()
                if self.over.wait(EVERY_S):
                    return
                woke = time.monotonic()
                os.pwrite(file.fileno(), b"still here", 0)
                os.fsync(file.fileno())
                self.note(woke - began - EVERY_S, time.monotonic() - woke, datetime.now().astimezone())

    def note(self, late_s: float, disk_s: float, at: datetime) -> None:
        for what, seconds in (("to wake up", late_s), ("to write", disk_s)):
            if seconds > self.worst.get(what, (0.0, at))[0]:
                self.worst[what] = seconds, at

    def words(self) -> str:
        """One line about the longest of each that is worth telling; empty if nothing is."""
        long = [(what, *worst) for what, worst in self.worst.items() if worst[0] >= WORTH_TELLING_S]
        told = [f"{seconds:.1f} s {what} at {at:%H:%M:%S}" for what, seconds, at in long]
        return f"The machine itself stood still: {', '.join(told)}." if told else ""
