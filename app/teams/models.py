"""Teams: who belongs to them as what, how long they keep their sessions, and the themes that they give them."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import Base

RETENTION_DAYS = 365
THEME_LONGEST = 40


class Membership(Base):
    """What an account is in a team; one may be both. A moderator plans the team's sessions, a facilitator reviews those
    that say so.
    """

    __tablename__ = "memberships"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)

    team: Mapped["Team"] = relationship(lazy="joined")


class MemberKind(StrEnum):
    MODERATOR = "moderator"
    FACILITATOR = "facilitator"


class Team(Base):
    """A team that holds sessions together. `retention_days` after its close, a session of the team is deleted."""

    __tablename__ = "teams"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    retention_days: Mapped[int] = mapped_column(default=RETENTION_DAYS, server_default=str(RETENTION_DAYS))


class Theme(Base):
    """What sessions of a team are about, in a word or two; `folded` so that accents and case make no second one."""

    __tablename__ = "themes"
    __table_args__ = (UniqueConstraint("team_id", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    name: Mapped[str] = mapped_column(String(THEME_LONGEST))
    folded: Mapped[str] = mapped_column(String(4 * THEME_LONGEST))
