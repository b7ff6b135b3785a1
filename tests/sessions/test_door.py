"""The one door: one lock, one answer, one journal; nothing half done."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import TimeoutError as NoConnection

from app.database import engine_options
from app.durable import share_flushes
from app.extensions import db
from app.sessions import telling
from app.sessions.commands import Refused, door
from app.sessions.models import Journal
from tests.sessions.cast import Cast
from tests.test_durable import Disk


def test_the_same_command_twice_is_carried_out_once_and_answered_the_same(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    first = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    again = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    assert again == first
    assert len(cast.sees_kind("Cara", "idea")) == 1
    assert cast.room().it.version == first.version


def test_a_command_that_comes_again_after_its_step_is_over_is_still_answered_with_its_first_answer(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    first = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    cast.go_to("recommendations")
    assert cast.does("Cara", "idea", text="Map the contacts", command_id=command_id) == first


@pytest.fixture
def disk(app: Flask) -> Disk:
    """The disk of a server, which commits wait for."""
    disk = Disk()
    share_flushes(db.engine, disk.aside)
    return disk


def test_a_command_that_comes_again_waits_for_the_disk_as_the_first_one_did(cast: Cast, disk: Disk) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    first = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    before = disk.done
    assert cast.does("Cara", "idea", text="Map the contacts", command_id=command_id) == first
    assert disk.done == before + 1


def test_what_the_disk_does_not_take_is_not_saved_and_the_page_tries_again(cast: Cast, disk: Disk) -> None:
    cast.go_to("silent_brainstorm")
    command_id = str(uuid.uuid4())
    disk.fails = True
    for _ in range(2):  # the second time it is in the journal, and may still be lost with the power
        with pytest.raises(Refused) as refused:
            cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
        assert (refused.value.code, refused.value.retryable) == ("not_saved", True)
    disk.fails = False
    done = cast.does("Cara", "idea", text="Map the contacts", command_id=command_id)
    assert done.version == cast.room().it.version
    assert len(cast.sees_kind("Cara", "idea")) == 1


def test_two_people_who_press_next_at_once_move_one_step(cast: Cast, app: Flask) -> None:
    cast.go_to("statement")

    def press(_: int) -> str:
        with app.app_context():
            try:
                cast.does("Mia", "advance", base="statement")
            except Refused as refused:
                return refused.code
            return "ok"

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(press, range(8)))
    assert sorted(answers) == ["ok"] + ["stale"] * 7
    assert cast.step == "silent_questions"


def test_people_who_write_at_the_same_time_all_get_a_version_of_their_own(cast: Cast, app: Flask) -> None:
    cast.go_to("silent_brainstorm")
    before = cast.room().it.version

    def write(number: int) -> int:
        with app.app_context():
            return cast.does("Cara", "idea", text=f"Idea {number}", base="silent_brainstorm").version

    with ThreadPoolExecutor(8) as people:
        versions = sorted(people.map(write, range(40)))
    assert versions == list(range(before + 1, before + 41))


def test_a_refused_command_changes_nothing(cast: Cast) -> None:
    cast.go_to("silent_brainstorm")
    before = cast.sees("Mia")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "idea", text="But I did try that")
    assert cast.sees("Mia") == before


def test_a_database_that_does_not_answer_means_not_saved_and_try_again(
    cast: Cast, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.go_to("statement")
    with db.engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout = 1")
    with db.engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as hog:
        hog.exec_driver_sql("UPDATE intervisions SET title = title")
        with pytest.raises(Refused) as refused:
            cast.does("Cara", "note", text="Ask about finance", base="statement")
        hog.rollback()
    assert refused.value.code == "not_saved"
    assert refused.value.retryable
    assert cast.sees_kind("Cara", "note") == []


def test_when_all_connections_are_in_use_nothing_is_saved_and_the_page_tries_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.go_to("statement")
    cast.room()
    monkeypatch.setattr(db.engine.pool, "_timeout", 0.01)
    with ExitStack() as others:
        while True:
            try:
                others.enter_context(db.engine.connect())
            except NoConnection:
                break
        with pytest.raises(Refused) as refused:
            cast.does("Cara", "note", text="Ask about finance", base="statement")
    assert (refused.value.code, refused.value.retryable) == ("not_saved", True)
    assert cast.sees_kind("Cara", "note") == []


def test_changes_leave_connections_for_those_who_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.go_to("statement")
    monkeypatch.setattr(door, "PATIENCE_S", 0.01)
    with ExitStack() as others:
        for _ in range(door.AT_ONCE):
            others.enter_context(door._place())
        with pytest.raises(Refused) as refused:
            cast.does("Cara", "note", text="Ask about finance")
        assert cast.sees_kind("Cara", "note") == []
    assert (refused.value.code, refused.value.retryable) == ("not_saved", True)
    cast.does("Cara", "note", text="Ask about finance")


@pytest.mark.parametrize("url", ["sqlite://", "postgresql://db/intervise"])
def test_there_are_twice_as_many_connections_as_changes_at_a_time(url: str) -> None:
    options = engine_options(url)
    assert options["pool_size"] + options["max_overflow"] >= 2 * door.AT_ONCE


def test_the_answer_comes_before_the_others_are_told_and_after_the_commit(cast: Cast) -> None:
    cast.go_to("statement")
    told: list[int] = []

    def listen(change: door.Change) -> None:
        told.append(cast.room().it.version)

    with door.changed.connected_to(listen):
        done = cast.does("Cara", "note", text="Ask about finance")
    assert told == [done.version]


def test_what_is_saved_is_answered_as_saved_even_if_nobody_can_be_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    cast.go_to("statement")
    monkeypatch.setattr(telling, "tell", lambda change: 1 / 0)
    done = cast.does("Cara", "note", text="Ask about finance")
    assert done.version == cast.room().it.version
    assert "could not be told" in caplog.text
    assert "finance" not in caplog.text


def test_the_journal_holds_nobodys_words(cast: Cast) -> None:
    cast.run_up_to("closed")
    rows = db.session.execute(select(Journal.__table__)).all()
    assert rows
    assert "decider" not in str(rows)
    assert "Karim" not in str(rows)
