"""A closed session with words of everybody in it, and browsers for whoever looks at it."""

import io
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.database import Base, fold_journal
from app.extensions import db
from app.privacy import erasure, erasures
from tests.sessions.cast import Cast
from tests.sessions.entering import browser_of
from tests.visitor import Visitor, make_account

Enter = Callable[[str], Visitor]


@pytest.fixture
def ada(app: Flask) -> Account:
    """She looks after the accounts, and was in no session."""
    db.session.rollback()
    return make_account("Ada", admin=True)


@pytest.fixture
def mia(app: Flask) -> Account:
    return make_account("Mia")


@pytest.fixture
def cast(mia: Account) -> Cast:
    """Closed: Mia moderated, Otto owned, Cara and Carl consulted, and all of them have said something."""
    cast = Cast(mia).go_to("statement")
    cast.does("Cara", "note", text="Canary note of Cara")
    cast.does("Otto", "statement", issue="Canary issue of Otto", situation="Canary situation of Otto")
    cast.does("Carl", "note", text="Canary note of Carl")
    cast.does("Mia", "advance")
    cast.run_up_to("lessons")
    cast.does("Cara", "lesson", text="Canary lesson of Cara", share=True, named=True)
    cast.does("Mia", "lesson", text="Canary lesson noted for Cara", share=False, named=False, for_=cast.seats["Cara"])
    cast.does("Carl", "lesson", text="Canary lesson of Carl", share=True, named=True)
    cast.does("Mia", "advance")
    return cast


@pytest.fixture
def enter(app: Flask, cast: Cast) -> Enter:
    return partial(browser_of, app, cast)


def everything_kept(app: Flask) -> str:
    """All that is on the disk: the database row by row, and every file of the installation byte by byte."""
    rows = [str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))]
    db.session.rollback()
    fold_journal(db.engine)
    files = [path.read_bytes() for path in Path(app.instance_path).rglob("*") if path.is_file()]
    return "\n".join([*rows, *(each.decode("utf-8", "replace") for each in files)])


def unpacked(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def items(view: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in view["items"].values() if item["kind"] == kind]


def erased_again() -> int:
    """All that was ever erased, as after a restore; how much of it was there."""
    return sum(erasure.again(each) for each in list(erasures.noted()))
