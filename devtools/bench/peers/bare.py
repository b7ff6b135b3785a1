"""The bare peer in Python: Flask-SocketIO and SQLite. It stores a row, answers, and sends the row to the room: no
rules, no roles, no journal. Settings: PORT, DATABASE (a file), SYNCHRONOUS (SQLite's), ASYNC_MODE.

As it comes: the app's libraries with their own defaults, rows by the ORM. With LEAN=1 the settings that matter are
made: orjson, handlers in order, plain SQL, TCP_NODELAY, a calm garbage collector.
"""

# ruff: noqa: E402 - eventlet comes first
import os
import sys
import warnings

MODE = os.environ["ASYNC_MODE"]
if MODE == "eventlet":
    warnings.filterwarnings("ignore")
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet

    eventlet.monkey_patch()

import gc
import logging
import signal
import socket
import sqlite3
import time
from typing import Any

import orjson
from flask import Flask, request
from flask_socketio import SocketIO, join_room
from sqlalchemy import create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

LEAN = os.environ.get("LEAN") == "1"
PORT = int(os.environ["PORT"])


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    room: Mapped[str]
    name: Mapped[str]
    text: Mapped[str]


class Json:
    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return orjson.dumps(value).decode()

    @staticmethod
    def loads(text: str | bytes, **_options: Any) -> Any:
        return orjson.loads(text)


app = Flask(__name__)
engine = create_engine(f"sqlite:///{os.environ['DATABASE']}")
lean: dict[str, Any] = {"json": Json, "async_handlers": False, "transports": ["websocket"]} if LEAN else {}
socketio = SocketIO(app, async_mode=MODE, max_http_buffer_size=64 * 1024, **lean)


def durable(connection: Any, _record: object = None) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(f"PRAGMA synchronous = {os.environ['SYNCHRONOUS']}")


event.listen(engine, "connect", durable)
Base.metadata.create_all(engine)
plain = sqlite3.connect(os.environ["DATABASE"], isolation_level=None, check_same_thread=False)
durable(plain)


@socketio.on("connect")
def on_connect() -> None:
    join_room(request.args["room"])
    socketio.emit("snapshot", {"version": 0, "now": millis(), "items": {}}, to=request.sid)  # type: ignore[attr-defined]


@socketio.on("command")
def on_command(packet: dict[str, Any]) -> dict[str, Any]:
    room, name, text = request.args["room"], packet["name"], packet["data"]["text"]
    number = store_plainly(room, name, text) if LEAN else store(room, name, text)
    item = {"id": str(number), "kind": name, "parent": None, "place": number, "text": text, "data": {}}
    socketio.emit("patch", {"version": number, "now": millis(), "items": {str(number): item}}, to=room)
    return {"ok": True, "version": number, "item": str(number)}


def store(room: str, name: str, text: str) -> int:
    with Session(engine) as session:
        row = Row(room=room, name=name, text=text)
        session.add(row)
        session.commit()
        return row.id


def store_plainly(room: str, name: str, text: str) -> int:
    done = plain.execute("INSERT INTO rows (room, name, text) VALUES (?, ?, ?)", (room, name, text))
    return done.lastrowid or 0


def millis() -> int:
    return round(time.time() * 1000)


def serve() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    print("ready", flush=True)
    if MODE == "eventlet" and LEAN:
        listener = eventlet.listen(("127.0.0.1", PORT), backlog=1024)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        gc.collect()
        gc.freeze()
        gc.set_threshold(5_000, 20, 1_000_000)
        eventlet.wsgi.server(listener, app, max_size=10_000, log_output=False, debug=False)
    elif MODE == "eventlet":
        socketio.run(app, port=PORT, max_size=10_000)  # its own limit leaves connection 1,025 hanging
    else:
        socketio.run(app, port=PORT, allow_unsafe_werkzeug=True)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve()
