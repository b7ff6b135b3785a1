"""Personal tokens for the API, and what keeps a plan that is sent twice from being made twice."""

from datetime import date, datetime

from sqlalchemy import JSON, Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.times import now


class ApiToken(Base):
    """A key by which a program acts as its account, within its scopes. Only its hash is stored.

    It is good until `expires_at`, and as long as the account's `key_turn` is what it was: whatever signs out every
    device ends it too. `last_used_on` is a day and no more, so that it tells nothing of anybody's hours.
    """

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON)
    key_turn: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_on: Mapped[date | None] = mapped_column(Date)


class ApiPlan(Base):
    """A plan that came by the API under this Idempotency-Key: `asked` is the hash of what was sent.

    `intervision_id` is no foreign key: the session may have been deleted since.
    """

    __tablename__ = "api_plans"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    intervision_id: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
