"""A process that hosts people of a trial: `python -m devtools.chaos.host FD`, where FD is its end of a pair of sockets.

`crowd.py` starts it and says what goes over the line. Everybody here is a few green threads: a thousand people would be
five thousand real ones, which wait for each other more than for the server.
"""

# ruff: noqa: E402 - eventlet comes first
import os
import warnings

os.environ["EVENTLET_NO_GREENDNS"] = "yes"
warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

import eventlet

eventlet.monkey_patch()

import socket
import sys
import time
from pathlib import Path
from typing import Any

import orjson

from devtools.chaos.client import Client, Who
from devtools.chaos.people import Act

NEWS_EVERY_S = 0.05
Standing = tuple[bool, str, int, bool]


class Host:
    def __init__(self, line: socket.socket) -> None:
        self.line = line
        self.clients: dict[str, Client] = {}
        self.told: dict[str, Standing] = {}

    def run(self) -> None:
        """Do what the trial says until it hangs up."""
        eventlet.spawn(self._tell_news)
        for line in self.line.makefile("rb"):
            eventlet.spawn(self._answer, orjson.loads(line))
        self.leave()

    def _answer(self, said: dict[str, Any]) -> None:
        """Whoever hears the answer has heard before what has come of it."""
        call, do = said.pop("call"), said.pop("do")
        answer = getattr(self, do)(**said)
        self._tell_changes()
        self._tell({"call": call, "answer": answer})

    def _tell_news(self) -> None:
        while True:
            time.sleep(NEWS_EVERY_S)
            self._tell_changes()

    def _tell_changes(self) -> None:
        now = {
            seat: (client.live, client.state.step, client.state.version, client.busy)
            for seat, client in self.clients.items()
        }
        news = {seat: standing for seat, standing in now.items() if self.told.get(seat) != standing}
        if news:
            self.told |= news
            self._tell({"news": news})

    def _tell(self, message: dict[str, Any]) -> None:
        self.line.sendall(orjson.dumps(message) + b"\n")

    # --- What the trial says ----------------------------------------------------------------------------------------

    def open(self, who: dict[str, Any], url: str, folder: str, how: dict[str, Any]) -> None:
        self.clients[who["seat"]] = Client(Who(**who), url, Path(folder), **how)

    def arrive(self, seat: str) -> None:
        self.clients[seat].arrive()

    def act(self, on: bool) -> None:
        for client in self.clients.values():
            client.act(on)

    def say(self, seat: str, act: dict[str, Any]) -> None:
        self.clients[seat].say(Act(**act))

    def move(self, seat: str, name: str, base: str | None, data: dict[str, Any]) -> dict[str, Any] | None:
        return self.clients[seat].move(name, base, **data)

    def leave(self) -> None:
        for client in self.clients.values():
            client.leaving.set()
        going = [eventlet.spawn(client.leave) for client in self.clients.values()]
        for each in going:
            each.wait()


if __name__ == "__main__":
    Host(socket.socket(fileno=int(sys.argv[1]))).run()
