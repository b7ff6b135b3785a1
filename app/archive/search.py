"""Finding past sessions: whole pages of them in a few queries, however many there are, and each reader their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, select

from app.accounts.models import Account
from app.archive import following
from app.extensions import db
from app.sessions.access import Level, level_for, readable
from app.sessions.folding import Pieces, excerpt, fold, marked
from app.sessions.models import CODE_LETTERS, Archived, Contribution, Intervision, IntervisionTheme, Seat
from app.sessions.phases import Role
from app.teams.models import Team, Theme
from app.times import now

PAGE = 20
MOST_WORDS = 10
MOST_CODES = 200
"""Of those that a request names, so many are looked at."""
SORTS = ("newest", "oldest", "title")


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. "" and None: anything will do; the first and last day count too. `team`, `owner` and
    `theme` are names, `moderator` is the id of the account that planned it, `method` the name of a method, `sort` one
    of SORTS. `still_open`: only with an action that is neither done nor given up; `due`: only where a check-in waits
    for its answer.
    """

    words: str = ""
    team: str = ""
    owner: str = ""
    since: date | None = None
    until: date | None = None
    moderator: int | None = None
    theme: str = ""
    method: str = ""
    still_open: bool = False
    due: bool = False
    sort: str = "newest"


@dataclass(frozen=True)
class Found:
    """One past session as the list shows it. Of one whose process alone is open, `title` and `owner` are empty, and
    `actions` is None; `owner` is "" where there was none, too.
    """

    code: str
    language: str
    full: bool
    title: Pieces
    excerpt: Pieces
    team: str
    held_on: date
    moderator: str
    owner: str
    actions: int | None
    themes: tuple[Pieces, ...]

    @property
    def name(self) -> str:
        return "".join(piece for piece, _hit in self.title)


@dataclass(frozen=True)
class Page:
    """Some of `count` past sessions; `number` counts from 1."""

    sessions: list[Found]
    number: int
    count: int

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PAGE))


