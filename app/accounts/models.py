"""Accounts and teams: the people who plan sessions and look after them. Guests need neither."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.times import now


class AccountKind(StrEnum):
    """What an account may do: a moderator plans and leads sessions, a facilitator reviews them."""

    MODERATOR = "moderator"
    FACILITATOR = "facilitator"


class Team(Base):
    """A team that holds sessions together."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class Account(Base):
    """Somebody who signs in with e-mail and password.

    `key_turn` is named in every signed-in cookie; raising it (a new password does) signs out every device.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16), default=AccountKind.MODERATOR)
    admin: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str] = mapped_column(String(255))
    key_turn: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Link(Base):
    """A one-time link: to make an account, or to take a seat. Only its hash is stored; opening it uses nothing up.

    `purpose` is "account" (with `kind`) or "seat" (with `seat_id`).
    """

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str | None] = mapped_column(String(16))
    admin: Mapped[bool] = mapped_column(default=False)
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
