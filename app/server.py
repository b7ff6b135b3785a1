"""Serves the app with the server of the chosen async mode, on a socket that is made here for both."""

import errno
import gc
import os
import socket
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from flask import Flask
from werkzeug.wrappers import Response

from app.alone import NotAlone, be_alone
from app.aside import aside
from app.deliveries import worker
from app.durable import share_flushes
from app.extensions import db, socketio
from app.operations import logs
from app.operations.backup import Failed
from app.operations.shutdown import end_cleanly
from app.operations.upgrade import upgrade
from app.privacy.retention import purge_daily
from app.sessions import across
from app.startup import first_lines

CONNECTIONS_MAX = 10_000  # eventlet's own limit of 1,024 leaves the next connection hanging without a word
SOCKET_TIMEOUT_S = 60  # longer than Socket.IO's ping interval and timeout together; cuts off who stopped reading

NOT_BEGUN = "In production Intervise is served by “python wsgi.py” alone, and this is another server.\n"
HELD_BACK = "intervise.held_back"


def hold_back(app: Flask) -> None:
    """In production, let the app answer everybody with one sentence until it has begun.

    What another server makes of it (gunicorn, `flask run`) would run without the lock on its SQLite file, with tables
    of yesterday, and deaf to its other processes.
    """
    if app.config["INTERVISE_ENV"] == "production":
        app.extensions[HELD_BACK] = app.wsgi_app
        app.wsgi_app = _refuse  # type: ignore[method-assign]


def _refuse(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    headers = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
    return Response(NOT_BEGUN, 503, headers, content_type="text/plain; charset=utf-8")(environ, start_response)


def begin(app: Flask) -> None:
    """Let the app answer. `serve` does this last of all."""
    app.wsgi_app = app.extensions.pop(HELD_BACK, app.wsgi_app)  # type: ignore[method-assign]


def serve(app: Flask) -> None:
    """Bring the tables up to date, listen, print the first lines, and serve until SIGTERM or Ctrl-C."""
    logs.start(app)
    with app.app_context():
        try:
            be_alone(db.engine)
            for sentence in upgrade(app, db.engine):
                print(sentence, flush=True)
        except (Failed, NotAlone) as failed:
            sys.exit(str(failed))
    try:
        listener = listen(app.config["HOST"], app.config["PORT"])
    except OSError as error:
        sys.exit(f"Port {app.config['PORT']} cannot be used ({error.strerror}); choose another one with --port.")
    host, port = listener.getsockname()[:2]
    app.config["PUBLIC_URL"] = app.config["PUBLIC_URL"] or f"http://{reachable(host)}:{port}"
    with app.app_context():
        share_flushes(db.engine, aside)
        across.start(app)
        end_cleanly(db.engine)
        print(*first_lines(app), sep="\n", flush=True)
    allow_many_files()
    calm_the_collector()
    purge_daily(app)
    worker.start(app)
    begin(app)
    run(app, listener)


def listen(host: str, port: int) -> socket.socket:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Connections inherit it. Without it small packets wait for each other: acks take 44 ms, with it 5.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    listener.bind(address)
    listener.listen(1024)
    return listener


class Patient:
    """A listener whose accept never fails: eventlet's server would end at the first connection that is reset while it
    is accepted, and at the first one beyond the system's limit of open files.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener

    def accept(self) -> tuple[socket.socket, Any]:
        while True:
            try:
                return self.listener.accept()
            except OSError as error:
                if error.errno in (errno.EBADF, errno.EINVAL, errno.ENOTSOCK):
                    raise  # the listener itself is closed
                socketio.sleep(0.05)  # out of files, say: some are given back before long

    def __getattr__(self, name: str) -> Any:
        return getattr(self.listener, name)


def allow_many_files() -> None:
    """Every connection is an open file, and many systems allow 1,024 unless asked for more."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * CONNECTIONS_MAX if hard == resource.RLIM_INFINITY else min(hard, 2 * CONNECTIONS_MAX)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, wanted), hard))


def run(app: Flask, listener: socket.socket) -> None:
    if app.config["ASYNC_MODE"] == "eventlet":
        import eventlet.wsgi

        # The threads of the system that work aside get their turn within this time; Python's own 5 ms would be added to
        # every flush, twice.
        sys.setswitchinterval(0.0005)

        class Silent(eventlet.wsgi.HttpProtocol):
            def log_message(self, *_: object) -> None:
                """Of what is no request, too, nothing is said: the line would hold the client's address and words."""

        eventlet.wsgi.server(
            Patient(listener),
            app,
            protocol=Silent,
            max_size=CONNECTIONS_MAX,
            socket_timeout=SOCKET_TIMEOUT_S,
            log_output=False,
            debug=False,
        )
    else:
        from werkzeug.serving import WSGIRequestHandler, make_server

        class Quiet(WSGIRequestHandler):
            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Says nothing: addresses of pages hold people's links."""

            def log(self, type: str, message: str, *args: object) -> None:
                """Nor of what is no request: the line would hold the client's address and its words."""

        host, port = listener.getsockname()[:2]
        make_server(host, port, app, threaded=True, request_handler=Quiet, fd=listener.fileno()).serve_forever()


def reachable(host: str) -> str:
    """A host that a browser on this machine, or for 0.0.0.0 one in its network, can open."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 — compared, not bound
        return f"[{host}]" if ":" in host else host
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing; the system says from which address it would
        return str(probe.getsockname()[0])
    return "127.0.0.1"


def calm_the_collector() -> None:
    """A full pass over thousands of connections stops everyone for 100 ms: make it rare, and pick its moment."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 1_000_000)

    def collect_when_quiet() -> None:
        rounds_waited = 0
        while True:
            socketio.sleep(60)
            rounds_waited += 1
            if not socketio.server.eio.sockets or rounds_waited >= 30:
                gc.collect()
                rounds_waited = 0

    socketio.start_background_task(collect_when_quiet)
