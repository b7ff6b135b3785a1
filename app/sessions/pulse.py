"""The pulse: every few seconds every browser hears which version of its session is the newest, from the database."""

import logging
import time
from itertools import cycle
from typing import Any

import orjson
from flask import current_app
from sqlalchemy import select

from app.extensions import db, socketio
from app.operations import metrics
from app.sessions import farewell, presence, view
from app.sessions.models import Intervision
from app.sessions.presence import connections
from app.times import now

log = logging.getLogger(__name__)

PULSE_S = 5
BEATS = 10
"""Parts of a pulse, one after the other: telling everybody at once would hold up whoever speaks at that moment."""

_started = False


def start() -> None:
    global _started
    if not _started:
        _started = True
        socketio.start_background_task(_pulse, current_app._get_current_object())  # type: ignore[attr-defined]


def _pulse(app: Any) -> None:
    """Every few seconds every browser hears which version is the newest: whoever missed something notices, and asks."""
    due, unbroken = time.monotonic(), 0
    for beat in cycle(range(BEATS)):
        due = max(due, time.monotonic() - PULSE_S) + PULSE_S / BEATS  # a beat that was late makes no other one late
        socketio.sleep(max(0.0, due - time.monotonic()))
        try:
            with app.app_context():
                pulse_once(beat)
            unbroken += 1
            if unbroken >= BEATS:  # all rooms have been told: one that cannot be shows in the age of the pulse
                metrics.pulsed()
        except Exception:
            unbroken = 0
            log.exception("no pulse this time")


def pulse_once(beat: int) -> None:
    """Tell the browsers in the rooms of this beat the version that the database has."""
    sockets = {sid: one for sid, one in list(connections.items()) if one.intervision_id % BEATS == beat}
    farewell.cut_fallen_of(sockets)
    in_rooms = {one.intervision_id for sid, one in sockets.items() if sid in connections}
    if not in_rooms:
        return
    query = select(Intervision.id, Intervision.version, Intervision.step).where(Intervision.id.in_(in_rooms))
    moment = view.millis(now())
    for intervision_id, version, step in db.session.execute(query).all():
        farewell.end_if_closed(intervision_id, step)
        presence.send("pulse", orjson.dumps({"version": version, "now": moment}), list(presence.of(intervision_id)))
