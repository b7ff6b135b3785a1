"""One session in several processes: what the others tell reaches the sockets here, and what happens here the others.

Best effort, for speed alone: the pulse reads the database and heals what was not heard.
"""

import logging
from collections.abc import Callable

from flask import Flask

from app.accounts.auth import shut_out
from app.extensions import socketio
from app.sessions import farewell, presence, telling
from app.sessions.commands import Change, changed
from app.sessions.commands.kept import kept
from app.sessions.crossing import Crossing, News

log = logging.getLogger(__name__)

REFRESH_S = 5
"""So often each process says who is here, so that one that has died is found out."""


def start(app: Flask) -> None:
    """Begin to tell and to hear, where REDIS_URL names a place for it. Only for a process that serves."""
    if not app.config["REDIS_URL"]:
        return
    crossing = Crossing(app, hear)

    def on_change(change: Change) -> None:
        crossing.tell_changed(change.it.id)

    def on_presence(intervision_id: int) -> None:
        crossing.tell_here(intervision_id, *presence.here(intervision_id))

    def on_shut_out(_sender: object) -> None:
        crossing.tell_fallen()

    changed.connect(on_change, weak=False)
    presence.told.connect(on_presence, weak=False)
    shut_out.connect(on_shut_out, weak=False)
    crossing.start()
    socketio.start_background_task(_refresh, app, on_presence)


def hear(news: News) -> None:
    """What another process tells."""
    if news.fallen:
        farewell.cut_the_fallen()
    for intervision_id in news.changed:
        kept().drop(intervision_id)  # whether or not anybody of it is here
        if presence.of(intervision_id):
            telling.tell_anew(intervision_id)
    for intervision_id, (online, typing) in news.here.items():
        is_news = presence.hear(news.by, intervision_id, online, typing)
        if is_news and presence.of(intervision_id):
            telling.tell_presence(intervision_id)


def _refresh(app: Flask, on_presence: Callable[[int], None]) -> None:
    while True:
        socketio.sleep(REFRESH_S)
        try:
            with app.app_context():
                for intervision_id in {connection.intervision_id for connection in list(presence.connections.values())}:
                    on_presence(intervision_id)
                for intervision_id in presence.forget_silent_processes():
                    telling.tell_presence(intervision_id)
        except Exception:
            log.exception("who is here could not be told")
