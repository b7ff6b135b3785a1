"""What a session is made of: rows with a version. Only `commands` writes them; only `view` and `exports` read them for
people.
"""

import secrets
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import Account, first_turn
from app.database import Base, UtcDateTime
from app.teams.models import Team, Theme
from app.times import now

CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No I, L, O, 0, 1: a code is read out in a call and typed on a phone."""


def new_code() -> str:
    """A session's short code, six letters and digits."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(6))


def new_id() -> str:
    """A random id (96 bits, 16 characters): it tells nothing of who made a row, or when."""
    return secrets.token_urlsafe(12)


class Visibility(StrEnum):
    """Who comes to read a closed session beside those who were in the room, from the fewest to the most. In between:
    facilitators see how it went, and no words of the case.
    """

    ROOM = "room"
    PROCESS = "process"
    FACILITATORS = "facilitators"


class Intervision(Base):
    """One session around one case.

    Its clock: while it runs, `ends_at` is the instant at which the step's time is used up; while it is paused or not
    yet started, `left_s` holds the seconds left (below zero in overtime). In a step without a clock both are None.

    `code` is its address and never changes. `join_code` is what people type to come in: the same at first, and another
    one with every new link (`join_turn`, which begins anywhere). `sealed`: closed, and the database keeps its words as
    they are (sealing.py).

    `transcript`: whether more than the plan and the shared lessons is kept at the close. `names`: whether the record
    then says who was there, and who said what. `readable_days`: for how long after the close participants can read it.
    `visibility`: who else can, see access.py. `method`: the only one so far. `exported_at`: since then the issue owner
    lets the company's tools read the actions of the plan.
    """

    __tablename__ = "intervisions"
    # An id never comes back after a deletion: links and cookies name it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True, default=new_code)
    version: Mapped[int] = mapped_column(default=0)

    title: Mapped[str] = mapped_column(String(120))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    language: Mapped[str] = mapped_column(String(8), default="en")
    call_url: Mapped[str] = mapped_column(String(2000), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    timezone: Mapped[str] = mapped_column(String(64), default="UTC")
    expected: Mapped[int] = mapped_column(default=6)
    length: Mapped[int] = mapped_column(default=60)
    minutes: Mapped[dict[str, int]] = mapped_column(JSON)
    move_on: Mapped[bool] = mapped_column(default=False)
    transcript: Mapped[bool] = mapped_column(default=True)
    names: Mapped[bool] = mapped_column(default=True, server_default=true())
    readable_days: Mapped[int] = mapped_column(default=90)
    visibility: Mapped[str] = mapped_column(String(16), default=Visibility.ROOM, server_default=Visibility.ROOM)
    method: Mapped[str] = mapped_column(String(24), default="intervision", server_default="intervision")

    join_hash: Mapped[str] = mapped_column(String(64), unique=True)
    join_turn: Mapped[int] = mapped_column(default=first_turn)
    join_code: Mapped[str] = mapped_column(String(8), index=True, unique=True, server_default="")

    step: Mapped[str] = mapped_column(String(32), default="planned")
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_s: Mapped[float | None]

    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stopped: Mapped[bool] = mapped_column(default=False)
    overridden: Mapped[bool] = mapped_column(default=False)
    sealed: Mapped[bool] = mapped_column(default=False, server_default=false())
    exported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def tells_who(self) -> bool:
        """Whether it is kept who was there, and who said what."""
        return self.transcript and self.names

    @property
    def readable_until(self) -> datetime | None:
        """Until when participants can read the record; None before the close."""
        return self.closed_at + timedelta(days=self.readable_days) if self.closed_at else None

    team: Mapped[Team] = relationship(lazy="joined")
    account: Mapped[Account] = relationship(lazy="joined")
    seats: Mapped[list["Seat"]] = relationship(back_populates="intervision", order_by="Seat.number")
    times: Mapped[list["StepTime"]] = relationship(back_populates="intervision")


class IntervisionTheme(Base):
    """A theme that the moderator gave a session at its close."""

    __tablename__ = "intervision_themes"

    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), primary_key=True)
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"), primary_key=True, index=True)

    theme: Mapped[Theme] = relationship(lazy="joined")


