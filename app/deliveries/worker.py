"""Sends what is due: in the running server by itself, or by `flask deliver`.

A delivery is taken by one UPDATE that moves its next try ahead; of several workers one finds it due. If that one dies,
the next try is when its time is over: after a crash a message may come twice, under the same id, and is not lost.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.database import begin_write
from app.deliveries.models import Delivery, Webhook
from app.deliveries.outbox import NotSent, composers, rung, senders
from app.extensions import db, socketio
from app.operations import work
from app.times import now

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
TRIED_FOR = timedelta(days=3)
TAKEN_FOR = timedelta(minutes=10)
"""So long a worker has a delivery to itself; each try is bounded well below that."""
KEPT_AFTER_FAILING = timedelta(days=30)
LOOK_EVERY_S = 60.0
"""What another process has put in, is found at the next look; what this one has, at once."""


def pause_after(tries: int) -> timedelta | None:
    """How long to wait after so many tries, from a minute doubling to six hours; None: given up, after three days."""
    waited = sum((_pause(number) for number in range(1, tries)), timedelta())
    return _pause(tries) if waited < TRIED_FOR else None


def _pause(number: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(number - 1, 20), LONGEST_PAUSE)


def start(app: Flask) -> None:
    """Let the running server send, for as long as it runs."""
    socketio.start_background_task(_run, app)


def _run(app: Flask) -> None:
    while not work.is_ending():
        wait = LOOK_EVERY_S
        rung.clear()
        try:
            with app.app_context():
                deliver_due()
                wait = min(wait, seconds_to_next())
        except Exception:
            log.exception("the outbox could not be looked into; it is tried again")
        rung.wait(max(0.0, wait))


def deliver_due() -> tuple[int, int]:
    """Try all that is due; how many came through, and how many did not. Needs an app context."""
    results = []
    while seconds_to_next() <= 0 and not work.is_ending():
        socketio.sleep(0)  # the rooms that are live come first
        with work.under_way():
            taken = _take()
            if taken is not None:
                results.append(_try(*taken))
    return results.count(True), results.count(False)


def have(delivery: Delivery) -> None:
    """Have to oneself what was put in just now, before any other worker finds it due. The caller commits."""
    delivery.tries, delivery.next_try_at = 1, now() + TAKEN_FOR


def deliver_one(delivery_id: int) -> bool:
    """Try now what one has to oneself by `have`; whether it came through."""
    with work.under_way():
        return _try(delivery_id, 1)


def seconds_to_next() -> float:
    """Until the next try of any; infinity if none waits."""
    found = db.session.scalar(select(func.min(Delivery.next_try_at)).where(Delivery.failed_at.is_(None)))
    db.session.rollback()
    return (found - now()).total_seconds() if found else float("inf")


def given_up(team_id: int) -> Sequence[Delivery]:
    """What concerned this team and was given up, the newest first."""
    query = select(Delivery).where(Delivery.team_id == team_id, Delivery.failed_at.is_not(None))
    return db.session.scalars(query.order_by(Delivery.failed_at.desc(), Delivery.id.desc())).all()


def forget_given_up(rows: Session) -> None:
    """What was given up long ago. The caller commits."""
    rows.execute(delete(Delivery).where(Delivery.failed_at < now() - KEPT_AFTER_FAILING))


def _take() -> tuple[int, int] | None:
    """The id and the number of the try of the delivery that is this worker's from now on; None: there was none left."""
    moment = now()
    waits = (Delivery.next_try_at <= moment, Delivery.failed_at.is_(None))
    longest = select(Delivery.id).where(*waits).order_by(Delivery.next_try_at, Delivery.id).limit(1).scalar_subquery()
    # Asked twice: PostgreSQL, which lets two choose the same one, looks again at the row when the first has taken it.
    taking = update(Delivery).where(Delivery.id == longest, *waits)
    begin_write(db.session)
    taken = db.session.execute(
        taking.values(tries=Delivery.tries + 1, next_try_at=moment + TAKEN_FOR).returning(Delivery.id, Delivery.tries),
        execution_options={"synchronize_session": False},
    ).one_or_none()
    db.session.commit()
    return (taken.id, taken.tries) if taken else None


def _try(delivery_id: int, tries: int) -> bool:
    """Compose and send it; whether it is settled."""
    base_url = current_app.config["PUBLIC_URL"] or None
    error = ""
    try:
        with current_app.test_request_context(base_url=base_url):
            _compose_and_send(delivery_id)
    except NotSent as failed:
        error = failed.reason
    except Exception:
        log.exception("a delivery failed")
        error = "ours"
    begin_write(db.session)
    _settle(delivery_id, tries, error)
    db.session.commit()
    return not error


def _compose_and_send(delivery_id: int) -> None:
    begin_write(db.session)
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None:
        return
    channel = delivery.channel
    message = composers[delivery.kind](db.session, delivery)
    if message is None:
        db.session.delete(delivery)
    db.session.commit()
    if message is not None:
        senders[channel](message)


def _settle(delivery_id: int, tries: int, error: str) -> None:
    """Sent: it is gone. Else it waits for its next try, or is given up. Somebody else's by now: nothing is changed."""
    delivery = db.session.get(Delivery, delivery_id)
    if delivery is None or delivery.tries != tries:
        return
    moment = now()
    _tell_webhook(delivery, moment, error)
    if not error:
        db.session.delete(delivery)
        return
    delivery.error = error
    pause = pause_after(tries)
    if pause is None:
        delivery.failed_at = moment
    else:
        delivery.next_try_at = moment + pause


def _tell_webhook(delivery: Delivery, moment: datetime, error: str) -> None:
    values: dict[str, Any] = {"last_at": moment, "last_error": error}
    db.session.execute(update(Webhook).where(Webhook.id == delivery.webhook_id).values(values))
