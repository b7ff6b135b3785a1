"""From every revision there ever was, with data, on both databases, to this version's tables."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import create_engine, select, text

from app import create_app
from app.accounts.models import Account
from app.database import Base, migrate
from app.extensions import db
from app.operations.backup import Failed
from app.operations.upgrade import upgrade
from tests.operations import databases
from tests.rig import postgres, postgres_url  # noqa: F401 — fixtures
from tests.sessions.cast import Cast
from tests.visitor import Visitor


def app_on(url: str) -> Iterator[Flask]:
    app = create_app(DATABASE_URL=url, ASYNC_MODE="threading", PUBLIC_URL="http://localhost", RATELIMIT_ENABLED=False)
    with app.app_context():
        yield app
        db.session.rollback()
        db.engine.dispose()


@pytest.fixture
def on_sqlite(tmp_path: Path) -> Iterator[Flask]:
    yield from app_on(f"sqlite:///{tmp_path / 'old.db'}")


@pytest.fixture
def on_postgresql(postgres_url: str) -> Iterator[Flask]:  # noqa: F811
    yield from app_on(postgres_url.replace("postgresql://", "postgresql+psycopg2://"))


@pytest.mark.parametrize("revision", databases.history())
@pytest.mark.parametrize("database", ["on_sqlite", "on_postgresql"])
def test_a_database_of_any_revision_is_brought_here_with_all_that_is_in_it(
    database: str, revision: str, request: pytest.FixtureRequest
):
    app: Flask = request.getfixturevalue(database)
    databases.fill(db.engine, revision)
    before = databases.read(db.engine)
    migrate(app, db.engine)
    tables_are_the_models()
    nothing_is_gone(before, databases.read(db.engine))
    people_find_everything(app)


def tables_are_the_models() -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def nothing_is_gone(before: databases.Rows, after: databases.Rows) -> None:
    """Each row is there, with the same in the columns that both revisions have."""
    for table in before.keys() - {"alembic_version"}:
        if not before[table]:
            continue
        common = set(before[table][0]) & set(after[table][0])
        assert databases.columns(after[table], common) == databases.columns(before[table], common) != []


def people_find_everything(app: Flask) -> None:
    mia = Visitor(app)
    account = db.session.scalars(select(Account).where(Account.name == "Mia")).one()
    mia.sign_in(account)
    record = mia.get("/sessions/FW4YKX/record")
    assert record.status_code == 200
    for words in ("Nine contacts, no decider", "Ask who decides, early — déjà vu, 決める", "Map the contacts"):
        assert words in record.text
    assert "A case under way" in mia.get("/sessions/").text
    assert mia.get("/sessions/SVTC76/room").status_code == 200
    cast = Cast(db.session.get(Account, account.id)).go_to("brainstorm")
    assert cast.does("Cara", "idea", text="It goes on").item


def test_before_an_upgrade_a_copy_is_kept_and_of_those_three(on_sqlite: Flask, tmp_path: Path):
    first = databases.history()[0]
    databases.fill(db.engine, first)
    before = databases.read(db.engine)
    (tmp_path / "before-upgrade").mkdir()
    for number in range(4):
        (tmp_path / "before-upgrade" / f"2020010{number}T000000Z-{first}.db").touch()
    kept, done, renewed = upgrade(on_sqlite, db.engine)
    files = sorted((tmp_path / "before-upgrade").iterdir())
    assert len(files) == 3
    assert kept == f"The database as it was is kept in {files[-1]}."
    assert done == "The database has the newest tables."
    assert renewed == f"The archive was written anew for sessions: {len(before['archive'])}."
    assert upgrade(on_sqlite, db.engine) == []
    copy = create_engine(f"sqlite:///{files[-1]}")
    assert databases.read(copy) == before
    copy.dispose()


@pytest.mark.parametrize("database", ["on_sqlite", "on_postgresql"])
def test_a_newer_schema_is_left_alone_in_one_sentence(database: str, request: pytest.FixtureRequest):
    app: Flask = request.getfixturevalue(database)
    migrate(app, db.engine)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'fedcba987654'"))
    before = databases.read(db.engine)
    with pytest.raises(
        Failed, match=r"^The database was used by a newer version of Intervise .*fedcba987654"
    ) as caught:
        upgrade(app, db.engine)
    assert "\n" not in str(caught.value)
    after = databases.read(db.engine)
    assert after == before
    assert after["alembic_version"] == [{"version_num": "fedcba987654"}]
