"""What crosses from one process to the others, by Redis: which sessions have changed, who is here, that somebody fell.

Words never cross, and nothing depends on it: whoever hears nothing learns it from the pulse, which reads the database.
Without REDIS_URL there is one process, and nobody to tell.
"""

import hashlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson
import redis
from flask import Flask

from app.extensions import socketio
from app.operations import metrics

log = logging.getLogger(__name__)

GATHER_S = 0.02
"""What happens within this time goes in one message."""

AWAY_S = 60
"""A Redis that fails again sooner has been away all the time."""

SILENCE_S = 5
TIMEOUT_S = 2
"""A Redis that does not answer holds up nobody but us here, and not for long."""


@dataclass
class News:
    """`changed`: ids of sessions; `here`: of a session, the seats that are online and those that type, in process
    `by`; `fallen`: somebody has signed out or lost their keys.
    """

    by: str = ""
    changed: set[int] = field(default_factory=set)
    here: dict[int, tuple[list[str], list[str]]] = field(default_factory=dict)
    fallen: bool = False

    def __bool__(self) -> bool:
        return bool(self.changed or self.here or self.fallen)

    def encode(self) -> bytes:
        here = [[session, *who] for session, who in self.here.items()]
        return orjson.dumps({"by": self.by, "changed": list(self.changed), "here": here, "fallen": self.fallen})

    @classmethod
    def decode(cls, message: bytes) -> "News":
        data = orjson.loads(message)
        here = {session: (online, typing) for session, online, typing in data["here"]}
        return cls(data["by"], set(data["changed"]), here, data["fallen"])


class Crossing:
    """`hear` is called with what another process tells, in an app context."""

    def __init__(self, app: Flask, hear: Callable[[News], None]) -> None:
        self.app = app
        self.hear = hear
        self.name = secrets.token_hex(8)
        self.redis = redis.from_url(app.config["REDIS_URL"], socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S)
        # One Redis may serve several installations, and its channels know nothing of its database numbers.
        self.channel = "intervise:" + hashlib.sha256(app.config["SECRET_KEY"].encode()).hexdigest()[:16]
        self.waiting = News(self.name)
        self.awake = threading.Event()

    def start(self) -> None:
        socketio.start_background_task(self._for_ever, self._speak)
        socketio.start_background_task(self._for_ever, self._listen)

    # --- From here --------------------------------------------------------------------------------------------------

    def tell_changed(self, session: int) -> None:
        self.waiting.changed.add(session)
        self.awake.set()

    def tell_here(self, session: int, online: Iterable[str], typing: Iterable[str]) -> None:
        self.waiting.here[session] = sorted(online), sorted(typing)
        self.awake.set()

    def tell_fallen(self) -> None:
        self.waiting.fallen = True
        self.awake.set()

    def _speak(self) -> None:
        while True:
            self.awake.wait()
            socketio.sleep(GATHER_S)
            self.awake.clear()
            news, self.waiting = self.waiting, News(self.name)
            if news:
                self.redis.publish(self.channel, news.encode())

    # --- To here ----------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        with self.redis.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(self.channel)
            while True:
                message = heard.get_message(timeout=SILENCE_S)
                if message:
                    self._take(message["data"])

    def _take(self, message: bytes) -> None:
        news = News.decode(message)
        if news.by != self.name:
            with self.app.app_context():
                self.hear(news)

    def _for_ever(self, work: Callable[[], Any]) -> None:
        """Redis may be away: one line in the log each time that it goes."""
        failed_at = float(-AWAY_S)
        while True:
            try:
                work()
            except redis.RedisError as error:
                metrics.crossing_failures.inc()
                if time.monotonic() - failed_at >= AWAY_S:
                    log.warning("Redis is away; other processes hear of changes by the pulse (%s)", error)
                failed_at = time.monotonic()
            except Exception:
                log.exception("what another process told could not be taken in")
            socketio.sleep(1)
