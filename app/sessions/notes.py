"""A facilitator's notes to the moderator on how a session went: between the two of them, and nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.followup.models import FollowUp, Kind
from app.sessions import access
from app.sessions.access import Reader
from app.sessions.models import Intervision


@dataclass(frozen=True)
class Note:
    """`at` on the session's clock."""

    name: str
    text: str
    at: datetime


def of(it: Intervision, reader: Reader) -> Sequence[Note]:
    """All of them for those who led it; for a facilitator their own. The newest first."""
    mine = [FollowUp.intervision_id == it.id, FollowUp.kind == Kind.NOTE, FollowUp.text != ""]
    if not access.leads(reader, it):
        mine.append(FollowUp.account_id == (reader.account.id if reader.account else None))
    query = select(FollowUp, Account.name).join(Account, FollowUp.account_id == Account.id, isouter=True)
    found = db.session.execute(query.where(*mine).order_by(FollowUp.version.desc()))
    zone = ZoneInfo(it.timezone)
    return [Note(name or _("Someone who left"), said.text, said.at.astimezone(zone)) for said, name in found]
