"""The outbox on a database: sent once, tried again, given up, and never lost; to a real server that misbehaves."""

import base64
import hashlib
import hmac
import json
import socket
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.deliveries import Delivery, posting, put, webhooks, worker
from app.deliveries.models import Webhook
from app.deliveries.outbox import composers, rung, senders
from app.deliveries.webhooks import CHANNEL, TEST
from app.extensions import db
from app.privacy import retention
from app.times import at, now
from tests.deliveries.receiver import Handler, Receiver


@pytest.fixture
def webhook(north: int, other_side: Receiver) -> Webhook:
    made = webhooks.make(db.session, north, other_side.url, "json")
    db.session.commit()
    return made


def put_test(webhook: Webhook, due_at: datetime | None = None) -> int:
    delivery = put(
        db.session, channel=CHANNEL, kind=TEST, team_id=webhook.team_id, webhook_id=webhook.id, due_at=due_at
    )
    db.session.commit()
    return delivery.id


def waiting() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def test_what_is_due_is_sent_once_signed_and_gone(webhook: Webhook, other_side: Receiver) -> None:
    put_test(webhook)
    assert worker.deliver_due() == (1, 0)
    assert worker.deliver_due() == (0, 0)
    (got,) = other_side.received
    assert waiting() == []
    assert got.path == "/hook?key=1"
    key = base64.b64decode(webhooks.secret(webhook).removeprefix("whsec_"))
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert got.headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(got.headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert json.loads(got.body)["type"] == "test"
    assert (webhook.last_at is not None, webhook.last_error) == (True, "")


def test_the_secret_is_in_no_table_and_another_one_for_each_webhook(webhook: Webhook) -> None:
    other = webhooks.make(db.session, webhook.team_id, webhook.url, "json")
    secret = webhooks.secret(webhook)
    assert secret != webhooks.secret(other)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert all(secret not in str(value) for value in vars(webhook).values())


def test_what_is_not_due_yet_waits(webhook: Webhook, other_side: Receiver) -> None:
    put_test(webhook, due_at=now() + timedelta(hours=1))
    assert worker.deliver_due() == (0, 0)
    assert 3500 < worker.seconds_to_next() <= 3600
    with at(now() + timedelta(hours=2)):
        assert worker.deliver_due() == (1, 0)
    assert worker.seconds_to_next() == float("inf")
    assert len(other_side.received) == 1


def test_a_failure_is_tried_again_later_under_the_same_id(webhook: Webhook, other_side: Receiver) -> None:
    other_side.answers = lambda handler: handler.say(500)
    put_test(webhook)
    assert worker.deliver_due() == (0, 1)
    assert worker.deliver_due() == (0, 0)
    (kept,) = waiting()
    assert (kept.tries, kept.error) == (1, "status:500")
    assert timedelta(seconds=50) < kept.next_try_at - now() <= timedelta(minutes=1)
    assert webhook.last_error == "status:500"
    other_side.answers = lambda handler: handler.say(200)
    with at(now() + timedelta(minutes=2)):
        assert worker.deliver_due() == (1, 0)
    assert len({got.headers["webhook-id"] for got in other_side.received}) == 1
    assert [got.headers["webhook-timestamp"] for got in other_side.received] == sorted(
        got.headers["webhook-timestamp"] for got in other_side.received
    )
    assert waiting() == []
    db.session.refresh(webhook)
    assert webhook.last_error == ""


def test_after_three_days_it_is_given_up_and_said(webhook: Webhook, other_side: Receiver) -> None:
    other_side.answers = lambda handler: handler.say(404)
    put_test(webhook)
    moment, tries = now(), 0
    while worker.seconds_to_next() != float("inf"):
        moment = max(moment, waiting()[0].next_try_at)
        with at(moment):
            tries += sum(worker.deliver_due())
    assert tries == len(other_side.received) > 10
    assert timedelta(days=3) <= moment - now() < timedelta(days=3, hours=6)
    (given_up,) = worker.given_up(webhook.team_id)
    assert given_up.error == "status:404"
    with at(moment + timedelta(days=31)):
        retention.purge()
    assert waiting() == []


@pytest.mark.parametrize(
    ("behaves", "reason"),
    [
        (lambda handler: handler.say(302, Location="http://localhost:1/elsewhere"), "redirect"),
        (lambda handler: handler.say(307, Location="/again"), "redirect"),
        (lambda handler: handler.say(410), "status:410"),
        (Handler.hang, "timeout"),
        (Handler.drip, "timeout"),
        (lambda handler: handler.connection.close(), "unreachable"),
        (lambda handler: handler.wfile.write(b"no http at all\r\n\r\n"), "unreachable"),
    ],
)
def test_one_that_misbehaves_is_left_soon_and_never_followed(
    behaves: object, reason: str, webhook: Webhook, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "TOTAL_S", 0.5)
    other_side.answers = behaves  # type: ignore[assignment]
    put_test(webhook)
    began = time.monotonic()
    assert worker.deliver_due() == (0, 1)
    assert time.monotonic() - began < 8, "it hung"
    assert waiting()[0].error == reason
    assert len(other_side.received) == 1


def test_nobody_there_and_no_name(webhook: Webhook, other_side: Receiver) -> None:
    free = Receiver(port=1)
    for url, reason in ((free.url, "unreachable"), ("https://nowhere.invalid/", "no_host")):
        webhook.url = url
        put_test(webhook)
        worker.deliver_due()
        assert waiting()[-1].error == reason
    assert other_side.received == []


def test_in_production_nothing_reaches_this_machine(
    app: Flask, webhook: Webhook, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "INTERVISE_ENV", "production")
    put_test(webhook)
    worker.deliver_due()
    assert waiting()[0].error == "private"
    assert other_side.received == []


def test_the_connection_goes_to_the_address_that_was_checked(
    app: Flask, webhook: Webhook, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads elsewhere the second time it is asked: it is asked once."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, *args: Any, **more: Any) -> Any:
        if host != "rebinding.example":
            return real(host, *args, **more)
        asked.append(host)
        return [(2, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    webhook.url = other_side.url.replace("localhost", "rebinding.example")
    put_test(webhook)
    assert worker.deliver_due() == (1, 0)
    assert asked == ["rebinding.example"]
    assert other_side.received[0].headers["host"] == f"rebinding.example:{other_side.port}"


def test_a_worker_that_dies_loses_nothing(webhook: Webhook, other_side: Receiver) -> None:
    put_test(webhook)
    assert worker._take() is not None  # and then nothing: it died
    assert worker.deliver_due() == (0, 0)
    with at(now() + worker.TAKEN_FOR):
        assert worker.deliver_due() == (1, 0)


def test_a_late_answer_changes_nothing_that_is_somebody_elses_by_now(webhook: Webhook, other_side: Receiver) -> None:
    put_test(webhook)
    slow = worker._take()
    assert slow
    with at(now() + worker.TAKEN_FOR):
        worker._take()
    worker._settle(*slow, "timeout")
    db.session.commit()
    (kept,) = waiting()
    assert (kept.tries, kept.error) == (2, "")


def test_a_team_without_webhooks_hears_nothing_and_one_with_three_each_once(
    mia: Account, north: int, other_side: Receiver
) -> None:
    for _ in range(2):
        put(db.session, channel=CHANNEL, kind=TEST, team_id=north)
        db.session.commit()
        worker.deliver_due()
        assert waiting() == []
        assert len(other_side.received) in (0, 3)
        for format_ in ("json", "slack", "teams"):
            webhooks.make(db.session, north, other_side.url, format_)
        db.session.commit()
    assert len({got.headers["webhook-id"] for got in other_side.received}) == 3


def test_with_a_webhook_goes_what_waits_for_it(webhook: Webhook, other_side: Receiver) -> None:
    put_test(webhook)
    webhooks.remove(db.session, webhook)
    db.session.commit()
    assert waiting() == []


@pytest.fixture
def kind() -> Iterator[str]:
    yield "of_a_test"
    composers.pop("of_a_test", None)
    senders.pop("of_a_test", None)


def test_a_composer_that_breaks_is_tried_again(app: Flask, kind: str) -> None:
    composers[kind] = lambda _rows, delivery: 1 / (delivery.tries - 1)
    senders[kind] = lambda message: None
    put(db.session, channel=kind, kind=kind)
    db.session.commit()
    assert worker.deliver_due() == (0, 1)
    assert waiting()[0].error == "ours"
    with at(now() + timedelta(minutes=2)):
        assert worker.deliver_due() == (1, 0)


def test_no_transaction_is_open_while_something_is_sent(app: Flask, kind: str) -> None:
    open_while_sending: list[bool] = []
    composers[kind] = lambda _rows, delivery: delivery.id
    senders[kind] = lambda _message: open_while_sending.append(db.session.in_transaction())
    put(db.session, channel=kind, kind=kind)
    db.session.commit()
    worker.deliver_due()
    assert open_while_sending == [False]


def test_the_worker_is_woken_by_the_commit_and_not_before(app: Flask, kind: str) -> None:
    rung.clear()
    put(db.session, channel=kind, kind=kind, due_at=now() + timedelta(days=1))
    db.session.flush()
    assert not rung.is_set()
    db.session.commit()
    assert rung.is_set()
