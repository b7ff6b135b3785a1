"""Leaving no transcript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import Base
from app.extensions import db
from app.sessions.commands import Refused
from tests.sessions.cast import Cast

Make = Callable[..., Cast]


def test_without_a_transcript_only_the_plan_and_the_shared_lessons_stay(make_cast: Make, app: Flask) -> None:
    cast = make_cast(transcript=False).run_up_to("lessons")
    cast.does("Carl", "lesson", text="A lesson for myself alone", share=False, named=False)
    cast.does("Carl", "lesson", text="A lesson without my name", share=True, named=False)
    cast.does("Cara", "lesson", text="A lesson with my name", share=True, named=True)
    cast.does("Cara", "pulse", useful=5, safe=5)
    cast.does("Mia", "advance")
    for cara_or_carl in ("Cara", "Carl"):
        with pytest.raises(Refused):
            cast.does(cara_or_carl, "note", text="Hello?")
    seen = cast.sees("Otto")
    kept = sorted((item["kind"], item["text"]) for item in seen["items"].values())
    assert kept == [
        ("action", "Draw the map"),
        ("lesson", "A lesson with my name"),
        ("lesson", "A lesson without my name"),
    ]
    assert {person["name"] for person in seen["people"].values()} == {"Mia", "Otto", "Cara"}
    everything = whole_database(app)
    for gone in ("Nine contacts", "Map the contacts", "Call Karim", "Product arguments", "Carl", "for myself alone"):
        assert gone not in everything.replace(cast.room().it.title, ""), gone


def whole_database(app: Flask) -> str:
    """All that is in the database's files, row by row and byte by byte."""
    rows = [str(row) for table in Base.metadata.sorted_tables for row in db.session.execute(select(table))]
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    path = str(db.engine.url.database)
    return "\n".join([*rows, Path(path).read_bytes().decode("utf-8", "replace")])
