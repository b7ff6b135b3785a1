"""The lessons that their authors let go to the team: found, filtered, and never with the case that they come from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.lessons import cards
from app.sessions.access import lessons_for, lessons_of_team
from app.sessions.folding import Pieces, fold, marked
from app.sessions.models import Archived, Contribution, Intervision, IntervisionTheme, Seat
from app.teams.models import Team, Theme

PAGE = 20
MOST_WORDS = 10
MOST_IN_A_FEED = 50
MOST_EARLIER = 6
"""Lessons of earlier sessions beside a plan: as many as somebody reads."""


@dataclass(frozen=True)
class Lesson:
    """A shared lesson. `name` is "" unless its author wants to be named; `situation` is "" if they gave none."""

    id: str
    text: str
    situation: str
    name: str
    team_id: int
    team: str
    language: str
    themes: tuple[str, ...]
    shared_at: datetime
    shared_on: date


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for; "" and None: anything. `theme` is a theme's name."""

    words: str = ""
    team_id: int | None = None
    theme: str = ""


@dataclass(frozen=True)
class Found:
    """A lesson, with what was looked for marked in it."""

    lesson: Lesson
    text: Pieces
    situation: Pieces
    themes: tuple[Pieces, ...]


@dataclass(frozen=True)
class Page:
    """Some of `count` lessons, the newest first; `number` counts from 1."""

    lessons: list[Found]
    number: int
    count: int

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PAGE))


@dataclass(frozen=True)
class Card:
    """One of today's; `turn` says whether it comes back for the first, second or third time."""

    lesson: Lesson
    turn: int


