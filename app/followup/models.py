"""What is kept of the time after the close: what was said then, when somebody is asked, and where mail may go."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.sessions.models import new_id


class Kind(StrEnum):
    """What a FollowUp says.

    STATE of an action (`data["state"]`, a State), a WORD on it (`text`), its moved DATE (`data["due"]`, an ISO day or
    ""), a new STEP (`text`, `data["due"]`), the answers to a CHECK_IN (`number`, `data["answers"]` in the order of its
    questions, `data["helped"]` 1 to 5 or None), how somebody can SUPPORT an action (`text`), what may be TOLD to the
    team (`data["tell"]`, a Told), a facilitator's NOTE to the moderator (`text`).
    """

    STATE = "state"
    WORD = "word"
    DATE = "date"
    STEP = "step"
    CHECK_IN = "check_in"
    SUPPORT = "support"
    TELL = "tell"
    NOTE = "note"


class FollowUp(Base):
    """Something that was said after the close. Rows are only added; of those about the same thing the newest counts.

    By a person of the session (`seat_id`), or by an account from outside (`account_id`: a NOTE). `item_id` is the
    action that it is about: a contribution of the session, or a FollowUp of kind STEP.
    """

    __tablename__ = "follow_ups"
    __table_args__ = (Index("ix_follow_ups_intervision_id_kind", "intervision_id", "kind"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"))
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    kind: Mapped[str] = mapped_column(String(16))
    item_id: Mapped[str | None] = mapped_column(String(16))
    number: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class CheckIn(Base):
    """A moment at which the owner is asked how it goes: the first, second or third (`number` 1 to 3), due on a day of
    the session's time zone. Made at the close. `sent_at`: a mail has gone out.
    """

    __tablename__ = "check_ins"

    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_on: Mapped[date] = mapped_column(Date, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailAddress(Base):
    """Where a person of a session wants to be asked by mail. They gave it themselves, and take it back themselves.

    `confirmed_at`: they have opened the link in the first mail; until then nothing else goes there.
    """

    __tablename__ = "mail_addresses"

    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"), primary_key=True)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
