"""The two ways in which Intervise is run, whole: rig A on SQLite with one process, rig B on PostgreSQL and Redis with
two processes behind nginx.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools.rig.app import ROOT, App
from devtools.rig.nginx import Nginx
from devtools.rig.postgres import Postgres
from devtools.rig.programs import missing
from devtools.rig.redis import Redis

ENTRY = (str(ROOT / "wsgi.py"),)


@dataclass
class Rig:
    """A whole installation: people come to `url`; `port` is where it listens on this machine."""

    name: str
    folder: Path
    url: str
    port: int
    database_url: str
    apps: list[App] = field(default_factory=list)
    postgres: Postgres | None = None
    redis: Redis | None = None


def lacks(name: str) -> str:
    """One line that says what this machine lacks for a rig ("a" or "b"); empty if nothing."""
    return missing() if name == "b" else ""


@contextmanager
def rig_a(folder: Path, *, entry: Sequence[str] = ENTRY, **settings: str) -> Iterator[Rig]:
    database = f"sqlite:///{folder / 'intervise.db'}"
    with App(folder, entry=entry, DATABASE_URL=database, **settings) as app:
        yield Rig("a", folder, app.url, app.port, database, [app])


@contextmanager
def rig_b(folder: Path, *, entry: Sequence[str] = ENTRY, processes: int = 2, **settings: str) -> Iterator[Rig]:
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres(folder / "postgres.log"))
        redis = stack.enter_context(Redis(folder))
        database = postgres.database()
        common = {"DATABASE_URL": database, "REDIS_URL": redis.url, "TRUSTED_PROXIES": "1"} | settings
        apps = []
        for number in range(processes):  # one after the other: the first one makes the tables
            apps.append(stack.enter_context(App(folder, f"app{number}", entry=entry, **common)))
        nginx = stack.enter_context(Nginx(folder, [app.port for app in apps]))
        yield Rig("b", folder, nginx.url, nginx.port, database, apps, postgres, redis)


RIGS: dict[str, Callable[..., AbstractContextManager[Rig]]] = {"a": rig_a, "b": rig_b}
