"""One column under the crowd: connect, warm up, a stretch at the rate, and if wanted ever higher rates."""

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devtools.bench.columns import Served, Start
from devtools.bench.figures import CLIENT_BUSY, Figures, Stretch
from devtools.bench.staging import Plan
from devtools.console import ROOT

WARM_UP_S = 2.0
RUNG_S = 5.0
P99_MAX_MS = 100
APART = 100_000
"""Between the numbers of the contributions of one process of the crowd and those of the next."""


@dataclass(frozen=True)
class Order:
    """What the crowd does: so many contributions a second for so long, then the rungs of `ladder`; by `crowds`
    processes.
    """

    rate: int
    seconds: float
    ladder: Sequence[int] = ()
    crowds: int = 1


class Crowd:
    """Processes of the crowd; what one order brings is put together from all of them."""

    made = 0
    """So many there have been: each has numbers of its own, also where the database stays the same."""

    def __init__(self, folder: Path, served: Served, plan: Plan, crowds: int, *, bare: bool) -> None:
        self.processes = []
        for number in range(crowds):
            Crowd.made += 1
            rooms = [room | {"turns": room["turns"] and not bare} for room in plan[number::crowds]]
            file = folder / f"crowd-{Crowd.made}.json"
            orders = {"host": "127.0.0.1", "port": served.port, "origin": served.origin, "rooms": rooms,
                      "seats": len(plan[0]["seats"]), "first": 1 + Crowd.made * APART}  # fmt: skip
            file.write_text(json.dumps(orders))
            self.processes.append(self._start(file))

    def _start(self, file: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "devtools.bench.crowd", str(file)]
        return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def do(self, order: str, **how: Any) -> list[dict[str, Any]]:
        for process in self.processes:
            assert process.stdin
            process.stdin.write(json.dumps({"do": order} | how) + "\n")
            process.stdin.flush()
        return [self._answer(process) for process in self.processes]

    def _answer(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        assert process.stdout
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"the crowd ended with {process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def load(self, rate: float, seconds: float) -> Stretch:
        return Stretch.of(self.do("load", rate=rate / len(self.processes), seconds=seconds))

    def leave(self) -> None:
        for process in self.processes:
            process.communicate(timeout=20)


def measure(start: Start, folder: Path, plan: Plan, order: Order, *, bare: bool = False) -> Figures:
    """Start a column, and measure it. Files go to `folder`."""
    with start(folder) as served:
        crowd = Crowd(folder, served, plan, order.crowds, bare=bare)
        empty = served.memory()
        came = crowd.do("connect")
        people = sum(each["connected"] for each in came)
        expected = sum(len(room["seats"]) for room in plan)
        memory = (served.memory() - empty) / max(1, people)
        acked = crowd.load(order.rate, WARM_UP_S).acked
        before, around = served.processor_s(), served.around_s()
        stretch = crowd.load(order.rate, order.seconds)
        processor_s = served.processor_s() - before
        beside = {name: spent - around[name] for name, spent in served.around_s().items()}
        rungs = _climb(crowd, order.ladder)
        crowd.leave()
        acked += [number for each in (stretch, *rungs.values()) for number in each.acked]
        missing, twice = _compare(acked, served.said())
    return Figures(
        rate=order.rate,
        people=people,
        absent=expected - people,
        connect_s=max(each["seconds"] for each in came),
        memory=memory,
        stretch=stretch,
        processor_s=processor_s,
        around_s=beside,
        rungs=rungs,
        missing=missing,
        twice=twice,
    )


def _climb(crowd: Crowd, ladder: Iterable[int]) -> dict[int, Stretch]:
    """Ever higher rates, until one is too high."""
    rungs: dict[int, Stretch] = {}
    for rate in ladder:
        rungs[rate] = crowd.load(rate, RUNG_S)
        if not rungs[rate].steady(rate, P99_MAX_MS) or rungs[rate].client >= CLIENT_BUSY:
            break
    return rungs


def _compare(acked: list[int], said: list[int]) -> tuple[int, int]:
    """How many that were answered as saved are not in the database, and how many are there more than once."""
    there = set(said)
    return sum(number not in there for number in acked), len(said) - len(there)