def find(rows: Session, account: Account, wanted: Wanted, number: int = 1) -> Page:
    """A page of the lessons that this account may read; a page beyond the end is the last one."""
    words = fold(wanted.words).split()[:MOST_WORDS]
    # The archive's folded text says in which sessions to look; only their lessons are folded here.
    conditions = [_holds(rows, Archived.shared_folded, word) for word in words]
    if wanted.team_id is not None:
        conditions.append(Intervision.team_id == wanted.team_id)
    if wanted.theme:
        conditions.append(_on(wanted.theme))
    texts = TEXTS if words else ()
    found = rows.execute(_newest(_all(account, Contribution.id, *texts).where(*conditions))).all()
    themes = _themes(rows, {row.intervision_id for row in found}) if words else {}
    kept = [row.id for row in found if not words or _has_all(words, row, themes.get(row.intervision_id, ()))]
    number = min(max(1, number), max(1, -(-len(kept) // PAGE)))
    shown = kept[(number - 1) * PAGE : number * PAGE]
    lessons = _lessons(rows, _all(account, *COLUMNS).where(Contribution.id.in_(shown)))
    return Page([_found(lesson, words) for lesson in lessons], number, len(kept))


def due_today(rows: Session, account: Account, now: datetime) -> list[Card]:
    """The cards of today for this account: those that go soonest come first."""
    recent = _all(account, *COLUMNS).where(Intervision.closed_at > now - cards.GONE_AFTER)
    found = [
        Card(lesson, turn)
        for lesson in _lessons(rows, recent)
        if (turn := cards.turn(lesson.shared_on, now.astimezone(lesson.shared_at.tzinfo).date()))
    ]
    return sorted(found, key=lambda card: (card.lesson.shared_on, card.lesson.id))


def earlier(rows: Session, account: Account, theme: str, team_id: int | None = None) -> list[Lesson]:
    """The newest lessons on a theme, of one team or of all that this account belongs to."""
    query = _all(account, *COLUMNS).where(_on(theme))
    if team_id is not None:
        query = query.where(Intervision.team_id == team_id)
    return _lessons(rows, query.limit(MOST_EARLIER))


def newest(rows: Session, account: Account, team_id: int) -> list[Lesson]:
    """What a feed of this team shows this account."""
    return _lessons(rows, _all(account, *COLUMNS).where(Intervision.team_id == team_id).limit(MOST_IN_A_FEED))


def of_session(rows: Session, intervision_id: int) -> list[Lesson]:
    """The lessons of a session that go to the whole team, none if it stays among those who were in the room."""
    return _lessons(rows, _query(*COLUMNS).where(lessons_of_team(), Intervision.id == intervision_id))


def teams_of(rows: Session, account: Account) -> Sequence[tuple[int, str]]:
    """Id and name of the teams with lessons that this account may read."""
    teams = select(Team.id, Team.name).where(Team.id.in_(_all(account, Intervision.team_id))).order_by(Team.name)
    return [(id_, name) for id_, name in rows.execute(teams)]


def themes_of(rows: Session, account: Account) -> list[str]:
    """The themes of the lessons that this account may read."""
    on = select(IntervisionTheme.theme_id).where(IntervisionTheme.intervision_id.in_(_all(account, Intervision.id)))
    return sorted(set(rows.scalars(select(Theme.name).where(Theme.id.in_(on)))), key=fold)


TEXTS = (Contribution.text, Contribution.data, Contribution.intervision_id)
COLUMNS = (
    Contribution.id,
    *TEXTS,
    Seat.name.label("name"),
    Intervision.team_id,
    Intervision.language,
    Intervision.closed_at,
    Intervision.timezone,
    Team.name.label("team"),
)


def _query(*columns: Any) -> Select[Any]:
    """Of every shared lesson. Whose words were erased, consents to nothing any more."""
    of_lessons: Select[Any] = select(*columns).select_from(Contribution).join(Intervision).join(Team)
    joined = of_lessons.outerjoin(Archived, Archived.intervision_id == Intervision.id)
    agreed = Contribution.data["share"].as_boolean().is_(True)
    return joined.outerjoin(Seat, Seat.id == Contribution.seat_id).where(
        Contribution.kind == "lesson", agreed, Contribution.erased.is_(False), Contribution.text != ""
    )


def _all(account: Account, *columns: Any) -> Select[Any]:
    return _query(*columns).where(lessons_for(account))


def _newest(query: Select[Any]) -> Select[Any]:
    # Within a session by their ids, which are random: the order of coming would say who wrote them.
    return query.order_by(Intervision.closed_at.desc(), Contribution.id)


def _on(theme: str) -> ColumnElement[bool]:
    themed = select(IntervisionTheme.intervision_id).join(Theme).where(Theme.folded == " ".join(fold(theme).split()))
    return Intervision.id.in_(themed)


def _holds(rows: Session, text: Any, word: str) -> ColumnElement[bool]:
    position = func.instr if rows.get_bind().dialect.name == "sqlite" else func.strpos
    return position(text, word) > 0


def _has_all(words: Sequence[str], row: Row[Any], themes: Iterable[str]) -> bool:
    whole = fold("\n".join((row.text, row.data.get("situation", ""), *themes)))
    return all(word in whole for word in words)


def _lessons(rows: Session, query: Select[Any]) -> list[Lesson]:
    found = rows.execute(_newest(query)).all()
    themes = _themes(rows, {row.intervision_id for row in found})
    return [_lesson(row, themes.get(row.intervision_id, ())) for row in found]


def _lesson(row: Row[Any], themes: tuple[str, ...]) -> Lesson:
    shared_at = row.closed_at.astimezone(ZoneInfo(row.timezone))
    return Lesson(
        id=row.id,
        text=row.text,
        situation=row.data.get("situation", ""),
        name=(row.name or "") if row.data.get("named") else "",
        team_id=row.team_id,
        team=row.team,
        language=row.language,
        themes=themes,
        shared_at=shared_at,
        shared_on=shared_at.date(),
    )


def _themes(rows: Session, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    query = select(IntervisionTheme.intervision_id, Theme.name).join(Theme).order_by(Theme.folded)
    found: dict[int, tuple[str, ...]] = {}
    for id_, name in rows.execute(query.where(IntervisionTheme.intervision_id.in_(set(ids)))):
        found[id_] = (*found.get(id_, ()), name)
    return found


def _found(lesson: Lesson, words: list[str]) -> Found:
    return Found(
        lesson,
        marked(lesson.text, words),
        marked(lesson.situation, words),
        tuple(marked(theme, words) for theme in lesson.themes),
    )
