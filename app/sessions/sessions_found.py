"""Finding a session for a page: an absent one and somebody else's are answered alike."""

from collections.abc import Sequence

from flask import abort
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute

from app.accounts.models import Account
from app.extensions import db
from app.sessions.models import CODE_LETTERS, Intervision, IntervisionTheme
from app.teams.models import Theme


def find_code(typed: str) -> Intervision | None:
    """The session at this address, however it was typed."""
    return _find(Intervision.code, typed)


def find_join_code(typed: str) -> Intervision | None:
    """The session that this code lets people into, however it was typed: "abc def", "ABC-DEF"."""
    return _find(Intervision.join_code, typed)


def _find(column: InstrumentedAttribute[str], typed: str) -> Intervision | None:
    code = "".join(char for char in typed.upper() if char.isalnum())
    if not 0 < len(code) <= 8 or not set(code) <= set(CODE_LETTERS):
        return None
    return db.session.scalar(select(Intervision).where(column == code))


def by_code(code: str) -> Intervision:
    """The session at this address, or 404."""
    return find_code(code) or abort(404)


def planned_by(account: Account, code: str) -> Intervision:
    """The session at this address if this account planned it, or 404."""
    it = by_code(code)
    return it if it.account_id == account.id else abort(404)


def themes_of_team(team_id: int, *of: ColumnElement[bool]) -> Sequence[str]:
    """The themes of a team's sessions, those that it gave most often first; `of`: only of these rows of Intervision."""
    given = func.count(IntervisionTheme.intervision_id)
    query = select(Theme.name).join(IntervisionTheme).join(Intervision).where(Theme.team_id == team_id, *of)
    return db.session.scalars(query.group_by(Theme.id).order_by(given.desc(), Theme.folded)).all()


def ahead_of(account: Account) -> Sequence[Intervision]:
    """The sessions that this account planned and that are not closed yet, the next one first."""
    mine = (Intervision.account_id == account.id, Intervision.step != "closed")
    return db.session.scalars(select(Intervision).where(*mine).order_by(Intervision.starts_at)).all()
