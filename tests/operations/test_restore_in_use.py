"""A restore where the app runs, where the database is damaged, and of a file that is not to be read."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine

from app.extensions import db
from app.operations import backup, old_copies, postgresql, replacing
from app.operations.failing import Damaged, Failed
from app.operations.restore import restore
from app.times import at, now
from tests.operations import databases
from tests.operations.conftest import Start
from tests.operations.test_backup import (  # noqa: F401 — some are fixtures
    app,
    flask,
    put_first,
    rows_at,
    url,
)
from tests.operations.test_metrics import near
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures
from tests.sessions.cast import Cast

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def test_a_restore_is_refused_while_the_app_runs(start: Start, url: str, tmp_path: Path):  # noqa: F811
    running = start(DATABASE_URL=url)
    with near(running.server):
        Cast().go_to("brainstorm")
        settings = {"DATABASE_URL": url, "INSTANCE_FOLDER": str(tmp_path / "instance")}
        file = flask("backup", str(tmp_path / "backups"), **settings).stdout.strip()
        db.session.rollback()
        db.engine.dispose()  # of ours, none is connected
    before = rows_at(url)
    refused = flask("restore", file, "--force", **settings)
    assert refused.returncode == 1
    assert re.search(r"^The (app runs on this database|database is in use \(\d+ other .*); stop ", refused.stderr)
    assert refused.stderr.count("\n") == 1
    assert rows_at(url) == before
    assert running.end() == 0
    again = flask("restore", file, "--force", **settings)
    assert again.returncode == 0, again.stderr


def damage(app: Flask) -> Path:  # noqa: F811
    """Let random bytes be in the middle of the database; the head stays as it is."""
    db.session.rollback()
    db.engine.dispose()
    path = backup.sqlite_path(db.engine)
    assert path
    data = path.read_bytes()
    third = len(data) // 3
    path.write_bytes(data[:third] + os.urandom(third) + data[2 * third :])
    return path


def ruin(app: Flask) -> Path:  # noqa: F811
    """Nothing is left of it that SQLite would open."""
    path = damage(app)
    path.write_bytes(os.urandom(path.stat().st_size))
    return path


@ON_SQLITE
@pytest.mark.parametrize("harm", [damage, ruin])
def test_a_damaged_database_is_named_and_a_restore_puts_it_aside_as_it_is(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    harm: Callable[[Flask], Path],
):
    instance = tmp_path / "instance"
    file = backup.make(db.engine, tmp_path / "backups", instance)
    path = harm(app)
    was = path.read_bytes()
    with pytest.raises(Damaged, match=rf"The database {path} itself is damaged .* restore"):
        backup.make(db.engine, tmp_path / "backups", instance)
    assert list((tmp_path / "backups").iterdir()) == [file]
    with pytest.raises(Failed, match="--force"):
        restore(app, db.engine, file, force=False)
    assert path.read_bytes() == was
    kept, *_ = restore(app, db.engine, file, force=True)
    aside = Path(kept.removeprefix("The damaged database is kept in ").removesuffix("."))
    assert aside.read_bytes() == was
    assert [row["id"] for row in databases.read(db.engine)["intervisions"]] == [1, 2, 3]


def test_a_damaged_database_goes_aside_with_its_journal_and_is_purged_with_it(tmp_path: Path):
    names = ("it.db", "it.db-wal", "it.db-shm")
    for name in names:
        (tmp_path / name).write_text(name)
    kept = replacing.move_aside(create_engine(f"sqlite:///{tmp_path / 'it.db'}"), tmp_path)
    assert [kept.with_name(kept.name + ending).read_text() for ending in ("", "-wal", "-shm")] == list(names)
    assert [path.name for path in tmp_path.iterdir()] == ["before-restore"]
    assert old_copies.kept_too_long(None, tmp_path) == []
    with at(now() + timedelta(days=31)):
        assert set(old_copies.kept_too_long(None, tmp_path)) == set(kept.parent.iterdir())


@ON_SQLITE
def test_a_backup_that_this_user_cannot_read_is_not_called_damaged(
    app: Flask,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    file = backup.make(db.engine, tmp_path / "backups", tmp_path / "instance")
    may = os.access
    for shut, told in ((file, f"cannot read {file}; run: sudo chown "), (file.parent, "can look; name another backup")):
        with monkeypatch.context() as patched:
            patched.setattr(os, "access", lambda path, mode, shut=shut: Path(path) != shut and may(path, mode))
            with pytest.raises(Failed, match=told):
                restore(app, db.engine, file, force=True)


def test_a_password_that_the_address_does_not_name_is_left_to_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    put_first(tmp_path / "programs", "pg_dump", '#!/bin/sh\necho "$PGPASSWORD"\n', monkeypatch)
    monkeypatch.setenv("PGPASSWORD", "of the environment")
    for address, sent in (("me@db", "of the environment"), ("me:sesame@db", "sesame")):
        engine = create_engine(f"postgresql+psycopg2://{address}/intervise")
        assert postgresql.run_tool("pg_dump", engine) == f"{sent}\n"


def test_a_connection_that_has_just_ended_is_no_other_one(
    postgres_url: str,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
):
    engine, other = (create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg2://")) for _ in range(2))
    with other.connect(), monkeypatch.context() as patched:
        patched.setattr(postgresql, "GONE_S", 0.2)
        with pytest.raises(Failed, match=r"in use \(1 other connections\)"):
            postgresql.refuse_others(engine)
    other.dispose()
    postgresql.refuse_others(engine)
    engine.dispose()
