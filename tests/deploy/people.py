"""People whose state comes in one line, whether as a difference or whole; through the site, or past it."""

import queue
import uuid
from typing import Any
from urllib.parse import urlsplit

import socketio

PATIENCE_S = 15


class Person:
    """`site`: how a browser would call what is at `url`, if that is only the way there."""

    def __init__(self, url: str, code: str, cookie: str, site: str = "") -> None:
        self.states: queue.Queue[dict[str, Any]] = queue.Queue()
        self.presence: queue.Queue[dict[str, Any]] = queue.Queue()
        self.ends: queue.Queue[tuple[str, dict[str, Any]]] = queue.Queue()
        site = site or url
        options = {"suppress_origin": True, "host": urlsplit(site).netloc}
        self.socket = socketio.Client(reconnection=False, websocket_extra_options=options)
        self.socket.on("snapshot", self.states.put)
        self.socket.on("patch", self.states.put)
        self.socket.on("presence", self.presence.put)
        self.socket.on("pulse", lambda pulse: self.ends.put(("pulse", pulse)))
        self.socket.on("goodbye", lambda goodbye: self.ends.put(("goodbye", goodbye)))
        self.socket.connect(
            f"{url}?room={code}",
            headers={"Cookie": cookie, "Origin": site},
            transports=["websocket"],
            wait_timeout=PATIENCE_S,
        )
        self.seat: str = self.next_state()["me"]["seat"]

    def next_state(self) -> dict[str, Any]:
        return self.states.get(timeout=PATIENCE_S)

    def hears_of(self, text: str) -> None:
        """Wait until something with this text is shown."""
        while not any(item and item["text"] == text for item in self.next_state().get("items", {}).values()):
            pass

    def sees_online(self, seats: set[str]) -> None:
        """Wait until just these are shown as online."""
        while set(self.presence.get(timeout=PATIENCE_S)["online"]) != seats:
            pass

    def next_end(self) -> tuple[str, dict[str, Any]]:
        """The next pulse or goodbye."""
        return self.ends.get(timeout=PATIENCE_S)

    def command(self, act: str, base: str | None = None, **data: Any) -> Any:
        return self.socket.call(
            "command", {"id": str(uuid.uuid4()), "name": act, "base": base, "data": data}, timeout=PATIENCE_S
        )

    def leave(self) -> None:
        self.socket.disconnect()