def find(account: Account, wanted: Wanted, number: int = 1, size: int = PAGE) -> Page:
    """The past sessions of which this account may read something; a page beyond the end is the last one."""
    words = _words(wanted)
    # All ids at once: the texts, which take the time, are searched a single time for both the count and the page.
    ids = find_ids(account, wanted)
    number = min(max(1, number), max(1, -(-len(ids) // size)))
    shown = ids[(number - 1) * size : number * size]
    rows = {row.id: row for row in db.session.execute(_rows(account).where(Intervision.id.in_(shown)))}
    themes = _themes(shown)
    return Page([_found(rows[id_], words, themes.get(id_, [])) for id_ in shown if id_ in rows], number, len(ids))


def find_ids(account: Account, wanted: Wanted) -> Sequence[int]:
    """All of them by their ids, in the order that is asked for."""
    conditions = [readable(account), *_conditions(account, wanted, _words(wanted))]
    query = _joined(select(Intervision.id)).where(*conditions)
    return db.session.scalars(query.order_by(*_order(account, wanted.sort))).all()


def ids_of(account: Account, codes: Sequence[str]) -> Sequence[int]:
    """Those among the sessions with these codes of which this account may read something, the newest first."""
    named = [code for code in codes[:MOST_CODES] if set(code) <= set(CODE_LETTERS)]
    query = _joined(select(Intervision.id)).where(readable(account), Intervision.code.in_(named))
    return db.session.scalars(query.order_by(*_order(account, "newest"))).all()


@dataclass(frozen=True)
class Offered:
    """What the sessions that an account finds can be narrowed by: names of teams, id and name of those who planned
    them, methods.
    """

    teams: tuple[str, ...]
    moderators: tuple[tuple[int, str], ...]
    methods: tuple[str, ...]


def offered(account: Account) -> Offered:
    """In one look through all of them."""
    query = _joined(select(Team.name, Account.id, Account.name, Intervision.method)).where(readable(account))
    rows = db.session.execute(query.distinct()).all()
    moderators = {(id_, name) for _team, id_, name, _method in rows if name}
    return Offered(
        teams=tuple(sorted({row[0] for row in rows})),
        moderators=tuple(sorted(moderators, key=lambda each: (each[1], each[0]))),
        methods=tuple(sorted({row[3] for row in rows})),
    )


def owners_of(account: Account) -> Sequence[str]:
    """The names of those who owned the case, where this account reads the record."""
    query = select(Seat.name).join(Intervision).join(Archived).where(readable(account, Level.FULL), *IS_OWNER)
    return db.session.scalars(query.distinct().order_by(Seat.name)).all()


def themes_of(account: Account) -> Sequence[str]:
    """The themes of the sessions that this account finds."""
    query = _joined(select(Theme.name)).join(IntervisionTheme).join(Theme).where(readable(account))
    return sorted(db.session.scalars(query.distinct()), key=fold)


IS_OWNER = (Seat.role == Role.OWNER, Seat.status != "removed", Seat.name != "", Intervision.names)
"""By name: where names were taken out, nobody finds an owner."""


def _joined(query: Any) -> Select[Any]:
    found: Select[Any] = query.select_from(Intervision).join(Archived).join(Team).join(Account)
    return found


def _words(wanted: Wanted) -> list[str]:
    return fold(wanted.words).split()[:MOST_WORDS]


def _conditions(account: Account, wanted: Wanted, words: list[str]) -> list[ColumnElement[bool]]:
    text = _when_full(account, Archived.folded, Archived.shared_folded)
    conditions = [_holds(text, word) for word in words]
    if wanted.team:
        conditions.append(Team.name == wanted.team)
    if wanted.owner:
        conditions.append(readable(account, Level.FULL))
        conditions.append(Intervision.seats.any(and_(Seat.name == wanted.owner, *IS_OWNER)))
    if wanted.since:
        conditions.append(Archived.held_on >= wanted.since)
    if wanted.until:
        conditions.append(Archived.held_on <= wanted.until)
    if wanted.moderator is not None:
        conditions.append(Intervision.account_id == wanted.moderator)
    if wanted.theme:
        themed = select(IntervisionTheme.intervision_id).join(Theme).where(Theme.folded == fold(wanted.theme))
        conditions.append(Intervision.id.in_(themed))
    if wanted.method:
        conditions.append(Intervision.method == wanted.method)
    if wanted.still_open:
        conditions += [readable(account, Level.FULL), following.has_open_actions()]
    if wanted.due:
        conditions += [readable(account, Level.FULL), following.is_due(now())]
    return conditions


def _when_full(account: Account, full: Any, otherwise: Any) -> ColumnElement[Any]:
    """One thing where the account reads the record, another where it may know of the process alone."""
    return case((level_for(account) == Level.FULL.value, full), else_=otherwise)


def _holds(text: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether `word` stands in `text`, letter by letter: LIKE knows wildcards, and is slower by far."""
    position = func.instr if db.engine.dialect.name == "sqlite" else func.strpos
    return position(text, word) > 0


def _order(account: Account, sort: str) -> tuple[Any, ...]:
    newest = (Archived.held_on.desc(), Intervision.closed_at.desc(), Intervision.id.desc())
    if sort == "oldest":
        return Archived.held_on, Intervision.closed_at, Intervision.id
    if sort == "title":  # those without one to be read come last
        title = func.substr(Archived.folded, 1, 120)
        return _when_full(account, 0, 1), _when_full(account, title, ""), *newest
    return newest


def _rows(account: Account) -> Select[Any]:
    owner = select(Seat.name).where(Seat.intervision_id == Intervision.id, *IS_OWNER).limit(1)
    of_plan = (
        Contribution.intervision_id == Intervision.id,
        Contribution.kind == "action",
        Contribution.erased.is_(False),
    )
    actions = select(func.count()).select_from(Contribution).where(*of_plan)
    full = {
        "title": Intervision.title,
        "owner": owner.correlate(Intervision).scalar_subquery(),
        "actions": actions.correlate(Intervision).scalar_subquery(),
    }
    return _joined(
        select(
            Intervision.id,
            Intervision.code,
            Intervision.language,
            Archived.held_on,
            level_for(account).label("level"),
            Team.name.label("team"),
            Account.name.label("moderator"),
            _when_full(account, Archived.words, Archived.shared).label("words"),
            *(_when_full(account, column, None).label(name) for name, column in full.items()),
        )
    )


def _themes(ids: Sequence[int]) -> dict[int, list[str]]:
    query = select(IntervisionTheme.intervision_id, Theme.name).join(Theme).order_by(Theme.folded)
    found: dict[int, list[str]] = {}
    for id_, name in db.session.execute(query.where(IntervisionTheme.intervision_id.in_(ids))):
        found.setdefault(id_, []).append(name)
    return found


def _found(row: Row[Any], words: list[str], themes: list[str]) -> Found:
    # The themes stand in lines of their own before everything else, and are shown anyhow, with what is hit in them.
    said = "\n".join(row.words.split("\n")[len(themes) :])
    return Found(
        code=row.code,
        language=row.language,
        full=row.level == Level.FULL,
        title=marked(row.title or "", words),
        excerpt=excerpt(said, words) if words else [],
        team=row.team,
        held_on=row.held_on,
        moderator=row.moderator,
        owner=row.owner or "",
        actions=row.actions,
        themes=tuple(marked(theme, words) for theme in themes),
    )
