"""PostgreSQL's own programs, run for a backup and a restore; and who else is connected to the database."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from app.operations.failing import Failed

PATIENCE_S = 3600
GONE_S = 3.0
"""A server still counts a connection for a moment after the process at its other end is gone."""

# Of other users' connections we may not know the kind; the app's own are of the same user as ours.
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


def run_tool(name: str, engine: Engine | None, *arguments: str) -> str:
    """What pg_dump, pg_restore or psql prints. A password goes through the environment, where `ps` does not show it."""
    program = shutil.which(name)
    if program is None:
        raise Failed(f"{name} is not installed; on Debian and Ubuntu: sudo apt install postgresql-client.")
    environment = dict(os.environ)
    if engine is not None:
        url = make_url(engine.url)
        if url.password:  # without one, what the environment or ~/.pgpass says counts, as it does for the app itself
            environment["PGPASSWORD"] = url.password
        plain = url.set(drivername="postgresql", password=None)
        arguments = (f"--dbname={plain.render_as_string(hide_password=False)}", *arguments)
    try:
        done = subprocess.run(  # noqa: S603 — no shell, and no word of it comes from outside
            [program, *arguments], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
    except subprocess.TimeoutExpired:
        raise Failed(
            f"{name} was stopped because it took longer than {PATIENCE_S // 60} minutes; see what keeps the database "
            "busy, and try again."
        ) from None
    if done.returncode:
        raise Failed(f"{name} did not succeed: {' '.join(done.stderr.split())[:500]}.")
    return done.stdout


def check_dump(file: Path) -> None:
    """Raise Failed unless pg_restore can read all of this, to its end."""
    run_tool("pg_restore", None, f"--file={os.devnull}", str(file))


def refuse_others(engine: Engine) -> None:
    """Raise Failed while anybody else is connected as the app is: what they still write would be lost."""
    engine.dispose()
    until = time.monotonic() + GONE_S
    with engine.connect() as connection:
        while others := connection.scalar(OTHERS):
            if time.monotonic() > until:
                raise Failed(
                    f"The database is in use ({others} other connections); stop the app (systemctl stop "
                    "'intervise@*'), and whatever else is connected as its user, and try again."
                )
            connection.rollback()  # within one transaction PostgreSQL tells the same picture again
            time.sleep(0.05)
