"""A PostgreSQL of our own: its data in a temporary folder, with fsync on, as it would run for customers."""

import os
import shutil
import signal
import subprocess
import tempfile
import uuid
from contextlib import closing
from pathlib import Path
from types import TracebackType

import psycopg2

from devtools.rig.programs import NotReady, Program, as_user, find, free_port, missing

SUPERUSER = "intervise"


class Postgres:
    """`with Postgres() as postgres: postgres.database()`. Run as root, it becomes another user: it refuses root. Its
    log goes to `log`, or is thrown away in the end.
    """

    def __init__(self, log: Path | None = None) -> None:
        if lack := missing("initdb"):
            raise NotReady(lack)
        # Not in a caller's folder: another user has to be able to get there.
        self.folder = Path(tempfile.mkdtemp(prefix="intervise-postgres-"))
        self.port = free_port()
        user = _user() if os.geteuid() == 0 else None
        if user:
            shutil.chown(self.folder, user)
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 120,
            "log_min_messages": "warning",
            # What explains an answer that took seconds.
            "log_checkpoints": "on",
            "log_lock_waits": "on",
            "log_min_duration_statement": "1s",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        program = find("postgres") or ""
        self.log = log
        kept_in = log or self.folder.with_suffix(".log")
        self.program = Program([program, "-D", str(self.folder / "data"), *settings], kept_in, user=user)

    def __enter__(self) -> "Postgres":
        initdb = [find("initdb") or "", "-D", str(self.folder / "data"), "-U", SUPERUSER, "-A", "trust", "-E", "UTF8"]
        who = as_user(self.program.user)
        done = subprocess.run([*initdb, "--no-locale"], capture_output=True, text=True, cwd="/", **who)
        if done.returncode:
            raise NotReady(f"initdb: {done.stderr}")
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.program.thaw()
        self.program.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)
        if not self.log:
            self.program.log.unlink(missing_ok=True)

    def start(self) -> None:
        self.program.start(lambda _said: self._answers())

    def stop(self, *, at_once: bool = False) -> None:
        """`at_once`: without a checkpoint, so that it has to recover from its log at the next start."""
        self.program.stop(signal.SIGQUIT if at_once else signal.SIGINT)

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        with closing(psycopg2.connect(self.url("postgres"))) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def url(self, name: str) -> str:
        return f"postgresql://{SUPERUSER}@127.0.0.1:{self.port}/{name}"

    def _answers(self) -> bool:
        try:
            psycopg2.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg2.OperationalError:
            return False
        return True


def _user() -> str:
    """Whom a root gives way to: the package's own user where there is one."""
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"
