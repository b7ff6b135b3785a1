"""A line that can be bad in every way that lines are bad: slow, stalled, cut, dead without a word.

TCP only: nothing of what is said on it is understood. One `FaultProxy` has any number of `Line`s, each with a port of
its own, so that one person's line can fail while the others' hold.
"""

import asyncio
import random
import socket
import ssl
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

CHUNK = 16 * 1024
RETRANSMIT_S = (0.2, 0.6)
"""What a lost packet costs on TCP: the wait until it is sent again, as Linux does it."""


@dataclass(eq=False)
class Wire:
    """One connection: the two sides of it, and whether it still carries anything."""

    near: asyncio.StreamWriter
    far: asyncio.StreamWriter | None = None
    dead_up: bool = False
    dead_down: bool = False


@dataclass(eq=False)
class Line:
    """One way to the server. Times in seconds; `loss` is the share of packets that come late by a retransmission."""

    name: str
    upstream: tuple[str, int]
    random: random.Random
    loop: asyncio.AbstractEventLoop
    tls: ssl.SSLContext | None = None
    port: int = 0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    refuses: bool = False
    silent: bool = False
    flows: asyncio.Event = field(default_factory=asyncio.Event)
    wires: set[Wire] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # --- What can go wrong (called from any thread) -----------------------------------------------------------------

    def is_slow(self, delay_s: float, jitter_s: float = 0.0, loss: float = 0.0) -> None:
        self.delay_s, self.jitter_s, self.loss = delay_s, jitter_s, loss

    def is_cut(self) -> None:
        """Connections are reset, new ones are refused, until `heals`."""
        self._do(self._cut(refuse=True))

    def blinks(self) -> None:
        """Every connection is reset; new ones pass at once."""
        self._do(self._cut(refuse=False))

    def stalls(self) -> None:
        """Nothing passes, nothing is lost: it all arrives when the line `heals`."""
        self.loop.call_soon_threadsafe(self.flows.clear)

    def goes_dead(self) -> None:
        """Nothing passes and nobody is told. Connections of this time never come to life again, even when it heals."""
        self.silent = True
        self._kill(up=True, down=True)

    def loses_answers(self) -> None:
        """What the browser sends arrives; what the server answers does not. Until `blinks` or `heals`."""
        self._kill(up=False, down=True)

    def is_half_open(self) -> None:
        """The server is told that the connection has ended, the browser is not; new connections pass."""
        self._do(self._leave_hanging())

    def heals(self) -> None:
        self.refuses = self.silent = False
        self.delay_s = self.jitter_s = self.loss = 0.0
        self.loop.call_soon_threadsafe(self.flows.set)

    # --- How it is done (in the loop) -------------------------------------------------------------------------------

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self.loop).result(10)

    def _kill(self, *, up: bool, down: bool) -> None:
        for wire in list(self.wires):
            wire.dead_up, wire.dead_down = wire.dead_up or up, wire.dead_down or down

    async def _cut(self, refuse: bool) -> None:
        self.refuses = refuse
        for wire in list(self.wires):
            for writer in (wire.near, wire.far):
                _reset(writer)

    async def _leave_hanging(self) -> None:
        for wire in list(self.wires):
            wire.dead_up = wire.dead_down = True
            _reset(wire.far)

    async def take(self, reader: asyncio.StreamReader, near: asyncio.StreamWriter) -> None:
        if self.refuses:
            _reset(near)
            return
        wire = Wire(near, dead_up=self.silent, dead_down=self.silent)
        self.wires.add(wire)
        try:
            far_reader, wire.far = await asyncio.open_connection(*self.upstream, ssl=self.tls)
            up = asyncio.create_task(self._carry(reader, wire, up=True))
            down = asyncio.create_task(self._carry(far_reader, wire, up=False))
            await asyncio.wait({up, down})
        except OSError:
            pass  # nobody listens there: the browser finds its connection closed
        finally:
            self.wires.discard(wire)
            for writer in (near, wire.far):
                if writer:
                    writer.close()

    async def _carry(self, reader: asyncio.StreamReader, wire: Wire, *, up: bool) -> None:
        try:
            while chunk := await reader.read(CHUNK):
                await asyncio.sleep(self._lag())
                await self.flows.wait()
                writer = wire.far if up else wire.near
                if (wire.dead_up if up else wire.dead_down) or writer is None:
                    continue
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        writer = wire.far if up else wire.near
        if writer and not (wire.dead_up if up else wire.dead_down):
            writer.close()

    def _lag(self) -> float:
        if not self.delay_s and not self.loss:
            return 0.0
        lag = max(0.0, self.delay_s + self.random.uniform(-self.jitter_s, self.jitter_s))
        return lag + (self.random.uniform(*RETRANSMIT_S) if self.random.random() < self.loss else 0.0)


def _reset(writer: asyncio.StreamWriter | None) -> None:
    """Close with RST, as a router does that has forgotten the connection."""
    if writer is None or writer.is_closing():
        return
    raw = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class FaultProxy:
    """`with FaultProxy(port, seed=7) as proxy: proxy.line("Cara").url`; `port`: where the server listens, and `tls` how
    its certificate is checked, if it has one. On the near side all is plain.
    """

    def __init__(self, port: int, *, seed: int = 0, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.upstream = (host, port)
        self.tls = tls
        self.seed = seed
        self.lines: dict[str, Line] = {}
        self.servers: list[asyncio.Server] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="fault proxy", daemon=True)

    def __enter__(self) -> "FaultProxy":
        self.thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    def line(self, name: str) -> Line:
        """The line of this name; the same name and seed bring the same misfortunes."""
        if name not in self.lines:
            self.lines[name] = asyncio.run_coroutine_threadsafe(self._open(name), self.loop).result(10)
        return self.lines[name]

    async def _open(self, name: str) -> Line:
        line = Line(name, self.upstream, random.Random(f"{self.seed}:{name}"), self.loop, self.tls)  # noqa: S311 - to be repeated
        line.flows.set()
        server = await asyncio.start_server(line.take, "127.0.0.1", 0, backlog=1024)
        self.servers.append(server)
        line.port = server.sockets[0].getsockname()[1]
        return line

    async def _end(self) -> None:
        for server in self.servers:
            server.close()
        for line in self.lines.values():
            line.heals()
            await line._cut(refuse=True)
        if rest := [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]:
            await asyncio.wait(rest, timeout=2)
