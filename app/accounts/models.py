"""Accounts: the people who plan sessions and look after them. Guests need none."""

import secrets
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base, UtcDateTime
from app.teams.models import MemberKind, Membership
from app.times import now


def first_turn() -> int:
    """Where a count of turns begins, by chance: after a restore the same number may be given to somebody else, and what
    named the one before, with its turn, is not to open theirs. It leaves room to count on in 32 bits.
    """
    return secrets.randbelow(2**30) + 1


def next_turn(turn: int) -> int:
    """A later one, by chance: after a restore to an earlier one, the next is not to be the same as it was."""
    return turn + secrets.randbelow(2**14) + 1


class AccountKind(StrEnum):
    """What somebody is invited as. A moderator may name a new team and plan for it; nothing else depends on it."""

    MODERATOR = "moderator"
    FACILITATOR = "facilitator"


class Account(Base):
    """Somebody who signs in with e-mail and password. What they may plan and read, `memberships` say.

    `key_turn` is named in every signed-in cookie; raising it (a new password does) signs out every device. It begins
    anywhere. Of a person who was erased nothing is left but the id, which the sessions that they planned still name.
    """

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16), default=AccountKind.MODERATOR)
    admin: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str] = mapped_column(String(255))
    key_turn: Mapped[int] = mapped_column(default=first_turn)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    memberships: Mapped[list[Membership]] = relationship(cascade="all, delete-orphan")

    @property
    def erased(self) -> bool:
        return not self.name

    @property
    def plans(self) -> bool:
        """Whether they plan sessions: for a team that they moderate, or for a new one."""
        return self.kind == AccountKind.MODERATOR or bool(self.teams(MemberKind.MODERATOR))

    @property
    def facilitates(self) -> bool:
        return bool(self.teams(MemberKind.FACILITATOR))

    def teams(self, kind: MemberKind) -> frozenset[int]:
        """The ids of the teams in which they are this."""
        return frozenset(each.team_id for each in self.memberships if each.kind == kind)


class Link(Base):
    """A one-time link. Only its hash is stored; opening it uses nothing up, and used up it is gone.

    `purpose` is "account" (with `kind`, and perhaps the `team_id` of a team that it becomes a member of: makes an
    account), "password" (with `account_id`: sets a new one), "seat" (with `seat_id`: takes the seat over, and every
    other device loses it) or "device" (the same, and the others keep it).
    """

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str | None] = mapped_column(String(16))
    admin: Mapped[bool] = mapped_column(default=False)
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignOut(Base):
    """A browser that has signed out: a copy of its cookie is worth nothing either, in any process.

    `browser` is the random name that the cookie carries. Rows are kept for as long as a cookie could live.
    """

    __tablename__ = "sign_outs"

    browser: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
