"""A Redis of our own, in memory alone: nothing that must survive is ever in it."""

from pathlib import Path
from types import TracebackType

from devtools.rig.programs import NotReady, Program, find, free_port, listens, missing


class Redis:
    def __init__(self, folder: Path) -> None:
        if lack := missing("redis-server"):
            raise NotReady(lack)
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        options = {"port": self.port, "bind": "127.0.0.1", "save": "", "appendonly": "no", "dir": folder}
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        self.program = Program([find("redis-server") or "", *words], folder / "redis.log")

    def __enter__(self) -> "Redis":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.program.kill()

    def start(self) -> None:
        self.program.start(lambda _said: listens(self.port))

    def stop(self) -> None:
        self.program.kill()
