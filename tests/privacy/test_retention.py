"""What is deleted when its time is over, and what is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import links
from app.accounts.models import Account, Link
from app.extensions import db, socketio
from app.privacy import audit, erasures, retention
from app.privacy.audit import Line
from app.sessions.commands import erasing
from app.sessions.models import Intervision
from app.sessions.rules import Refused
from app.times import at, now
from tests.privacy.conftest import everything_kept
from tests.sessions.cast import Cast

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("it", "latest", "goes"),
    [
        ({"closed_at": NOON}, None, 365 * DAY),
        ({"closed_at": None, "started_at": None}, None, 90 * DAY),
        ({"closed_at": None, "started_at": None}, NOON + DAY, 91 * DAY),
        ({"closed_at": None, "started_at": NOON}, NOON + DAY, 366 * DAY),
    ],
)
def test_when_a_session_goes(it: dict[str, Any], latest: datetime | None, goes: timedelta) -> None:
    assert retention.goes_at(Intervision(starts_at=NOON, **it), latest, 365) == NOON + goes


def codes() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Intervision.code)))


def age(cast: Cast, **times: timedelta) -> str:
    """Let a session have been so long ago."""
    it = cast.room().it
    for name, ago in times.items():
        setattr(it, name, now() - ago)
    db.session.commit()
    return it.code


@pytest.fixture
def old(cast: Cast) -> str:
    return age(cast, closed_at=366 * DAY)


def test_a_dry_run_says_what_would_go_and_changes_nothing(old: str, mia: Account) -> None:
    young = age(Cast(mia).go_to("closed"), closed_at=364 * DAY)
    gone = retention.purge(dry_run=True)
    assert [(each.code, each.team) for each in gone.sessions] == [(old, "North")]
    assert codes() == {old, young}


def test_a_purge_leaves_nothing_of_it_on_the_disk(app: Flask, old: str) -> None:
    assert [each.code for each in retention.purge().sessions] == [old]
    assert "Canary" not in everything_kept(app)
    assert retention.purge().sessions == ()
    assert not list(erasures.noted())  # what an old backup brings back is due again


def test_a_team_can_keep_its_sessions_longer(old: str, cast: Cast) -> None:
    cast.room().it.team.retention_days = 400
    db.session.commit()
    assert retention.purge().sessions == ()
    assert codes() == {old}


def test_it_is_looked_at_again_under_the_lock(old: str, cast: Cast) -> None:
    assert not erasing.purge(cast.id, lambda _under_way: False)
    assert codes() == {old}
    assert erasing.purge(cast.id, lambda _under_way: True)
    assert not erasing.purge(cast.id, lambda _under_way: True)


def test_a_session_that_never_started_goes_after_ninety_days_and_one_left_open_after_a_year(mia: Account) -> None:
    with at(now() - 100 * DAY):
        planned = age(Cast(mia, starts_at=now() + 9 * DAY))
        waiting = age(Cast(mia, starts_at=now() + 11 * DAY))
    with at(now() - 366 * DAY):
        left_open = age(Cast(mia).go_to("questions"))
    assert {each.code for each in retention.purge().sessions} == {planned, left_open}
    assert codes() == {waiting}


def test_old_links_and_old_lines_of_the_trail_go_too(app: Flask) -> None:
    links.make("account", hours=-1, kind="moderator")
    links.make("account", hours=1, kind="moderator")
    db.session.commit()
    with at(now() - 731 * DAY):
        audit.record("sign_in")
    audit.record("sign_in")
    gone = retention.purge(dry_run=True)
    assert (gone.lines, db.session.scalar(select(func.count()).select_from(Line))) == (1, 2)
    gone = retention.purge()
    assert gone.lines == 1
    assert db.session.scalar(select(func.count()).select_from(Link)) == 1


def test_the_command_prints_codes_days_and_teams_and_no_title(app: Flask, old: str) -> None:
    it = db.session.scalars(select(Intervision)).one()
    day = (it.started_at or it.starts_at).astimezone(ZoneInfo(it.timezone)).date()
    db.session.rollback()
    said = app.test_cli_runner().invoke(args=["purge", "--dry-run"]).output
    assert f"{old}  {day.isoformat()}  North" in said.splitlines()
    assert "Nine contacts" not in said
    assert "Would delete: sessions 1" in said
    assert "Deleted: sessions 1" in app.test_cli_runner().invoke(args=["purge"]).output
    assert codes() == set()


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch, mia: Account) -> str:
    """An old session, older than any other one, that cannot be deleted."""
    cast = Cast(mia).go_to("closed")
    it, purge = cast.id, erasing.purge

    def refuse(intervision_id: int, is_due: Any) -> bool:
        if intervision_id == it:
            raise Refused("not_saved", "This is not saved yet. We keep trying.")
        return purge(intervision_id, is_due)

    monkeypatch.setattr(erasing, "purge", refuse)
    return age(cast, closed_at=367 * DAY)


def test_one_session_that_cannot_be_deleted_keeps_no_other_one(
    app: Flask, stuck: str, old: str, tmp_path: Path
) -> None:
    folder = tmp_path / "before-restore"
    folder.mkdir()
    (folder / f"{now() - 31 * DAY:%Y%m%dT%H%M%SZ}.db").touch()
    done = app.test_cli_runner().invoke(args=["purge"])
    assert codes() == {stuck}
    assert not list(folder.iterdir())
    assert done.exit_code == 1
    assert "Deleted: sessions 1" in done.output
    assert f"could not be deleted: {stuck}." in done.output
    assert old not in done.output.splitlines()[-1]


class Enough(Exception):
    """The test has seen what it wants to see."""


def waits_of_the_daily_purge(app: Flask, monkeypatch: pytest.MonkeyPatch, count: int) -> list[float]:
    """For how long it waits, after the wait at the start."""
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        if seconds:
            waits.append(seconds)
        if len(waits) > count:
            raise Enough

    with monkeypatch.context() as patched:
        patched.setattr(socketio, "sleep", sleep)
        with pytest.raises(Enough):
            retention._purge_daily(app)
    return waits[1:]


def test_the_daily_purge_tries_again_soon_when_something_is_left(
    app: Flask, stuck: str, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waits_of_the_daily_purge(app, monkeypatch, 2) == [600, 600]
    assert codes() == {stuck}
    monkeypatch.undo()
    assert waits_of_the_daily_purge(app, monkeypatch, 1) == [24 * 3600]
    assert codes() == set()


def test_the_daily_purge_outlives_a_failure_of_everything(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OSError("no database anywhere")

    monkeypatch.setattr(retention, "purge", fail)
    assert waits_of_the_daily_purge(app, monkeypatch, 2) == [600, 600]


def test_the_commands_erase(app: Flask, cast: Cast, ada: Account) -> None:
    run = app.test_cli_runner().invoke
    assert "Erased." in run(args=["erase", "seat", cast.seats["Cara"], "--words"]).output
    assert "nothing left" in run(args=["erase", "seat", cast.seats["Cara"], "--words"]).output
    assert "Erased." in run(args=["erase", "account", "mia@example.org"]).output
    assert "no account" in run(args=["erase", "account", "mia@example.org"]).output
    assert "become administrator" in run(args=["erase", "account", "ada@example.org"]).output
