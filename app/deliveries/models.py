"""What waits to be sent, and where the webhooks of teams lead."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime
from app.times import now


class Delivery(Base):
    """A message that is still to be sent; one that was sent is gone. It holds no words and no address.

    What it is about are ids and no foreign keys: what is no longer there when it is composed, it is not sent about.
    `number` counts what there are several of, such as check-ins. `next_try_at` moves ahead with every try, which is
    also what keeps it from being taken twice; `tries` counts. `failed_at`: given up then, because of `error`, which is
    a key of `reasons.REASONS`, perhaps with a number behind a colon.
    """

    __tablename__ = "deliveries"
    # An id never comes back: receivers know a message by it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(24))
    intervision_id: Mapped[int | None] = mapped_column(index=True)
    team_id: Mapped[int | None] = mapped_column(index=True)
    account_id: Mapped[int | None]
    seat_id: Mapped[str | None] = mapped_column(String(16))
    item_id: Mapped[str | None] = mapped_column(String(16))
    webhook_id: Mapped[int | None]
    number: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str] = mapped_column(String(40), default="")


class Webhook(Base):
    """Where a team wants to hear of what is new. `format` is a name in `formats.FORMATS`. The secret that its messages
    are signed with is made from `salt` and the server's key, and is not in the table.

    `last_at`: when something was last tried; `last_error` is "" when that came through, else as in Delivery.
    """

    __tablename__ = "webhooks"
    # An id never comes back: what still waits for a deleted webhook must not reach the next one.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    url: Mapped[str] = mapped_column(String(2000))
    format: Mapped[str] = mapped_column(String(16))
    salt: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(40), default="")
