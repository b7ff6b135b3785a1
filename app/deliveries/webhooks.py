"""Webhooks: what a team's address is told, signed as https://www.standardwebhooks.com says.

A delivery is put in for the team, without a `webhook_id`. When it is due it becomes one for each webhook that the team
has by then, each tried by itself.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.deliveries import formats, posting
from app.deliveries.formats import News
from app.deliveries.models import Delivery, Webhook
from app.deliveries.outbox import composes, put, sends
from app.times import now

CHANNEL = "webhook"
TEST = "webhook_test"
SALT_BYTES = 16


@dataclass(frozen=True)
class Post:
    """A POST that is ready to go."""

    url: str
    headers: dict[str, str]
    body: bytes


Newsmaker = Callable[[Session, Delivery], News | None]


def tells(kind: str) -> Callable[[Newsmaker], Newsmaker]:
    """`@tells("lessons_shared")`: this function says what is new, for deliveries of that kind to a team's webhooks;
    None if there is nothing (any more).
    """

    def register(newsmaker: Newsmaker) -> Newsmaker:
        @composes(kind)
        def compose(rows: Session, delivery: Delivery) -> Post | None:
            if delivery.webhook_id is None:
                _spread(rows, delivery)
                return None
            webhook = rows.get(Webhook, delivery.webhook_id)
            news = newsmaker(rows, delivery) if webhook else None
            return _post(webhook, delivery, news) if webhook and news else None

        return newsmaker

    return register


@tells(TEST)
def trial(rows: Session, delivery: Delivery) -> News:
    return formats.of_test()


@sends(CHANNEL)
def send(message: Post) -> None:
    inside = current_app.config["INTERVISE_ENV"] != "production"
    posting.post(message.url, message.headers, message.body, inside=inside)


def make(rows: Session, team_id: int, url: str, format_: str) -> Webhook:
    """A new webhook; its secret is `secret(webhook)`, to be shown once. The caller commits."""
    webhook = Webhook(team_id=team_id, url=url, format=format_, salt=secrets.token_urlsafe(SALT_BYTES), last_error="")
    rows.add(webhook)
    rows.flush()
    return webhook


def remove(rows: Session, webhook: Webhook) -> None:
    """Take it out, with what still waits for it. The caller commits."""
    rows.execute(delete(Delivery).where(Delivery.webhook_id == webhook.id))
    rows.delete(webhook)


def secret(webhook: Webhook) -> str:
    """What its messages are signed with, in the standard's writing. It is in no table: the server's key makes it."""
    return "whsec_" + base64.b64encode(_key(webhook.salt)).decode()


def signature(key: bytes, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of the header `webhook-signature`."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _key(salt: str) -> bytes:
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), f"webhook {salt}".encode(), hashlib.sha256)


def _spread(rows: Session, delivery: Delivery) -> None:
    ours = select(Webhook.id).where(Webhook.team_id == delivery.team_id)
    for webhook_id in rows.scalars(ours):
        put(
            rows,
            channel=CHANNEL,
            kind=delivery.kind,
            team_id=delivery.team_id,
            intervision_id=delivery.intervision_id,
            item_id=delivery.item_id,
            number=delivery.number,
            webhook_id=webhook_id,
        )


def _post(webhook: Webhook, delivery: Delivery, news: News) -> Post:
    moment = now()
    body = _json(formats.FORMATS[webhook.format](news, moment))
    message_id, timestamp = f"intervise_{delivery.id}", int(moment.timestamp())
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Intervise",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(_key(webhook.salt), message_id, timestamp, body),
    }
    return Post(webhook.url, headers, body)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
