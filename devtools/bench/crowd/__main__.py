"""The crowd's process. Orders: {"do": "connect"}, {"do": "load", "rate", "seconds"}, {"do": "leave"}."""

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from devtools.bench.crowd import wire
from devtools.bench.crowd.people import Person, Room, rooms_of
from devtools.bench.crowd.tally import Tally

AT_ONCE = 20
PATIENCE_S = 120
DRAIN_S = 20


class Crowd:
    """Everybody of this process; `first` is the number of the first contribution."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.host, self.port = plan["host"], plan["port"]
        self.origin = plan["origin"]
        self.seats = plan["seats"]
        self.number = plan["first"]
        self.rooms = rooms_of(plan["rooms"], Tally(0))
        self.people = [person for room in self.rooms for person in room.people]

    async def connect(self) -> dict[str, Any]:
        """Everybody comes, some at once. Returns the seconds until the last one saw their room, and how many did."""
        gate = asyncio.Semaphore(AT_ONCE)
        began = time.perf_counter()
        await asyncio.gather(*(self._connect(person, gate) for person in self.people))
        there = sum(person.ready.is_set() and not person.gone for person in self.people)
        return {"seconds": time.perf_counter() - began, "connected": there}

    async def _connect(self, person: Person, gate: asyncio.Semaphore) -> None:
        async with gate:
            request = wire.request(f"{self.host}:{self.port}", self.origin, person.room.code, person.cookie)
            its = person.wire = wire.Wire(request, person.hear, person.leave)
            await asyncio.get_running_loop().create_connection(lambda: its, self.host, self.port)
            try:
                await asyncio.wait_for(person.ready.wait(), PATIENCE_S)
            except TimeoutError:
                person.gone = True

    async def load(self, rate: float, seconds: float) -> dict[str, Any]:
        """Write `rate` contributions a second, one room after the other, whether answers come or not."""
        tally = Tally((1 << self.seats) - 1)
        for room in self.rooms:
            room.tally = tally
            room.owed.clear()
        processor, began = time.process_time(), time.perf_counter()
        for count in range(round(rate * seconds)):
            due = began + count / rate
            if (ahead := due - time.perf_counter()) > 0:
                await asyncio.sleep(ahead)
            tally.lags_s.append(max(0.0, time.perf_counter() - due))
            self._next_room(count).say(self.number)
            self.number += 1
            if count % 64 == 0:
                await asyncio.sleep(0)
        wrote = time.perf_counter()
        await self._drain(tally)
        share = (time.process_time() - processor) / (time.perf_counter() - began)
        gone = sum(person.gone for person in self.people)
        return tally.report() | {"wrote_s": wrote - began, "processor": round(share, 3), "gone": gone}

    def _next_room(self, count: int) -> Room:
        return self.rooms[count % len(self.rooms)]

    async def _drain(self, tally: Tally) -> None:
        until = time.perf_counter() + DRAIN_S
        while not tally.complete and time.perf_counter() < until:
            await asyncio.sleep(0.02)

    async def leave(self) -> dict[str, Any]:
        for person in self.people:
            if person.wire:
                person.wire.close()
        return {}


async def obey(crowd: Crowd) -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        order = json.loads(line)
        answer = await getattr(crowd, order.pop("do"))(**order)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    gc.disable()  # a pause here would look like one of the server's
    asyncio.run(obey(Crowd(json.loads(Path(sys.argv[1]).read_text()))))
