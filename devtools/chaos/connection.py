"""A connection of a client that is no browser, made to behave as a browser's does."""

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import engineio
import socketio

CONNECT_S = 5.0
WEBSOCKET = {"suppress_origin": True, "skip_utf8_validation": True}


class InOrder(engineio.Client):
    """The library hears every message in a thread of its own, so that they overtake each other. A browser does not."""

    def _trigger_event(self, event: str, *args: Any, **how: Any) -> Any:
        return super()._trigger_event(event, *args, **how | {"run_async": False})


class Socket(socketio.Client):
    """The library's client, with its messages in order."""

    def _engineio_client_class(self) -> type[engineio.Client]:
        return InOrder

    def _handle_disconnect(self, namespace: str) -> None:
        """When the server takes its leave, the library waits for the thread that hears it: not in that one itself."""
        threading.Thread(target=super()._handle_disconnect, args=(namespace,), daemon=True).start()


def new_socket() -> Socket:
    """One that does not come back by itself: when and how often is the client's to decide."""
    return Socket(reconnection=False, handle_sigint=False, request_timeout=CONNECT_S, websocket_extra_options=WEBSOCKET)


@dataclass(eq=False)
class Life:
    """One connection from its beginning to its end."""

    socket: Socket = field(default_factory=new_socket)
    broken: threading.Event = field(default_factory=threading.Event)
    early: list[tuple[str, dict[str, Any]]] | None = field(default_factory=list)
    """What came before the server's welcome; None: it has come."""

    def end(self) -> None:
        """At once, without a word to the other side."""
        self.broken.set()
        with suppress(Exception):
            self.socket.eio.ws.shutdown()
        with suppress(Exception):
            self.socket.eio.queue.put(None)
