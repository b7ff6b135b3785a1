"""The door of the outbox: what puts a delivery in, and what is registered to compose and to carry it out."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from app.deliveries.models import Delivery
from app.times import now

Composer = Callable[[Session, Delivery], Any]
"""The message, in the shape that the channel's sender takes; None when there is nothing to say (any more)."""

Sender = Callable[[Any], None]
"""Carries a message out; no transaction is open meanwhile. Raises NotSent."""

composers: dict[str, Composer] = {}
senders: dict[str, Sender] = {}
rung = threading.Event()
"""Something was put in, in this process: the worker need not wait for its next look."""


class NotSent(Exception):
    """A message did not get through this time; `reason` as in Delivery.error, such as "timeout" or "status:404"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def put(rows: Session, *, channel: str, kind: str, due_at: datetime | None = None, **refs: Any) -> Delivery:
    """Let this be sent when `due_at` (default: now) has come. `refs` are Delivery's ids: intervision_id, team_id,
    account_id, seat_id, item_id, webhook_id, number. The caller commits, together with what it is about.

    `team_id` should be there whenever a team is concerned: its page says what could not be sent.
    """
    due_at = due_at or now()
    delivery = Delivery(channel=channel, kind=kind, due_at=due_at, next_try_at=due_at, tries=0, error="", **refs)
    rows.add(delivery)
    event.listen(rows, "after_commit", _ring, once=True)
    return delivery


def composes(kind: str) -> Callable[[Composer], Composer]:
    """`@composes("check_in")`: this function writes the messages of that kind, from the rows as they are then.

    It is called in a request context (for addresses), with `rows` = db.session under the write lock. What it changes
    there, such as a one-time link that it makes, is committed before the message goes out; with None as its answer, in
    the transaction that takes the delivery out.
    """

    def register(composer: Composer) -> Composer:
        composers[kind] = composer
        return composer

    return register


def sends(channel: str) -> Callable[[Sender], Sender]:
    """`@sends("mail")`: this function carries out the messages of that channel."""

    def register(sender: Sender) -> Sender:
        senders[channel] = sender
        return sender

    return register


def _ring(_session: Session) -> None:
    rung.set()
