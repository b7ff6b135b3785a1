"""A restore that does not come to its end: the database is served to nobody until it has."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.extensions import db
from app.operations import backup, doctor, erased_since, unfinished
from app.operations import restore as restoring
from app.operations.failing import Failed
from app.operations.restore import restore
from app.operations.upgrade import upgrade
from app.privacy import erasure, erasures
from app.sessions.commands import erasing
from app.sessions.rules import Refused
from app.times import now
from tests.conftest import ROOT
from tests.operations import databases
from tests.operations.test_backup import app, flask, read_list, url, write_list  # noqa: F401 — some are fixtures
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
NOT_FINISHED = "A restore was not finished; run again, with the app stopped: flask restore {} --force"


def sessions() -> list[int]:
    return [row["id"] for row in databases.read(db.engine)["intervisions"]]


def erased(*ids: int) -> list[dict[str, Any]]:
    """The list of erasures, with these sessions."""
    return [{"what": "session", "id": each, "words": True, "at": now().isoformat()} for each in ids]


def starts(app: Flask) -> bool:  # noqa: F811
    """What every start does first."""
    try:
        upgrade(app, db.engine)
    except Failed as failed:
        return "A restore was not finished" not in str(failed)
    return True


def test_one_who_cannot_be_erased_again_keeps_nobody_else_and_the_app_from_starting(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    folder, delete = tmp_path / "backups", erasing.delete
    file = backup.make(db.engine, folder, tmp_path / "instance")
    write_list(folder, erased(1, 2, 3))

    def refuse_the_second(intervision_id: int) -> None:
        if intervision_id == 2:
            raise Refused("not_saved", "This is not saved yet. We keep trying.")
        delete(intervision_id)

    with monkeypatch.context() as patched:
        patched.setattr(erasing, "delete", refuse_the_second)
        told = r"Of 3 erasures 1 could not be done again \(the first: session 2, not_saved\).* is restored"
        with pytest.raises(Failed, match=told) as failed:
            restore(app, db.engine, file, force=True)
    assert str(failed.value).endswith(NOT_FINISHED.format(file))
    assert sessions() == [2]
    assert not starts(app)
    restore(app, db.engine, file, force=True)
    assert sessions() == []
    assert starts(app)


@ON_SQLITE
def test_what_fails_after_the_database_was_replaced_keeps_the_app_from_starting(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    write_list(tmp_path / "backups", erased(2))
    with monkeypatch.context() as patched:
        patched.setattr(restoring, "migrate", fail(OSError(28, "No space left on device")))
        with pytest.raises(Failed, match=r"No space left on device.* make room.* is restored.*not finished"):
            restore(app, db.engine, file, force=True)
    assert 2 in sessions()
    assert not starts(app)
    [found] = [each for each in doctor.look(app, db.engine) if each.name == "restore"]
    assert (found.mark, found.words) == (doctor.BAD, NOT_FINISHED.format(file))
    restore(app, db.engine, file, force=True)
    assert 2 not in sessions()
    assert starts(app)


def fail(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@ON_SQLITE
def test_what_fails_before_the_database_is_replaced_leaves_it_in_use(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    before = databases.read(db.engine)
    monkeypatch.setattr(restoring, "replace", fail(Failed("The database could not be replaced.")))
    with pytest.raises(Failed, match="could not be replaced") as failed:
        restore(app, db.engine, file, force=True)
    assert "not finished" not in str(failed.value)
    assert databases.read(db.engine) == before
    assert starts(app)


@ON_SQLITE
@pytest.mark.parametrize("listed", [b"\n\xff\xfe no text \n", b'\n{"what": "session"}\n', b"\n5\n", None])
def test_a_list_of_erasures_that_cannot_be_read_stops_it_before_anything_is_replaced(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    listed: bytes | None,
):
    instance = tmp_path / "instance"
    file = backup.make(db.engine, tmp_path / "backups", instance)
    before = databases.read(db.engine)
    if listed is None:
        (instance / backup.ERASURES).mkdir()  # nobody, root neither, reads that
    else:
        (instance / backup.ERASURES).write_bytes(listed)
    with pytest.raises(Failed, match=r"The list of who was erased, .*erasures.jsonl, (cannot be read|is damaged)"):
        restore(app, db.engine, file, force=True)
    assert databases.read(db.engine) == before
    assert starts(app)


@ON_SQLITE
def test_a_line_that_a_power_cut_has_cut_short_stops_nothing(app: Flask, tmp_path: Path):  # noqa: F811
    instance = tmp_path / "instance"
    file = backup.make(db.engine, tmp_path / "backups", instance)
    whole = json.dumps(*erased(2))
    (instance / backup.ERASURES).write_text(f'\n{{"what": "session", "id": 1, "wo\n{whole}\n')
    restore(app, db.engine, file, force=True)
    assert sessions() == [1, 3]


@ON_SQLITE
def test_at_the_terminal_nothing_is_migrated_before_it_is_done_again(app: Flask, tmp_path: Path):  # noqa: F811
    unfinished.begin(tmp_path / "instance", tmp_path / "a backup.db")
    settings = {"DATABASE_URL": app.config["DATABASE_URL"], "INSTANCE_FOLDER": str(tmp_path / "instance")}
    done = flask("migrate", **settings)
    assert (done.returncode, done.stderr.strip()) == (1, NOT_FINISHED.format(tmp_path / "a backup.db"))
    served = subprocess.run(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=os.environ | settings | {"PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (served.returncode, served.stderr.strip()) == (1, NOT_FINISHED.format(tmp_path / "a backup.db"))


@ON_SQLITE
def test_an_erasure_that_fits_the_disk_only_in_part_has_not_happened(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda handle, data: write(handle, data[:10]))
        with pytest.raises(OSError, match="No space left"):
            erasures.note("seat", "half")
    erasures.note("seat", "whole")
    assert [each.id for each in erasures.noted()] == ["whole"]


@ON_SQLITE
def test_whatever_goes_wrong_with_one_the_next_one_is_erased(
    app: Flask,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    seen: list[int | str] = []

    def again(each: erasures.Erasure) -> bool:
        seen.append(each.id)
        if each.id == 1:
            raise ZeroDivisionError
        return True

    monkeypatch.setattr(erasure, "_again", again)
    listed = [erasures.Erasure("session", each, words=True, at=now()) for each in (1, 2)]
    with pytest.raises(Failed, match="session 1, ZeroDivisionError"):
        erased_since.erase_again(listed)
    assert seen == [1, 2]