class Archived(Base):
    """What the archive finds a closed session by; `commands.archiving` says what is in it.

    `held_on` is the day on the clock of the session's time zone. `words` holds a text per line, all that the record
    shows; `shared` what anybody in the team may know, themes and shared lessons. `folded` is the title and `words`, and
    `shared_folded` is `shared`, folded for searching. `edition` says which version of the app wrote the row.
    """

    __tablename__ = "archive"

    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text)
    folded: Mapped[str] = mapped_column(Text)
    shared: Mapped[str] = mapped_column(Text, default="", server_default="")
    shared_folded: Mapped[str] = mapped_column(Text, default="", server_default="")
    edition: Mapped[int] = mapped_column(default=1, server_default="1")


class StepTime(Base):
    """The time of one step, in seconds: as planned, as allotted after changes, and as used so far (None: not yet
    entered).
    """

    __tablename__ = "step_times"

    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    planned_s: Mapped[float]
    allotted_s: Mapped[float]
    used_s: Mapped[float | None]

    intervision: Mapped[Intervision] = relationship(back_populates="times")


class Seat(Base):
    """A person's place in one session.

    `status` is "waiting" (not let in yet), "in" or "removed". `look` is the name folded so that names that look alike
    are equal. A device holds the seat by a signed cookie that names `key_turn`; raising it shuts out every device.
    `number` is the order in which people came. Without a name it is the place of a person who was erased.
    """

    __tablename__ = "seats"
    __table_args__ = (UniqueConstraint("intervision_id", "number"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    look: Mapped[str] = mapped_column(String(80))
    role: Mapped[str] = mapped_column(String(16))
    consults: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(16), default="waiting")
    key_turn: Mapped[int] = mapped_column(default=1)
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pulsed: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    intervision: Mapped[Intervision] = relationship(back_populates="seats")

    @property
    def erased(self) -> bool:
        return not self.name


class Contribution(Base):
    """Something that a person put into the session: a question, an idea, an action, a private note …

    `kind` is a name in `phases.KINDS`; `data` holds the fields of that kind beside `text`. `place` orders
    contributions and, for ideas typed in silence, is random, so that order does not betray an author. `noted_by` is
    the moderator who wrote it down for somebody, `aloud` means it was said and not written, `erased` that its words
    were taken out for good at its author's wish.
    """

    __tablename__ = "contributions"
    __table_args__ = (Index("ix_contributions_intervision_id_kind", "intervision_id", "kind"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"))
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    noted_by: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    kind: Mapped[str] = mapped_column(String(16))
    parent_id: Mapped[str | None] = mapped_column(String(16))
    place: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    due: Mapped[date | None] = mapped_column(Date)
    aloud: Mapped[bool] = mapped_column(default=False)
    erased: Mapped[bool] = mapped_column(default=False, server_default=false())


class Turn(Base):
    """One person's turn in a step: from the `began_s`th second of the step's used time until it `ended` ("done",
    "passed", "skipped").
    """

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), index=True)
    step: Mapped[str] = mapped_column(String(32))
    seat_id: Mapped[str] = mapped_column(ForeignKey("seats.id"))
    began_s: Mapped[float]
    ended: Mapped[str | None] = mapped_column(String(16))
    contribution_id: Mapped[str | None] = mapped_column(String(16))


class Pulse(Base):
    """One anonymous answer to "useful?" and "safe?" (1 to 5): no author, no time, and a random id."""

    __tablename__ = "pulses"

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=new_id)
    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), index=True)
    useful: Mapped[int]
    safe: Mapped[int]


class Journal(Base):
    """One accepted command: which act, by whom, when, with what version as its result. Never anybody's words.

    The unique command id is what makes a repeated command harmless.
    """

    __tablename__ = "journal"
    __table_args__ = (UniqueConstraint("intervision_id", "command_id"),)

    intervision_id: Mapped[int] = mapped_column(ForeignKey("intervisions.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    command_id: Mapped[str | None] = mapped_column(String(36))
    act: Mapped[str] = mapped_column(String(24))
    seat_id: Mapped[str | None] = mapped_column(ForeignKey("seats.id"))
    step: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    item_id: Mapped[str | None] = mapped_column(String(16))
    detail: Mapped[dict[str, Any] | None] = mapped_column(JSON)
