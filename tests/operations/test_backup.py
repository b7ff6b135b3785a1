"""A backup of a database in use, put back elsewhere: every row is there, and the app serves it."""

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, text

from app import create_app
from app.database import migrate
from app.extensions import db
from app.operations import backup, postgresql
from app.operations.failing import Failed
from app.operations.replacing import drop_unknown_settings
from app.operations.restore import restore
from app.times import now
from tests.conftest import ROOT
from tests.operations import databases
from tests.operations.conftest import Start
from tests.operations.test_logs import Browser
from tests.operations.test_metrics import near
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of


def flask(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The `flask` command, as somebody types it at the terminal of the server; eventlet is its default too."""
    command = [sys.executable, "-m", "flask", *words]
    return subprocess.run(command, cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, timeout=60)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, on each of the two."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'first.db'}"
    made: str = request.getfixturevalue("postgres_url")
    return made.replace("postgresql://", "postgresql+psycopg2://")


@pytest.fixture
def second_url(url: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Another empty one of the same kind."""
    if url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'second.db'}"
    made: str = request.getfixturevalue("postgres").database()
    return made.replace("postgresql://", "postgresql+psycopg2://")


def rows_at(url: str) -> databases.Rows:
    engine = create_engine(url)
    try:
        return databases.read(engine)
    finally:
        engine.dispose()


def test_what_a_session_left_is_restored_elsewhere_and_served(start: Start, url: str, second_url: str, tmp_path: Path):
    server = start(DATABASE_URL=url).server
    with near(server) as app:
        cast = Cast().run_up_to("lessons")
        code = cast.room().it.code
        cara = Person(server.url, code, cookie_of(app, cast, "Cara"))
        assert cara.command("lesson", text="Count roles, not contacts — ça va", share=True, named=True)["ok"]
        made = flask("backup", str(tmp_path / "backups"), DATABASE_URL=url)  # while the server runs, and people write
        assert made.returncode == 0, made.stderr
        before = rows_at(url)
        assert cara.command("lesson", text="After the backup", share=False, named=True)["ok"]
        cara.leave()
        cookie = cookie_of(app, cast, "Mia")
    file = Path(made.stdout.strip())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    back = flask("restore", str(file), DATABASE_URL=second_url)
    assert back.returncode == 0, back.stderr
    assert rows_at(second_url) == before
    restored = Browser(start(DATABASE_URL=second_url).server)
    restored.opener.addheaders = [("Cookie", cookie)]
    with near(restored.server):
        cast.does("Mia", "advance", anyway=True)
        assert cast.step == "closed"
    page = restored.get(f"/sessions/{code}/record")
    assert "Count roles, not contacts — ça va" in page
    assert "After the backup" not in page


