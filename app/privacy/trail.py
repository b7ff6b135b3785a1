"""The audit trail, a page at a time, for an administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import Account
from app.extensions import db
from app.privacy.audit import ACTS, Line
from app.sessions.models import Intervision
from app.teams.models import Team

PAGE = 50


@dataclass(frozen=True)
class Entry:
    """One line, with names for the accounts and teams that are still there; guests stay unnamed."""

    at: datetime
    who: str
    act: str
    about: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """Some of `count` lines, the newest first; `number` counts from 1. `act` is a key of ACTS, or "" for all."""

    entries: list[Entry]
    act: str
    number: int
    count: int

    @property
    def last(self) -> int:
        return max(1, -(-self.count // PAGE))


def find(act: str = "", number: int = 1) -> Page:
    """A page of the trail, of one act or of all; a page beyond the end is the last one."""
    act = act if act in ACTS else ""
    wanted = [Line.act == act] if act else []
    count = db.session.scalar(select(func.count()).select_from(Line).where(*wanted)) or 0
    number = min(max(1, number), max(1, -(-count // PAGE)))
    query = select(Line).where(*wanted).order_by(Line.id.desc()).offset((number - 1) * PAGE).limit(PAGE)
    return Page(_entries(db.session.scalars(query).all()), act, number, count)


def _entries(lines: Sequence[Line]) -> list[Entry]:
    accounts = _named(
        Account.id, Account.name, {line.by_account for line in lines} | {line.account_id for line in lines}
    )
    teams = _named(Team.id, Team.name, {line.team_id for line in lines})
    names = _names_of_sessions({line.intervision_id for line in lines})
    return [
        Entry(line.at, _who(line, accounts), _(ACTS[line.act]), _about(line, accounts, teams, names)) for line in lines
    ]


def _names_of_sessions(ids: set[int | None]) -> dict[int, str]:
    """Their codes once they are closed: until then people come in by them, and administrators are not among those."""
    wanted = select(Intervision.id, Intervision.code, Intervision.step).where(Intervision.id.in_(ids - {None}))
    return {
        id_: code if step == "closed" else _("number %(id)s", id=id_) for id_, code, step in db.session.execute(wanted)
    }


def _named(id_: object, name: object, ids: set[int | None]) -> dict[int, str]:
    found = select(id_, name).where(id_.in_(ids - {None}))  # type: ignore[call-overload, attr-defined]
    return dict(db.session.execute(found).all())


def _who(line: Line, accounts: dict[int, str]) -> str:
    if line.by_account:
        return accounts.get(line.by_account) or _("somebody who was erased")
    return _("a guest") if line.by_seat else "–"


def _about(line: Line, accounts: dict[int, str], teams: dict[int, str], names: dict[int, str]) -> tuple[str, ...]:
    """What it was done to. Of a session its code or its number: its title may say too much."""
    about = []
    if line.account_id and line.account_id != line.by_account:
        about.append(accounts.get(line.account_id) or _("somebody who was erased"))
    if line.intervision_id:
        code = names.get(line.intervision_id) or _("deleted, number %(id)s", id=line.intervision_id)
        about.append(_("Session %(code)s", code=code))
    if line.team_id and line.team_id in teams:
        about.append(teams[line.team_id])
    return tuple(filter(None, [*about, line.detail]))
