"""Who may read what: every reader of every kind of session at every time, in Python and in SQL alike."""

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.sessions import access
from app.sessions.access import Level, Reader
from app.sessions.models import Intervision, Seat, Visibility
from app.teams.models import MemberKind, Membership, Team
from app.times import now
from tests.sessions.cast import Cast
from tests.visitor import make_account

NONE, PROCESS, FULL = Level.NONE, Level.PROCESS, Level.FULL

READERS = (
    "Mia", "Otto", "Cara", "Wanda, who waits", "Rita, who was taken out", "Erik, who was erased", "a moderator of hers",
    "Mia’s account", "Fay, who facilitates", "Fred, who facilitates elsewhere", "Max, who moderates the team too",
    "Ada, who administers", "Stan",
)  # fmt: skip
"""Mia planned the session and moderates it; she made somebody else moderator, too. Fay’s team held it."""

EARLY, LATE = timedelta(days=89), timedelta(days=91)
"""After the close: before and after the time for which participants read the record."""


@pytest.fixture
def north(app: Flask) -> Team:
    team = Team(name="North")
    db.session.add_all([team, Team(name="South")])
    db.session.commit()
    return team


@pytest.fixture
def readers(north: Team) -> dict[str, Reader]:
    """By name; the seats are those of a session that is made up beside them."""
    south = db.session.scalars(select(Team).where(Team.name == "South")).one()
    mia, ada = make_account("Mia"), make_account("Ada", admin=True)
    fay, fred, max_ = (make_account(name) for name in ("Fay", "Fred", "Max"))
    belongs(fay, north, MemberKind.FACILITATOR)
    belongs(fred, south, MemberKind.FACILITATOR)
    belongs(fred, north, MemberKind.MODERATOR)
    belongs(max_, north, MemberKind.MODERATOR)
    people = {
        "Mia": Reader(seat("Mia", "moderator", account_id=mia.id)),
        "Otto": Reader(seat("Otto", "owner")),
        "Cara": Reader(seat("Cara", "consultant")),
        "Wanda, who waits": Reader(seat("Wanda", "consultant", "waiting")),
        "Rita, who was taken out": Reader(seat("Rita", "moderator", "removed")),
        "Erik, who was erased": Reader(seat("", "owner")),
        "a moderator of hers": Reader(seat("Carl", "moderator")),
        "Mia’s account": Reader(account=mia),
        "Fay, who facilitates": Reader(account=fay),
        "Fred, who facilitates elsewhere": Reader(account=fred),
        "Max, who moderates the team too": Reader(account=max_),
        "Ada, who administers": Reader(account=ada),
        "Stan": Reader(),
    }
    assert tuple(people) == READERS
    return people


def belongs(account: Account, team: Team, kind: MemberKind) -> None:
    db.session.add(Membership(account_id=account.id, team_id=team.id, kind=kind))
    db.session.commit()


def seat(name: str, role: str, status: str = "in", account_id: int | None = None) -> Seat:
    return Seat(id=name, name=name, role=role, status=status, account_id=account_id)


def expected(who: str, visibility: Visibility, step: str, transcript: bool, late: bool) -> Level:
    """The table in words, written a second time."""
    if who in ("Mia", "a moderator of hers", "Mia’s account"):
        return FULL
    if who in ("Otto", "Cara"):
        if step != "closed":
            return FULL
        return NONE if late or (who == "Cara" and not transcript) else FULL
    if who == "Fay, who facilitates" and step == "closed":
        return {"room": NONE, "process": PROCESS, "facilitators": FULL if transcript else PROCESS}[visibility]
    return NONE


SESSIONS = tuple(product(Visibility, ("planned", "brainstorm", "closed"), (True, False), (True, False)))


@pytest.mark.parametrize(("visibility", "step", "transcript", "late"), SESSIONS)
def test_the_matrix_of_reader_and_session_and_time(
    north: Team, readers: dict[str, Reader], visibility: Visibility, step: str, transcript: bool, late: bool
) -> None:
    closed_at = now() - (LATE if late else EARLY) if step == "closed" else None
    mia = readers["Mia’s account"].account
    assert mia
    it = Intervision(
        team_id=north.id,
        account_id=mia.id,
        step=step,
        closed_at=closed_at,
        readable_days=90,
        transcript=transcript,
        visibility=visibility,
    )
    found = {who: access.level(reader, it, now()) for who, reader in readers.items()}
    assert found == {who: expected(who, visibility, step, transcript, late) for who in READERS}


@pytest.mark.parametrize("account", [True, False])
def test_the_greater_of_two_rights_counts(north: Team, readers: dict[str, Reader], account: bool) -> None:
    """Fay was in the room herself; when her time as a participant is over, she still facilitates."""
    fay = readers["Fay, who facilitates"].account if account else None
    reader = Reader(seat("Fay", "consultant"), fay)
    it = Intervision(team_id=north.id, account_id=0, step="closed", closed_at=now() - LATE, readable_days=90,
                     transcript=True, visibility="process")  # fmt: skip
    assert access.level(reader, it, now()) == (PROCESS if account else NONE)


def test_sql_says_the_same_of_every_row(app: Flask, north: Team, readers: dict[str, Reader]) -> None:
    mia = readers["Mia’s account"].account
    assert mia
    make_sessions(mia)
    everybody = db.session.scalars(select(Account)).all()
    sessions = db.session.scalars(select(Intervision)).all()
    seen = set()
    for account in everybody:
        by_sql = dict(db.session.execute(select(Intervision.id, access.level_for(account))).all())
        for it in sessions:
            own = next((seat for seat in it.seats if seat.account_id == account.id and seat.status != "removed"), None)
            level = access.level(Reader(own, account), it, now() + LATE)
            assert by_sql[it.id] == level, (account.name, it.title)
            seen.add(level)
        for least in (PROCESS, FULL):
            listed = set(db.session.scalars(select(Intervision.id).where(access.readable(account, least))))
            assert listed == {id_ for id_, level in by_sql.items() if level >= least}
    assert seen == set(Level)


def make_sessions(mia: Account) -> None:
    """One of each kind; in open ones somebody else moderates by now, and one has lost the seat of its planner."""
    kinds = product(("North", "South"), Visibility, ("planned", "lobby", "closed"), (True, False))
    for team, visibility, step, transcript in kinds:
        title = f"{team} {visibility} {step} {transcript}"
        cast = Cast(mia, title=title, team=team, visibility=visibility, transcript=transcript)
        if step == "lobby":
            cast.opened("Cara")
            cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
            cast.does("Cara", "set_role", seat=cast.seats["Mia"], role="consultant")
        if step == "closed":
            cast.opened("Cara").does("Mia", "stop")
        db.session.rollback()
    stays = db.session.scalars(select(Seat).where(Seat.account_id == mia.id)).first()
    assert stays
    stays.account_id = None
    db.session.commit()
