"""The extensions, made once and bound to an app by the factory."""

import inspect
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Flask, has_request_context, request
from flask.ctx import RequestContext
from flask.sessions import NullSession
from flask_babel import Babel
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_socketio import SocketIO
from flask_sqlalchemy_lite import SQLAlchemy
from flask_wtf.csrf import CSRFProtect

from app import gate
from app.database import tune

db = SQLAlchemy()
csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address)
babel = Babel()


PACKET = "intervise.packet"
"""Marks what stands for a request while a packet is handled."""


class Sockets(SocketIO):
    """Flask-SocketIO, with a leaner context for every packet after the first: without a route, and without the cookie.

    Whose packet it is was settled at the connection; the context is a quarter of what an event costs.
    """

    def _handle_event(self, handler: Any, message: str, namespace: str, sid: str, *args: Any) -> Any:
        environ = self.server.get_environ(sid, namespace=namespace)
        if message == "connect" or not environ:
            return super()._handle_event(handler, message, namespace, sid, *args)
        environ[PACKET] = True
        with RequestContext(environ["flask.app"], environ, session=NullSession()):
            request.sid = sid  # type: ignore[attr-defined]
            return handler(*args)


socketio = Sockets()

# The largest packet a browser may send: a contribution is a few kB, and a packet of a megabyte stalls everyone.
PACKET_BYTES_MAX = 64 * 1024


class Json:
    """orjson in the shape of the standard module, as python-socketio wants it."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


def init_database(app: Flask) -> None:
    db.init_app(app)
    # The library also ends async sessions, of which we have none: that would start a thread and an event loop
    # at the end of every request (0.6 ms), and eventlet goes with neither.
    app.teardown_appcontext_funcs[:] = [
        each for each in app.teardown_appcontext_funcs if not inspect.iscoroutinefunction(each)
    ]
    with app.app_context():
        tune(db.engine)


def init_live(app: Flask) -> None:
    """Bind Socket.IO. Modules with handlers (`@socketio.on`) must be imported before: they are taken along here."""

    def is_own(origin: str | None, environ: dict[str, Any]) -> bool:
        public_url = app.config["PUBLIC_URL"] if app.config["INTERVISE_ENV"] == "production" else ""
        return is_own_page(origin or "", environ.get("HTTP_HOST", ""), public_url)

    socketio.init_app(
        app,
        async_mode=app.config["ASYNC_MODE"],  # explicit: the automatic choice depends on what is installed
        async_handlers=False,  # True lets the packets of one person overtake each other
        transports=app.config["SOCKET_TRANSPORTS"],
        max_http_buffer_size=PACKET_BYTES_MAX,
        cors_allowed_origins=is_own,
        manage_session=False,
        json=Json,
        logger=False,
        engineio_logger=False,
    )
    gate.guard(socketio, PACKET_BYTES_MAX)
    route_of = app.create_url_adapter
    # For a packet there is nothing to look up, and looking costs as much as the rest of its context.
    app.create_url_adapter = (  # type: ignore[method-assign]
        lambda request: None if request and PACKET in request.environ else route_of(request)
    )
    app.wsgi_app = without_compression(app.wsgi_app)  # type: ignore[method-assign]


def is_own_page(origin: str, host: str, public_url: str) -> bool:
    """Did a page of ours open this connection: one of `public_url`, or without that, of the host that was asked?

    X-Forwarded-Host, which the library's own check believes, plays no part: anyone can send it.
    """
    if public_url:
        return origin == public_url
    return bool(host) and urlsplit(origin).netloc == host


def without_compression(wsgi_app: Any) -> Any:
    """Websocket compression costs 100 kB of memory a connection and a quarter of the processor: never agree to it."""

    def plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
        answer: Iterable[bytes] = wsgi_app(environ, start_response)
        return answer

    return plain


def best_locale() -> str:
    """The best of the languages that there are translations for, by the browser's Accept-Language; in a command, and in
    what the server does by itself, English.
    """
    if not has_request_context():
        return "en"
    languages = [str(locale) for locale in babel.list_translations()]
    return request.accept_languages.best_match(languages, default="en") or "en"
