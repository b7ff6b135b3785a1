"""The table of the runs, and its place in the documentation."""

import os
import platform
from pathlib import Path

from devtools.chaos.carrying_out import Result
from devtools.chaos.runs import RUNS

BEGIN, END = "<!-- chaos:{}:begin -->", "<!-- chaos:{}:end -->"
HEADS = (
    "| Run | Rig | Faults | Acked | Lost | Doubled | Clients that differ | Leaks | Worst (may be) | Seed | |",
    "| --- | --- | --: | --: | --: | --: | --: | --: | --- | --: | --- |",
)
Rows = dict[tuple[str, str], str]


def rows(results: list[Result], seed: str) -> Rows:
    """A line of the table for each run and rig."""
    found: Rows = {}
    for each in results:
        counts = [each.count(kind) for kind in ("lost", "doubled", "differs", "leak")]
        worst = "; ".join(map(str, each.bounds)) or "–"
        words = "pass" if each.passed else "**FAIL**"
        key = each.run.name, each.rig.upper()
        cells = (*key, each.faults, each.acked, *counts, worst, seed, words)
        found[key] = f"| {' | '.join(map(str, cells))} |"
    return found


def table(lines: Rows) -> str:
    """The lines in the order of `RUNS`, rig A first."""
    order = [(run.name, rig.upper()) for rig in "ab" for run in RUNS if rig in run.rigs]
    return "\n".join([*HEADS, *(lines[key] for key in order if key in lines)])


def save(document: Path, new: Rows, *, full: bool) -> None:
    """Put these lines into the table between its marks. Lines of other runs stay: the full set takes hours, and is
    carried out in parts.
    """
    name = "full" if full else "quick"
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = document.read_text(encoding="utf-8").partition(begin)
    text, _, after = rest.partition(end)
    lines: Rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and len(cells) == HEADS[0].count("|") - 1:
            lines[cells[0], cells[1]] = line
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    command = f"python3 dev.py chaos {'--full ' * full}--rig RIG --only RUN --seed SEED"
    made = f"One line again: `{command}` ({machine}):"
    document.write_text(f"{before}{begin}\n{made}\n\n{table(lines | new)}\n{end}{after}", encoding="utf-8")
