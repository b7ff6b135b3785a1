"""The log: in production one line of JSON each, on stderr. What happened and where; never what people wrote.

An exception is told by its type and the places it came through. Its own words are left out, because they often hold
the value that was wrong. Sessions and seats are named by a keyed hash: lines about the same one can be put together,
and nobody can be found by them without the secret key.
"""

import hashlib
import logging
import sys
import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import orjson
from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from app.operations.front import REQUEST_ID
from app.sessions.presence import connections

ROOT = Path(__file__).parents[2]
MESSAGE_MAX = 500
OUR_LOGGERS = ("app", "py")  # "py.warnings" are about code
requests = logging.getLogger("app.requests")
Fields = dict[str, Any]


def start(app: Flask) -> None:
    """From now on everything that is logged in this process goes to stderr, once, in the form for this environment."""
    handler = logging.StreamHandler()
    handler.setFormatter(Text() if app.config["INTERVISE_ENV"] == "development" else Json())
    for name in list(logging.root.manager.loggerDict):
        logger = logging.getLogger(name)
        logger.handlers.clear()  # some libraries bring a handler of their own, which would print people's words
        logger.propagate = True
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(logging.WARNING)
    if app.config["INTERVISE_ENV"] != "development":
        logging.getLogger("app").setLevel(logging.INFO)
    for name in ("engineio.server", "socketio.server"):
        # Beside failures they log what clients did wrong, in the clients' own words.
        logging.getLogger(name).addFilter(lambda record: bool(record.exc_info))
    logging.captureWarnings(True)
    _catch_what_nobody_catches()


def init_logs(app: Flask) -> None:
    """Log each request by its route, which holds no link; and a failed one likewise."""
    app.before_request(_note_the_time)
    app.after_request(_log_request)
    app.log_exception = _log_exception  # type: ignore[method-assign, assignment]


class Json(logging.Formatter):
    """One line of JSON; whatever is no plain character in it is written out as its code."""

    def format(self, record: logging.LogRecord) -> str:
        fields: Fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": plain(_words(record)),
            **about_the_request(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            fields["error"] = story(record.exc_info[1])
        return orjson.dumps(fields, default=lambda value: type(value).__name__).decode()


def _words(record: logging.LogRecord) -> str:
    """Of our own modules, which name no values; of a library its sentence without what it would fill in."""
    return record.getMessage() if record.name.partition(".")[0] in OUR_LOGGERS else str(record.msg)


class Text(logging.Formatter):
    """For the eyes of somebody who develops, with the whole traceback."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={plain(str(value))}" for name, value in getattr(record, "fields", {}).items())
        line = f"{record.levelname.lower()}: {plain(record.getMessage())} {fields}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def plain(text: str) -> str:
    """Text that stays on its line and steers no terminal, and not too much of it."""
    cut = text if len(text) <= MESSAGE_MAX else text[:MESSAGE_MAX] + "…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)


def about_the_request() -> Fields:
    """The number of the request, and which session and seat it is about, as far as that is known."""
    if not has_request_context():
        return {}
    connection = connections.get(getattr(request, "sid", ""))
    code = (request.view_args or {}).get("code") or request.args.get("room")
    seat = connection.seat_id if connection else g.get("seat_id")
    named = {"session": hashed(str(code).upper()) if code else None, "seat": hashed(seat) if seat else None}
    return {"request": request.environ.get(REQUEST_ID)} | {name: value for name, value in named.items() if value}


def hashed(name: str) -> str:
    """The same twelve characters for the same name, as long as the secret key stays."""
    key = hashlib.sha256(str(current_app.config["SECRET_KEY"]).encode()).digest()
    return hashlib.blake2b(name.encode("utf-8", "replace"), key=key, digest_size=6, person=b"log").hexdigest()


def story(error: BaseException) -> list[Fields]:
    """An exception and what it came from, the outermost first: types and places, without values."""
    told: list[Fields] = []
    cause: BaseException | None = error
    while cause is not None and len(told) < 5:
        kind = type(cause)
        part: Fields = {"type": f"{kind.__module__}.{kind.__qualname__}", "where": _places(cause.__traceback__)}
        if why := _why(cause):
            part["why"] = plain(why)
        told.append(part)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return told


def _places(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-20:]
    return [f"{frame.filename.removeprefix(f'{ROOT}/')}:{frame.lineno} {frame.name}" for frame in frames]


def _why(error: BaseException) -> str | None:
    """The words of an error, for the kinds that are known to put no value into them.

    PostgreSQL tells the values of a row that it refuses in the lines after the first one (DETAIL), so only that is
    taken; for wrong data it tells them in the first one already.
    """
    if isinstance(error, (IntegrityError, OperationalError)):
        return str(error.orig).partition("\n")[0]
    if isinstance(error, DBAPIError):
        return f"SQLSTATE {getattr(error.orig, 'pgcode', None)}"
    if isinstance(error, OSError):
        return error.strerror
    return None


def _note_the_time() -> None:
    g.began = time.perf_counter()


def _log_request(response: Any) -> Any:
    if request.endpoint != "static" and requests.isEnabledFor(logging.INFO):
        fields = {
            "method": request.method if request.method in ("GET", "HEAD", "POST") else "other",
            "route": _route(),
            "status": response.status_code,
            "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000),
        }
        requests.info("answered", extra={"fields": fields})
    return response


def _log_exception(error: Any) -> None:
    current_app.logger.error("a page failed", exc_info=error, extra={"fields": {"route": _route()}})


def _route() -> str | None:
    """The rule, such as /join/<token>: the path itself may be somebody's link."""
    return request.url_rule.rule if request.url_rule else None


def _catch_what_nobody_catches() -> None:
    """What ends a thread, a greenlet or the process goes the same way as everything else."""

    def tell(kind: Any, error: Any, trace: Any) -> None:
        logging.getLogger("app").critical("an error that nobody caught", exc_info=(kind, error, trace))

    sys.excepthook = tell
    sys.unraisablehook = lambda it: tell(it.exc_type, it.exc_value, it.exc_traceback)
    threading.excepthook = lambda it: tell(it.exc_type, it.exc_value, it.exc_traceback)
    if "eventlet" in sys.modules:
        from eventlet.hubs import get_hub

        # It prints tracebacks itself; in the places where it would, it hands them over.
        hub = get_hub()

        def tell_and_drop(fileno: int, exc_info: Any) -> None:
            tell(*exc_info)
            hub.remove_descriptor(fileno)

        hub.squelch_exception = tell_and_drop
        hub.squelch_generic_exception = lambda exc_info: tell(*exc_info)
        hub.squelch_timer_exception = lambda _timer, exc_info: tell(*exc_info)
