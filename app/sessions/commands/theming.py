"""Giving a session its themes: the team's words for what it was about, and no participant's. After the close too."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.sessions.commands.door import Change
from app.sessions.folding import fold
from app.sessions.models import IntervisionTheme
from app.teams.models import Theme

LONGEST_FOLDED = 160


def give_themes(change: Change, data: dict[str, Any]) -> None:
    """These themes, in place of those that it had; one that the team knows keeps the way it is written there."""
    wanted = {folded(name): name for name in data["themes"] if folded(name)}
    _take_themes(change)
    known = {theme.folded: theme for theme in _themes(change.rows, change.it.team_id, set(wanted))}
    for key, name in wanted.items():
        theme = known.get(key) or Theme(team_id=change.it.team_id, name=name, folded=key)
        change.rows.add(theme)
        change.rows.flush()
        change.rows.add(IntervisionTheme(intervision_id=change.it.id, theme_id=theme.id))
    forget_unused(change.rows, change.it.team_id)
    change.room.__dict__.pop("themes", None)
    change.session = True


def forget_themes(change: Change) -> None:
    """Of a session that is deleted; with the last session that had it, a theme goes."""
    _take_themes(change)
    forget_unused(change.rows, change.it.team_id)


def folded(name: str) -> str:
    return " ".join(fold(name).split())[:LONGEST_FOLDED]


def forget_unused(rows: Session, team_id: int) -> None:
    rows.flush()
    used = select(IntervisionTheme.theme_id)
    rows.execute(delete(Theme).where(Theme.team_id == team_id, Theme.id.not_in(used)))


def _take_themes(change: Change) -> None:
    change.rows.execute(delete(IntervisionTheme).where(IntervisionTheme.intervision_id == change.it.id))


def _themes(rows: Session, team_id: int, keys: set[str]) -> list[Theme]:
    return list(rows.scalars(select(Theme).where(Theme.team_id == team_id, Theme.folded.in_(keys))))
