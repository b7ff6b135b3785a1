"""What stays where nobody looks: copies, journals, names, codes, and the days on which all of it goes."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.accounts import links
from app.accounts.models import Account, Link
from app.api import tokens
from app.api.models import ApiPlan, ApiToken
from app.deliveries import Delivery, put
from app.extensions import db
from app.followup.models import MailAddress
from app.privacy import erasure, readers, retention
from app.privacy.audit import Line
from app.sessions.commands import Refused
from app.sessions.models import Intervision, Journal, Seat
from app.times import at, now
from tests.privacy.conftest import Enter
from tests.sessions.cast import Cast
from tests.visitor import Visitor

DAY = timedelta(days=1)
LATE = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
"""In Brussels it is the second of March."""


def test_copies_from_before_an_upgrade_and_a_restore_go_after_thirty_days(app: Flask, tmp_path: Path) -> None:
    names = {days: f"{now() - days * DAY:%Y%m%dT%H%M%SZ}" for days in (31, 29)}
    for folder, rest in (("before-upgrade", "-abc.db"), ("before-restore", ".dump"), ("before-restore", ".db")):
        (tmp_path / folder).mkdir(exist_ok=True)
        for name in (*names.values(), "mine"):
            (tmp_path / folder / (name + rest)).touch()
    assert retention.purge(dry_run=True).copies == 3
    assert retention.purge().copies == 3
    left = {path.name for folder in ("before-upgrade", "before-restore") for path in (tmp_path / folder).iterdir()}
    young = names[29]
    assert left == {f"{young}-abc.db", f"{young}.db", f"{young}.dump", "mine-abc.db", "mine.db", "mine.dump"}


def test_whoever_was_erased_from_the_session_is_no_reader_by_name(enter: Enter, cast: Cast) -> None:
    enter("Mia").get(f"/sessions/{cast.room().it.code}/record")
    assert [each.name for each in readers.of(cast.room().it)] == ["Mia"]
    erasure.erase_seat(cast.seats["Mia"], words=False)
    assert [each.name for each in readers.of(cast.room().it)] == ["Someone who left"]


def test_who_was_there_are_those_who_were(enter: Enter, cast: Cast) -> None:
    db.session.rollback()
    for number, (name, status) in enumerate({"Stan": "waiting", "Paul": "removed"}.items()):
        db.session.add(
            Seat(
                intervision_id=cast.id,
                number=50 + number,
                name=name,
                look=name.lower(),
                role="consultant",
                status=status,
            )
        )
    db.session.execute(update(Seat).where(Seat.id == cast.seats["Carl"]).values(status="removed"))
    db.session.commit()
    page = enter("Mia").get(f"/sessions/{cast.room().it.code}/people").text
    there, others = page.split('id="who"')[1].split('id="others"')
    for name in ("Mia", "Otto", "Cara", "Carl"):  # Carl was taken out after he had said something
        assert f"<h3><bdi>{name}</bdi></h3>" in there
    for name in ("Stan", "Paul"):
        assert name not in there
        assert f"<h3><bdi>{name}</bdi></h3>" in others.split("</section>")[0]


def test_the_trail_names_no_code_that_still_opens_a_door(app: Flask, ada: Account, mia: Account) -> None:
    it = Cast(mia).room().it
    closed = Cast(mia).go_to("closed").room().it.code
    code, join_code, number = it.code, it.join_code, it.id
    db.session.rollback()
    adas = Visitor(app)
    adas.sign_in(ada)
    page = adas.get("/audit").text
    assert code not in page
    assert join_code not in page
    assert f"number {number}" in page
    assert closed in page


def set_times(cast: Cast, **times: datetime) -> str:
    it = cast.room().it
    for name, moment in times.items():
        setattr(it, name, moment)
    db.session.commit()
    return it.code


def test_the_list_of_the_purge_names_the_day_of_the_sessions_own_clock(cast: Cast) -> None:
    set_times(cast, started_at=LATE - 365 * DAY, closed_at=LATE - 400 * DAY)
    assert [each.day for each in retention.purge(dry_run=True).sessions] == [date(2025, 3, 2)]


@pytest.mark.parametrize("page", ["people", "record"])
def test_it_is_kept_until_a_day_of_the_sessions_own_clock(enter: Enter, cast: Cast, page: str) -> None:
    code = set_times(cast, closed_at=LATE)
    assert "Kept until 2 Mar 2027." in enter("Mia").get(f"/sessions/{code}/{page}").text


def test_what_did_not_arrive_did_so_on_a_day_of_the_teams_own_clock(enter: Enter, cast: Cast) -> None:
    team_id = cast.room().it.team_id
    put(db.session, channel="webhook", kind="lessons_shared", team_id=team_id).failed_at = LATE
    db.session.commit()
    assert "2 Mar 2026 · A message." in enter("Mia").get(f"/teams/{team_id}/news").text


def files_of(app: Flask) -> str:
    """The database byte by byte with the journal beside it, as a thief finds them; nothing is folded for this."""
    db.session.rollback()
    return "".join(path.read_bytes().decode("utf-8", "replace") for path in Path(app.instance_path).glob("test.db*"))


def test_a_close_without_a_transcript_leaves_no_words_in_the_files_either(app: Flask, mia: Account) -> None:
    cast = Cast(mia, transcript=False).run_up_to("lessons")
    assert "Call Karim" in files_of(app)
    cast.does("Mia", "advance")
    assert "Call Karim" not in files_of(app)


def test_nothing_says_in_which_order_people_answered_the_two_questions(mia: Account) -> None:
    cast = Cast(mia).go_to("lessons")
    first = cast.does("Cara", "pulse", command_id="the-first", useful=5, safe=5)
    assert cast.does("Cara", "pulse", command_id="the-first", useful=5, safe=5) == first
    cast.does("Carl", "pulse", useful=1, safe=1)
    with pytest.raises(Refused, match="taken"):
        cast.does("Cara", "pulse", useful=2, safe=2)
    named = select(Journal.seat_id).where(Journal.intervision_id == cast.id, Journal.act == "pulse")
    assert db.session.scalars(named).all() == [None, None]


def count(*tables: Any) -> list[int]:
    db.session.rollback()
    return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def test_a_dry_run_says_the_same_as_the_purge_then_does(app: Flask, cast: Cast, mia: Account) -> None:
    """One of each kind; the link and the address are of a session that goes, too."""
    db.session.rollback()
    links.make("seat", hours=1, seat_id=cast.seats["Cara"])
    links.make("account", hours=1, kind="moderator")
    db.session.add(
        MailAddress(seat_id=cast.seats["Otto"], intervision_id=cast.id, email="otto@example.org", given_at=now())
    )
    put(db.session, channel="webhook", kind="lessons_shared", team_id=1).failed_at = now()
    db.session.add(ApiPlan(account_id=mia.id, key="k", asked="", intervision_id=cast.id, at=now()))
    db.session.commit()
    tokens.make(mia, "A tool", [], 1)
    set_times(cast, closed_at=now() - 1 * DAY)
    tables = (Intervision, Link, MailAddress, Delivery, ApiPlan, ApiToken, Line)
    before = count(*tables)
    with at(now() + 740 * DAY):
        dry = retention.purge(dry_run=True)
        assert count(*tables) == before
        done = retention.purge()
    assert asdict(dry) == asdict(done)
    assert (len(done.sessions), done.links, done.addresses, done.messages, done.tokens) == (1, 2, 1, 1, 1)
    assert count(Link, MailAddress, Delivery, ApiPlan, ApiToken) == [0, 0, 0, 0, 0]


def test_the_command_tells_all_that_goes(app: Flask) -> None:
    said = app.test_cli_runner().invoke(args=["purge", "--dry-run"]).output
    assert "Would delete: sessions 0, old links 0, old lines of the trail 0, addresses for mail 0, " in said
    assert "messages given up 0, tokens 0, old copies 0" in said


def test_with_the_planners_account_their_meeting_room_goes(cast: Cast, mia: Account) -> None:
    assert cast.room().it.call_url
    erasure.erase_account(mia.id, words=False, the_last_too=True)
    assert cast.room().it.call_url == ""
