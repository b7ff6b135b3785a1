"""Commits on SQLite wait for the disk together, and none returns before a flush that began after it."""

import threading
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine, create_engine, text

from app import durable
from app.database import tune
from app.durable import Flusher, share_flushes


class Disk:
    """Counts flushes, and lets them through one by one when `held`."""

    def __init__(self) -> None:
        self.begun = 0
        self.done = 0
        self.fails = False
        self.go = threading.Semaphore(0)
        self.held = False
        self.waiting = threading.Semaphore(0)

    def aside(self, flush: object) -> None:
        self.begun += 1
        if self.held:
            self.waiting.release()
            assert self.go.acquire(timeout=10)
        if self.fails:
            raise OSError("no space left on device")
        assert callable(flush)
        flush()
        self.done += 1


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def engine(tmp_path: Path, disk: Disk) -> Iterator[Engine]:
    engine = create_engine(f"sqlite:///{tmp_path / 'notes.db'}")
    tune(engine)
    share_flushes(engine, disk.aside)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE notes (text VARCHAR)"))
    disk.begun = disk.done = 0
    yield engine
    engine.dispose()


def write(engine: Engine, words: str = "a note") -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO notes VALUES (:words)"), {"words": words})


def test_a_commit_returns_after_its_flush(engine: Engine, disk: Disk):
    write(engine)
    write(engine)
    assert (disk.begun, disk.done) == (2, 2)


def test_what_wrote_nothing_waits_for_nothing(engine: Engine, disk: Disk):
    with engine.begin() as connection:
        connection.execute(text("SELECT * FROM notes")).all()
    assert disk.begun == 0


def test_what_the_disk_does_not_take_is_not_said_to_be_saved(engine: Engine, disk: Disk):
    disk.fails = True
    with pytest.raises(OSError, match="no space"):
        write(engine)


def test_whoever_comes_during_a_flush_waits_for_the_next_and_shares_it(disk: Disk, tmp_path: Path):
    file = tmp_path / "journal"
    file.touch()
    flusher = Flusher(file, disk.aside)
    disk.held = True
    first = Thread(target=flusher.flush)
    first.start()
    assert disk.waiting.acquire(timeout=10)
    others = [Thread(target=flusher.flush) for _ in range(5)]
    for thread in others:
        thread.start()
    disk.go.release()
    first.join(10)
    assert not first.is_alive()
    assert disk.waiting.acquire(timeout=10)
    assert all(thread.is_alive() for thread in others), "the flush under way began before they came"
    disk.held = False
    for _ in others:
        disk.go.release()
    for thread in others:
        thread.join(10)
    assert not any(thread.is_alive() for thread in others)
    assert disk.begun < 1 + len(others)


def test_a_flush_reaches_the_journal_of_the_database(engine: Engine, disk: Disk, monkeypatch: pytest.MonkeyPatch):
    flushed: list[int] = []
    monkeypatch.setattr(durable, "_sync", flushed.append)
    write(engine)
    assert len(flushed) == 1
