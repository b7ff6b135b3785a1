"""Who has read a session's record: for those who were in the room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.accounts.models import Account
from app.extensions import db
from app.privacy.audit import Line
from app.sessions.models import Intervision, Seat

LATEST = 20
"""So many openings are shown, and of each reader the latest in any case."""
READING = ("record_opened", "process_opened", "replayed", "downloaded")


@dataclass(frozen=True)
class Opening:
    """Somebody opened the record, or took it along as `file` ("record.pdf"; "" if not); `at` on the session's clock.
    `outside`: they were not in the room. `process`: they saw how it went, and no words.
    """

    name: str
    file: str
    at: datetime
    outside: bool = False
    process: bool = False


def of(it: Intervision) -> list[Opening]:
    """Who has opened this session's record, the newest first: of each reader the last time that they read it in each
    way, so that nobody's reading goes under in somebody's many.
    """
    mine = (Line.intervision_id == it.id, Line.act.in_(READING))
    last = select(func.max(Line.id)).where(*mine).group_by(Line.by_account, Line.by_seat, Line.act, Line.detail)
    query = select(Line).where(Line.id.in_(last)).order_by(Line.id.desc())
    lines = _shown(db.session.scalars(query).all())
    names = _names(lines)
    zone = ZoneInfo(it.timezone)
    return [
        Opening(
            name=names[line.id],
            file=line.detail,
            at=line.at.astimezone(zone),
            outside=line.by_seat is None and line.by_account != it.account_id,
            process=line.act == "process_opened",
        )
        for line in lines
    ]


def _shown(lines: Sequence[Line]) -> list[Line]:
    """Of the lines, the newest first, as many as are shown: nobody goes under in the many ways in which others read."""
    latest = {(line.by_account, line.by_seat): line.id for line in reversed(lines)}.values()
    return [line for place, line in enumerate(lines) if place < LATEST or line.id in latest]


def _names(lines: Sequence[Line]) -> dict[int, str]:
    """The reader's name for each line: that of the seat, and only where there was none that of the account. Whoever was
    erased from the session is not named by another way.
    """
    seats = select(Seat.id, Seat.name).where(Seat.id.in_({line.by_seat for line in lines if line.by_seat}))
    accounts = select(Account.id, Account.name).where(
        Account.id.in_({line.by_account for line in lines if line.by_account})
    )
    by_seat = dict(db.session.execute(seats).all())
    by_account = dict(db.session.execute(accounts).all())
    found = {
        line.id: by_seat.get(line.by_seat) if line.by_seat else by_account.get(line.by_account or 0) for line in lines
    }
    return {id_: name or _("Someone who left") for id_, name in found.items()}
