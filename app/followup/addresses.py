"""Addresses for mail are kept for as long as there is something to ask."""

from datetime import timedelta

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.followup import cadence
from app.followup.models import MailAddress
from app.sessions.models import Intervision
from app.times import now

UNCONFIRMED = timedelta(days=21)
"""As long as the link in the first mail works."""
ASKED = cadence.AFTER[3] + cadence.LAST_STAYS


def forget_unneeded(rows: Session) -> None:
    """Delete those that nobody confirmed, and those where nothing is asked any more. The caller commits."""
    over = select(Intervision.id).where(Intervision.closed_at < now() - ASKED)
    unconfirmed = MailAddress.confirmed_at.is_(None) & (MailAddress.given_at < now() - UNCONFIRMED)
    rows.execute(delete(MailAddress).where(or_(unconfirmed, MailAddress.intervision_id.in_(over))))
