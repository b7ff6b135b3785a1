"""Fixtures for tests that need a PostgreSQL, or the whole of it: PostgreSQL, Redis, two processes behind nginx.

Where the machine lacks them the tests are skipped with a line that says what to install (and fail where CI=true).
"""

from collections.abc import Iterator

import pytest

from devtools.rig.postgres import Postgres
from devtools.rig.programs import missing
from devtools.rig.rigs import Rig, lacks
from devtools.rig.rigs import rig_b as whole_rig_b


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL server for all tests."""
    if lack := missing("initdb"):
        pytest.skip(lack)
    with Postgres() as running:
        yield running


@pytest.fixture
def postgres_url(postgres: Postgres) -> str:
    """The address of a new, empty database on it."""
    return postgres.database()


@pytest.fixture(scope="session")
def rig_b(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """PostgreSQL, Redis and two processes of the app behind nginx; one for all tests."""
    if lack := lacks("b"):
        pytest.skip(lack)
    with whole_rig_b(tmp_path_factory.mktemp("rig_b")) as rig:
        yield rig