@pytest.fixture
def app(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An app on a database with rows in it, and an instance folder of its own."""
    monkeypatch.setenv("INSTANCE_FOLDER", str(tmp_path / "instance"))
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost")
    with app.app_context():
        databases.fill(db.engine, databases.history()[0])
        yield app
        db.session.rollback()
        db.engine.dispose()


def test_a_database_with_data_is_replaced_by_force_alone_and_kept_aside(app: Flask, tmp_path: Path):
    older = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    older_rows = databases.read(db.engine)
    migrate(app, db.engine)
    newer_rows = databases.read(db.engine)
    with pytest.raises(Failed, match="holds data"):
        restore(app, db.engine, older, force=False)
    assert databases.read(db.engine) == newer_rows
    kept, *_ = restore(app, db.engine, older, force=True)
    assert databases.read(db.engine) == newer_rows  # an older one is brought to this version
    aside = Path(kept.removeprefix("What was there before is kept in ").removesuffix("."))
    with pytest.raises(Failed, match="holds data"):
        restore(app, db.engine, aside, force=False)
    restore(app, db.engine, aside, force=True)
    assert databases.read(db.engine) == newer_rows
    assert older_rows != newer_rows


def test_a_backup_of_a_newer_version_is_refused(app: Flask, tmp_path: Path):
    set_revision(db.engine, "fedcba987654")
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    set_revision(db.engine, databases.history()[0])
    before = databases.read(db.engine)
    with pytest.raises(Failed, match="newer version"):
        restore(app, db.engine, file, force=True)
    assert databases.read(db.engine) == before


def set_revision(engine: Engine, revision: str) -> None:
    execute(engine, "UPDATE alembic_version SET version_num = :it", it=revision)


def execute(engine: Engine, statement: str, **values: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def test_a_damaged_backup_is_refused_and_changes_nothing(app: Flask, tmp_path: Path):
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    data = bytearray(file.read_bytes())
    data[len(data) // 2 :] = os.urandom(len(data) - len(data) // 2)  # its beginning still looks right
    file.write_bytes(data)
    before = databases.read(db.engine)
    with pytest.raises(Failed, match=rf"{file} is damaged|pg_restore did not succeed"):
        restore(app, db.engine, file, force=True)
    assert databases.read(db.engine) == before
    assert not (tmp_path / "instance" / "before-restore").exists()


def test_the_list_of_erasures_goes_along_and_comes_back_on_a_new_machine(app: Flask, tmp_path: Path):
    instance, folder = tmp_path / "instance", tmp_path / "backups"
    file = backup.make(db.engine, folder, instance)
    listed = {"what": "session", "id": 2, "words": True, "at": now().isoformat()}
    (instance / backup.ERASURES).write_text(f"\n{json.dumps(listed)}\n")
    backup.make(db.engine, folder, instance)
    assert (folder / backup.ERASURES).read_text() == (instance / backup.ERASURES).read_text()
    (instance / backup.ERASURES).unlink()  # another machine
    restore(app, db.engine, file, force=True)
    assert json.loads((instance / backup.ERASURES).read_text().split("\n\n")[0]) == listed
    assert [row["id"] for row in databases.read(db.engine)["intervisions"]] == [1, 3]


def test_what_a_new_machine_erased_itself_hides_nothing_of_the_list_beside_the_backup(app: Flask, tmp_path: Path):
    instance, folder = tmp_path / "instance", tmp_path / "backups"
    file = backup.make(db.engine, folder, instance)
    beside = [{"what": "session", "id": 2, "words": True, "at": now().isoformat()}]
    own = [{"what": "session", "id": 1, "made": (now() - timedelta(days=1)).isoformat()} | {"words": True}]
    own[0]["at"] = now().isoformat()  # a session 1 that was tried there, and deleted
    write_list(folder, beside)
    write_list(instance, own)
    restore(app, db.engine, file, force=True)
    assert [row["id"] for row in databases.read(db.engine)["intervisions"]] == [1, 3]
    assert read_list(instance) == own + beside


def test_a_backup_on_a_new_machine_keeps_the_list_that_is_in_its_folder(sqlite: Engine, tmp_path: Path):
    instance, folder = tmp_path / "instance", tmp_path / "backups"
    old, new = ({"what": "seat", "id": each, "words": True, "at": now().isoformat()} for each in ("old", "new"))
    write_list(folder, [old])
    write_list(instance, [new])
    for _ in range(2):
        backup.make(sqlite, folder, instance)
    assert read_list(folder) == [old, new]
    assert stat.S_IMODE((folder / backup.ERASURES).stat().st_mode) == 0o600


def write_list(folder: Path, erased: list[dict[str, Any]]) -> None:
    folder.mkdir(exist_ok=True)
    (folder / backup.ERASURES).touch(0o600)
    (folder / backup.ERASURES).write_text("".join(f"\n{json.dumps(each)}\n" for each in erased))


def read_list(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / backup.ERASURES).read_text().splitlines() if line]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_restore_that_fails_leaves_what_was_there_and_says_where_the_copy_is(app: Flask, tmp_path: Path):
    execute(db.engine, "CREATE SCHEMA elsewhere")  # it is in the backup, and cannot be made a second time
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    before = databases.read(db.engine)
    with pytest.raises(Failed, match=r"elsewhere.* already exists\. What was there before is kept in .*before-restore"):
        restore(app, db.engine, file, force=True)
    assert databases.read(db.engine) == before


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_restore_that_takes_too_long_is_told_and_changes_nothing(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    before = databases.read(db.engine)
    for name in ("psql", "pg_restore"):
        slow = f'#!/bin/sh\ncase "$*" in *--dbname=*) exec sleep 60;; esac\nexec {shutil.which(name)} "$@"\n'
        put_first(tmp_path / "programs", name, slow, monkeypatch)
    monkeypatch.setattr(postgresql, "PATIENCE_S", 5)
    with pytest.raises(Failed, match="took longer"):
        restore(app, db.engine, file, force=True)
    assert databases.read(db.engine) == before


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_newer_pg_restore_sets_what_an_older_server_does_not_know(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As version 17 does it with a server of before: into a script, and at a server itself, which refuses. Whether the
    script had it when psql came to it is written beside the programs.
    """
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    migrate(app, db.engine)
    newest = databases.read(db.engine)
    newer = f"""#!/bin/sh
case "$*" in *--dbname=*) echo 'unrecognized configuration parameter "transaction_timeout"' >&2; exit 1;; esac
{shutil.which("pg_restore")} "$@" || exit
for word; do case "$word" in --file=*/script.sql)
    sed -i '0,/^SET lock_timeout/s/^SET lock_timeout.*/&\\nSET transaction_timeout = 0;/' "${{word#--file=}}"
    grep -c '^SET transaction_timeout' "${{word#--file=}}" > {tmp_path}/inserted
esac; done
"""
    put_first(tmp_path / "programs", "pg_restore", newer, monkeypatch)
    restore(app, db.engine, file, force=True)
    assert (tmp_path / "inserted").read_text() == "1\n"
    assert databases.read(db.engine) == newest


def put_first(folder: Path, name: str, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is found before the real one."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(script)
    (folder / name).chmod(0o755)
    if not os.environ["PATH"].startswith(f"{folder}:"):
        monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def test_settings_that_the_server_does_not_know_become_comments_and_rows_stay(tmp_path: Path):
    script = tmp_path / "script.sql"
    top, rows = "SET lock_timeout = 0;\n{}SET row_security = off;\n", "-- Name: t\nSET transaction_timeout = 0;\n"
    script.write_text(top.format("SET transaction_timeout = 0;\n") + rows)
    drop_unknown_settings(script, {"lock_timeout", "row_security"})
    assert script.read_text() == top.format("--T transaction_timeout = 0;\n") + rows


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'it.db'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (number integer)"))
    yield engine
    engine.dispose()


def test_a_copy_is_made_while_somebody_writes_and_is_of_one_moment(sqlite: Engine, tmp_path: Path):
    path = sqlite.url.database or ""
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("INSERT INTO t VALUES (1)")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("INSERT INTO t VALUES (2)")
    file = backup.make(sqlite, tmp_path / "backups", tmp_path)
    writer.execute("COMMIT")
    writer.close()
    with sqlite3.connect(file) as copy:
        assert copy.execute("SELECT number FROM t").fetchall() == [(1,)]
    copy.close()
    assert [each.name for each in (tmp_path / "backups").iterdir()] == [file.name]  # one file, no journal beside it


def test_a_command_that_cannot_be_done_says_so_in_one_sentence(tmp_path: Path):
    nowhere = f"sqlite:///{tmp_path / 'no' / 'folder' / 'it.db'}"
    for words in (("backup", str(tmp_path / "b")), ("restore", "no-such-file"), ("migrate",)):
        done = flask(*words, DATABASE_URL=nowhere)
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1
        assert done.stderr.strip().endswith((".", "written."))
