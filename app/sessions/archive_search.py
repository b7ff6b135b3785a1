"""Finding past sessions: whole pages of them in a few queries, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from app.accounts.models import Account, Team
from app.extensions import db
from app.sessions.folding import Pieces, excerpt, fold, marked
from app.sessions.models import Archived, Contribution, Intervision, Seat
from app.sessions.phases import Role

PAGE = 20
MOST_WORDS = 10


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. "" and None: anything will do; the first and last day count too."""

    words: str = ""
    team: str = ""
    owner: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Found:
    """One past session as the list shows it. `owner` is "" where there was none."""

    code: str
    language: str
    title: Pieces
    excerpt: Pieces
    team: str
    held_on: date
    owner: str
    actions: int

    @property
    def name(self) -> str:
        return "".join(piece for piece, _hit in self.title)


@dataclass(frozen=True)
class Page:
    """Some of `count` past sessions, the newest first; `number` counts from 1."""

    sessions: list[Found]
    number: int
    count: int

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PAGE))


def find(account: Account, wanted: Wanted, number: int = 1, size: int = PAGE) -> Page:
    """The past sessions that this account planned; a page beyond the end is the last one."""
    words = fold(wanted.words).split()[:MOST_WORDS]
    conditions = [*_of(account), *_conditions(wanted, words)]
    joined = select(func.count()).select_from(Intervision).join(Archived).join(Team)
    count = db.session.scalar(joined.where(*conditions)) or 0
    number = min(max(1, number), max(1, -(-count // size)))
    rows = db.session.execute(_rows().where(*conditions).offset((number - 1) * size).limit(size))
    return Page([_found(row, words) for row in rows], number, count)


def teams_of(account: Account) -> Sequence[str]:
    """The teams of this account's past sessions."""
    query = select(Team.name).join(Intervision).join(Archived).where(*_of(account))
    return db.session.scalars(query.distinct().order_by(Team.name)).all()


def owners_of(account: Account) -> Sequence[str]:
    """The names of those who owned the case in this account's past sessions."""
    query = select(Seat.name).join(Intervision).join(Archived).where(*_of(account), *IS_OWNER)
    return db.session.scalars(query.distinct().order_by(Seat.name)).all()


IS_OWNER = (Seat.role == Role.OWNER, Seat.status != "removed")


def _of(account: Account) -> tuple[ColumnElement[bool], ...]:
    return (Intervision.account_id == account.id,)


def _conditions(wanted: Wanted, words: list[str]) -> list[ColumnElement[bool]]:
    conditions = [Archived.folded.contains(word, autoescape=True) for word in words]
    if wanted.team:
        conditions.append(Team.name == wanted.team)
    if wanted.owner:
        conditions.append(Intervision.seats.any((Seat.name == wanted.owner) & IS_OWNER[0] & IS_OWNER[1]))
    if wanted.since:
        conditions.append(Archived.held_on >= wanted.since)
    if wanted.until:
        conditions.append(Archived.held_on <= wanted.until)
    return conditions


def _rows() -> Select[Any]:
    owner = select(Seat.name).where(Seat.intervision_id == Intervision.id, *IS_OWNER).limit(1)
    of_plan = (Contribution.intervision_id == Intervision.id, Contribution.kind == "action")
    actions = select(func.count()).select_from(Contribution).where(*of_plan)
    columns = (Intervision.code, Intervision.language, Intervision.title, Archived.held_on, Archived.words)
    return (
        select(
            *columns,
            Team.name.label("team"),
            owner.correlate(Intervision).scalar_subquery().label("owner"),
            actions.correlate(Intervision).scalar_subquery().label("actions"),
        )
        .select_from(Intervision)
        .join(Archived)
        .join(Team)
        .order_by(Archived.held_on.desc(), Intervision.closed_at.desc(), Intervision.id.desc())
    )


def _found(row: Row[Any], words: list[str]) -> Found:
    return Found(
        code=row.code,
        language=row.language,
        title=marked(row.title, words),
        excerpt=excerpt(row.words, words) if words else [],
        team=row.team,
        held_on=row.held_on,
        owner=row.owner or "",
        actions=row.actions,
    )
