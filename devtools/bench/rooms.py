"""`dev.py bench rooms`: the app beside bare Socket.IO on Node and bare Flask-SocketIO, under the same crowd."""

import argparse
import shlex
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from devtools.bench import columns, kept, staging
from devtools.bench.columns import Start
from devtools.bench.figures import Figures, compared
from devtools.bench.measure import Order, measure
from devtools.bench.rig_columns import Rig
from devtools.bench.staging import Plan

LADDER = (200, 300, 400, 500, 600, 800, 1000, 1300, 1600, 2000)


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="intervise-bench-") as name:
        found = run(options, Path(name))
    command = shlex.join(["python3", "dev.py", "bench", "rooms", *arguments])
    title = (
        f"{options.rooms} rooms of {options.seats}, {options.rate} contributions a second for {options.seconds} s, "
        f"{options.rounds} rounds; "
        + ("PostgreSQL" if options.rig else f"SQLite, the peers' synchronous {options.durability}")
    )
    report = f"{compared(found, title)}\n\n`{command}`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("rooms" if options.save is True else options.save, report)
    return 0


def run(options: argparse.Namespace, folder: Path) -> dict[str, list[Figures]]:
    """All columns one after the other, and that several times."""
    with ExitStack() as stack:
        staged = folder / "staged.db"
        rig = Rig(folder, stack) if options.rig else None
        plan = _stage(options, folder, rig.url if rig else f"sqlite:///{staged}")
        wanted = rig.columns(options.modes) if rig else _columns(options, staged)
        words = options.only.split(",")  # "" is in every name
        return _rounds(
            options, folder, plan, {name: it for name, it in wanted.items() if any(w in name for w in words)}
        )


def _stage(options: argparse.Namespace, folder: Path, database: str) -> Plan:
    note(f"staging {options.rooms} sessions of {options.seats} people")
    with staging.near(folder / "instance", database) as near:
        return staging.stage(near, options.rooms, options.seats, options.steps.split(","))


def _rounds(
    options: argparse.Namespace, folder: Path, plan: Plan, wanted: dict[str, tuple[Start, bool]]
) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {}
    for number in range(1, options.rounds + 1):
        for column, (start, bare) in wanted.items():
            note(f"round {number} of {options.rounds}: {column}")
            home = Path(tempfile.mkdtemp(dir=folder))
            ladder = LADDER if number == options.rounds and not options.no_ladder else ()
            order = Order(options.rate, options.seconds, ladder, options.crowds)
            figures = measure(start, home, plan, order, bare=bare)
            note(f"  {figures.line()}")
            found.setdefault(column, []).append(figures)
    return found


def _columns(options: argparse.Namespace, staged: Path) -> dict[str, tuple[Start, bool]]:
    """What is compared, and whether it is bare: without turns or rules."""
    found: dict[str, tuple[Start, bool]] = {}
    for mode in options.modes.split(","):
        found[f"Intervise, {mode}"] = columns.app(staged, mode), False
    found["bare Node"] = columns.node(options.durability), True
    for mode in options.modes.split(","):
        found[f"bare Flask-SocketIO, {mode}"] = columns.flask(mode, options.durability), True
        if options.lean:
            found[f"bare Flask-SocketIO, {mode}, lean"] = columns.flask(mode, options.durability, lean=True), True
    return found


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py bench rooms", description=__doc__)
    parser.add_argument("--rooms", type=int, default=100)
    parser.add_argument("--seats", type=int, default=8, help="people in each room")
    parser.add_argument("--rate", type=int, default=200, help="contributions a second, in all rooms together")
    parser.add_argument("--seconds", type=float, default=10, help="of one measurement")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--modes", default="eventlet", help="eventlet, threading, or both with a comma")
    parser.add_argument("--steps", default=",".join(staging.STEPS), help="where the rooms are, in turn")
    parser.add_argument("--durability", choices=("FULL", "NORMAL"), default="NORMAL",  # as such servers are set
                        help="SQLite's “synchronous” of the peers; the app always waits for the disk")  # fmt: skip
    parser.add_argument("--lean", action="store_true", help="a column more: Flask-SocketIO, well set")
    parser.add_argument("--only", default="", help="columns whose name has one of these words, with commas")
    parser.add_argument("--rig", action="store_true", help="one and two processes on PostgreSQL and Redis, no peers")
    parser.add_argument("--no-ladder", action="store_true", help="do not look for the highest steady rate")
    parser.add_argument("--crowds", type=int, default=1, help="processes of the crowd")
    parser.add_argument("--save", nargs="?", const="rooms", help="keep the table in docs/performance.md")
    return parser.parse_args(arguments)


def note(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
