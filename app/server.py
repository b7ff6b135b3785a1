"""Serves the app with the server of the chosen async mode, on a socket that is made here for both."""

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType

from flask import Flask
from sqlalchemy import Engine

from app.database import migrate
from app.extensions import db, socketio
from app.startup import first_lines

CONNECTIONS_MAX = 10_000  # eventlet's own limit of 1,024 leaves the next connection hanging without a word
SOCKET_TIMEOUT_S = 60  # longer than Socket.IO's ping interval and timeout together; cuts off who stopped reading


def serve(app: Flask) -> None:
    """Bring the tables up to date, listen, print the first lines, and serve until SIGTERM or Ctrl-C."""
    with app.app_context():
        if migrate(app, db.engine):
            print("The database has the newest tables.", flush=True)
    try:
        listener = listen(app.config["HOST"], app.config["PORT"])
    except OSError as error:
        sys.exit(f"Port {app.config['PORT']} cannot be used ({error.strerror}); choose another one with --port.")
    host, port = listener.getsockname()[:2]
    app.config["PUBLIC_URL"] = app.config["PUBLIC_URL"] or f"http://{reachable(host)}:{port}"
    with app.app_context():
        end_cleanly(db.engine)
        print(*first_lines(app), sep="\n", flush=True)
    calm_the_collector()
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


def run(app: Flask, listener: socket.socket) -> None:
    if app.config["ASYNC_MODE"] == "eventlet":
        import eventlet.wsgi

        eventlet.wsgi.server(
            listener, app, max_size=CONNECTIONS_MAX, socket_timeout=SOCKET_TIMEOUT_S, log_output=False, debug=False
        )
    else:
        from werkzeug.serving import WSGIRequestHandler, make_server

        class Quiet(WSGIRequestHandler):
            def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
                """Says nothing: addresses of pages hold people's links."""

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


def end_cleanly(engine: Engine) -> None:
    """End at once on SIGTERM and Ctrl-C: all that was acknowledged is committed, and browsers connect again."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        with suppress(Exception):
            engine.dispose()  # lets SQLite fold its journal into the file
        sys.stdout.flush()
        os._exit(0)  # eventlet's server would wait for every open connection

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)


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
