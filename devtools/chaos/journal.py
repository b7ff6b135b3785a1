"""What a client did and heard, a line of JSON each, on the disk before the client acts on it.

Every line has `t` (ms since 1970 on this machine's real clock) and `what`:
who         who writes here: session, seat, name, role, kind ("script" or "browser"), offset_s (of the device's clock)
connect, disconnect, offline
send        a command on its way: id, name, base, data, token (the word that is in its text and nowhere else)
ack         its answer: id, answer
snapshot, patch, pulse, presence, goodbye, restarting     as they came: body
early       one of these, which came before the server's welcome: body
synced      the answer to `sync`: body, a snapshot
timer       what this screen shows: left_s, ends_at
state       what a browser has drawn: body, with the words that stand on the page
"""

import threading
import time
from pathlib import Path
from typing import Any

import orjson

Line = dict[str, Any]


def millis() -> float:
    return time.time() * 1000


class Journal:
    def __init__(self, path: Path, **who: Any) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("ab", buffering=0)  # every line goes to the system at once
        self.lock = threading.Lock()
        self.write("who", **who)

    def write(self, what: str, **fields: Any) -> None:
        with self.lock:
            if not self.file.closed:
                self.file.write(orjson.dumps({"t": millis(), "what": what, **fields}) + b"\n")

    def close(self) -> None:
        with self.lock:
            self.file.close()


def read(path: Path, since: int = 0) -> list[Line]:
    """From byte `since` on; a line that is just being written is not there yet."""
    with path.open("rb") as file:
        file.seek(since)
        return [orjson.loads(line) for line in file.read().rpartition(b"\n")[0].splitlines() if line]
