"""`dev.py bench lengths`: does a contribution cost more, the longer a session has become?"""

import argparse
import tempfile
from pathlib import Path

from devtools.bench import columns, kept, staging
from devtools.bench.columns import Served
from devtools.bench.figures import at
from devtools.bench.measure import Crowd
from devtools.bench.rooms import note
from devtools.bench.staging import Plan
from devtools.bench.tables import middle, table

SHORT, LONG = 10, 1600
"""How much has been said before the measurement begins; a session holds 2,000."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench lengths", description=__doc__)
    parser.add_argument("--rooms", type=int, default=10, help="sessions of each length")
    parser.add_argument("--rate", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--save", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="intervise-bench-") as name:
        report = run(options, Path(name))
    report = f"{report}\n`python3 dev.py bench lengths`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("lengths", report)
    return 0


def run(options: argparse.Namespace, folder: Path) -> str:
    """One server with sessions of both lengths; each length has its turn, and again."""
    staged = folder / "staged.db"
    plans: dict[int, Plan] = {}
    with staging.near(folder / "instance", f"sqlite:///{staged}") as near:
        for said in (SHORT, LONG):
            note(f"staging {options.rooms} sessions in which {said} things have been said")
            plans[said] = staging.stage(near, options.rooms, 8, ["brainstorm"], said)
    home = folder / "home"
    home.mkdir()
    with columns.app(staged, "eventlet")(home) as served:
        crowds = {said: Crowd(home, served, plan, 1, bare=False) for said, plan in plans.items()}
        for crowd in crowds.values():
            crowd.do("connect")
            crowd.load(options.rate, 2)
        found: dict[int, list[tuple[float, float]]] = {said: [] for said in plans}
        for _ in range(options.rounds):
            for said, crowd in crowds.items():
                found[said].append(_stretch(crowd, served, options))
        for crowd in crowds.values():
            crowd.leave()
    rows = [[f"{said} said before", *(f"{middle(values):.2f}" for values in zip(*each, strict=True))]
            for said, each in found.items()]  # fmt: skip
    (short, _), (long, _) = (tuple(map(middle, zip(*each, strict=True))) for each in found.values())
    head = ["", "processor, s per 1,000 contributions", "ack p50, ms"]
    return f"{table('A short session beside a long one', head, rows)}\nRatio of the processor: {long / short:.2f}\n"


def _stretch(crowd: Crowd, served: Served, options: argparse.Namespace) -> tuple[float, float]:
    before = served.processor_s()
    stretch = crowd.load(options.rate, options.seconds)
    assert stretch.flawless, f"lost {stretch.lost}, refused {stretch.refused}"
    return 1000 * (served.processor_s() - before) / len(stretch.acked), at(stretch.acks_ms, 50)
