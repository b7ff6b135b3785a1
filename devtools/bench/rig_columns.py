"""The app on PostgreSQL and Redis behind nginx: what more processes buy, with routing by session and without."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import psycopg2

from devtools.bench import columns
from devtools.bench.columns import Served, Start, numbers
from devtools.rig.app import App
from devtools.rig.nginx import Nginx
from devtools.rig.postgres import Postgres
from devtools.rig.programs import free_port
from devtools.rig.redis import Redis

ROUTING = "hash $arg_room consistent;"


class Rig:
    """One PostgreSQL and one Redis for all columns; every session is staged in it once."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.postgres = stack.enter_context(Postgres())
        self.redis = stack.enter_context(Redis(folder))
        self.url = self.postgres.database()

    def column(self, processes: int, mode: str, *, redis: bool = True, routed: bool = True) -> Start:
        @contextmanager
        def start(folder: Path) -> Iterator[Served]:
            ports = [free_port() for _ in range(processes)]
            nginx = Nginx(folder, ports)
            if not routed:
                config = folder / "nginx.conf"
                config.write_text(config.read_text().replace(ROUTING, ""))
            settings = columns.APP | {
                "ASYNC_MODE": mode,
                "DATABASE_URL": self.url,
                "REDIS_URL": self.redis.url if redis else "",
                "PUBLIC_URL": nginx.url,
                "TRUSTED_PROXIES": "1",
            }
            with ExitStack() as stack:
                apps = [App(folder, f"app{port}", **settings, PORT=str(port)) for port in ports]
                for app in apps:
                    stack.enter_context(app)
                stack.enter_context(nginx)
                around = {"postgres": self.postgres.program.pid, "redis": self.redis.program.pid,
                          "nginx": nginx.program.pid}  # fmt: skip
                pids = [app.program.pid for app in apps]
                before = set(self._said())  # of the columns before this one
                yield Served(nginx.port, nginx.url, pids, lambda: _without(self._said(), before), around)

        return start

    def columns(self, mode: str) -> dict[str, tuple[Start, bool]]:
        found = {
            "one process, no Redis": self.column(1, mode, redis=False),
            "one process": self.column(1, mode),
            "two, routed": self.column(2, mode),
            "two, not routed": self.column(2, mode, routed=False),
        }
        return {name: (start, False) for name, start in found.items()}

    def _said(self) -> list[int]:
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT text FROM contributions")
            return numbers(text for (text,) in cursor.fetchall())


def _without(said: Iterable[int], before: set[int]) -> list[int]:
    return [number for number in said if number not in before]
