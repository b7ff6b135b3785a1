"""What is thrown away because it is too old or half-written, whatever becomes of the new one."""

import os
import resource
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine

from app.operations import backup, old_copies
from app.operations.failing import Failed
from app.times import at, now
from tests.conftest import ROOT
from tests.operations import databases
from tests.operations.test_backup import sqlite  # noqa: F401 — a fixture

DAY = timedelta(days=1)
FULL_BYTES = 60_000
"""More than what SQLite has in memory beside a database, and less than the smallest of these."""


def moment(days: float) -> str:
    return f"{now() - days * DAY:%Y%m%dT%H%M%SZ}"


def test_old_backups_are_removed_and_nothing_else(sqlite: Engine, tmp_path: Path):  # noqa: F811
    folder, today = tmp_path / "backups", now()
    for days in (40, 31, 29, 8, 6):
        with at(today - days * DAY):
            backup.copy_into(sqlite, folder)
    (folder / "intervise-20200101T000000Z.db.age").touch()
    (folder / "notes.txt").touch()
    week = backup.make(sqlite, folder, tmp_path, keep_days=7)
    younger = f"intervise-{today - 6 * DAY:%Y%m%dT%H%M%SZ}.db"
    assert {path.name for path in folder.glob("*.db")} == {week.name, younger}
    assert (folder / "notes.txt").exists()


def test_nothing_but_the_newest_two_is_kept_for_longer_than_a_month(sqlite: Engine, tmp_path: Path):  # noqa: F811
    for days in (31, 32):
        with at(now() - days * DAY):
            old = backup.copy_into(sqlite, tmp_path / "backups")
    backup.make(sqlite, tmp_path / "backups", tmp_path, keep_days=365)
    assert not old.exists()
    assert len(list((tmp_path / "backups").glob("*.db"))) == 2


def test_a_clock_that_jumps_a_year_ahead_takes_not_every_backup_away(sqlite: Engine, tmp_path: Path):  # noqa: F811
    for days in (2, 1):
        with at(now() - days * DAY):
            yesterdays = backup.copy_into(sqlite, tmp_path / "backups")
    with at(now() + 365 * DAY):
        wrong = backup.make(sqlite, tmp_path / "backups", tmp_path)
    assert set((tmp_path / "backups").glob("*.db")) == {yesterdays, wrong}


def test_what_is_over_a_month_goes_also_when_the_disk_is_full(
    sqlite: Engine,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    made = []
    for days in (40, 35, 9, 8):
        with at(now() - days * DAY):
            made.append(backup.copy_into(sqlite, tmp_path / "backups"))

    def fill_up(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(backup, "_copy_sqlite", fill_up)
    with pytest.raises(Failed, match=r"cannot be written \(database or disk is full\); make room"):
        backup.make(sqlite, tmp_path / "backups", tmp_path, keep_days=7)
    assert sorted((tmp_path / "backups").iterdir()) == made[2:]


def test_half_written_copies_go_after_a_day(sqlite: Engine, tmp_path: Path):  # noqa: F811
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"intervise-{moment(1.1)}.{rest}" for rest in ("db.part", "db.part-journal", "dump.part")]
    young = f"intervise-{moment(0.9)}.db.part"
    for name in (*old, young):
        (folder / name).touch()
    made = backup.make(sqlite, folder, tmp_path)
    assert {path.name for path in folder.iterdir()} == {young, made.name}


def test_what_a_restore_or_an_upgrade_left_half_done_is_purged_after_a_day(tmp_path: Path):
    for name in ("before-upgrade", "before-restore"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{moment(1.1)}-abc.db.part").touch()
        (tmp_path / name / f"{moment(0.9)}-abc.db.part").touch()
    for name, days in (("restore-ab12_xyz", 1.1), ("restore-younger1", 0.9)):
        script = tmp_path / name / "script.sql"
        script.parent.mkdir()
        script.touch()
        set_time(script.parent, now() - days * DAY)
    (tmp_path / "restore-unfinished").touch()
    set_time(tmp_path / "restore-unfinished", now() - 40 * DAY)
    found = old_copies.kept_too_long(None, tmp_path)
    assert {path.name for path in found} == {f"{moment(1.1)}-abc.db.part", "restore-ab12_xyz"}
    assert len(found) == 3
    assert all(old_copies.remove(each) for each in found)
    assert not any(each.exists() for each in found)


def set_time(path: Path, when: datetime) -> None:
    os.utime(path, (when.timestamp(), when.timestamp()))


def flask_on_a_full_disk(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The `flask` command, whose files may not grow beyond FULL_BYTES."""
    return subprocess.run(
        [sys.executable, "-m", "flask", *words],
        cwd=ROOT,
        env=os.environ | settings | {"PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_BYTES, FULL_BYTES)),
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("command", ["backup", "migrate", "restore"])
def test_a_disk_that_is_full_is_told_in_one_sentence_and_nothing_half_written_stays(command: str, tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'it.db'}"
    engine = create_engine(url)
    databases.fill(engine, databases.history()[0])
    rows = databases.read(engine)
    whole = backup.make(engine, tmp_path / "whole", tmp_path)
    assert whole.stat().st_size > FULL_BYTES
    words = {"backup": ("backup", str(tmp_path / "backups")), "restore": ("restore", str(whole), "--force")}
    done = flask_on_a_full_disk(*words.get(command, (command,)), DATABASE_URL=url, INSTANCE_FOLDER=str(tmp_path))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "make room" in done.stderr
    assert not [path for path in tmp_path.rglob("*") if ".part" in path.name or path.name == "restore-unfinished"]
    assert databases.read(engine) == rows
    engine.dispose()
