"""The table of the runs, and its place in the documentation."""

import os
import platform
import subprocess
from pathlib import Path

from devtools.chaos.carrying_out import Result
from devtools.chaos.runs import RUNS
from devtools.rig.app import ROOT

BEGIN, END = "<!-- chaos:{}:begin -->", "<!-- chaos:{}:end -->"
HEADS = (
    "| Run | Rig | Faults | Acked | Lost | Doubled | Clients that differ | Leaks | Worst (may be) | Measured at |"
    " The same again | |",
    "| --- | --- | --: | --: | --: | --: | --: | --: | --- | --- | --- | --- |",
)
CELLS = HEADS[0].count("|") - 1
OLD_CELLS, SEED = 11, 9
"""Once a line had its seed there, and neither commit nor command."""
UNKNOWN = "–"
Rows = dict[tuple[str, str], str]


def rows(results: list[Result], seed: str, *, full: bool, commit: str) -> Rows:
    """A line of the table for each run and rig."""
    found: Rows = {}
    for each in results:
        counts = [each.count(kind) for kind in ("lost", "doubled", "differs", "leak")]
        worst = "; ".join(map(str, each.bounds)) or "–"
        words = "pass" if each.passed else "**FAIL**"
        key = each.run.name, each.rig.upper()
        found[key] = _line([*key, each.faults, each.acked, *counts, worst, commit, _again(*key, seed, full), words])
    return found


def _line(cells: list[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def _again(run: str, rig: str, seed: str, full: bool) -> str:
    """What to type for the same misfortunes."""
    name = f'"{run}"' if " " in run else run
    return f"`python3 dev.py chaos {'--full ' * full}--rig {rig.lower()} --only {name} --seed {seed}`"


def commit() -> str:
    """Which state of the project this is, with a "+" where something in it is not committed."""
    command = ["git", "describe", "--always", "--exclude=*", "--dirty=+"]
    env = os.environ | {"GIT_OPTIONAL_LOCKS": "0"}  # to look is not to touch
    try:
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    except OSError:  # no git here
        return UNKNOWN
    return done.stdout.strip() or UNKNOWN


def table(lines: Rows) -> str:
    """The lines in the order of `RUNS`, rig A first."""
    order = [(run.name, rig.upper()) for rig in "ab" for run in RUNS if rig in run.rigs]
    return "\n".join([*HEADS, *(lines[key] for key in order if key in lines)])


def read(text: str, *, full: bool) -> Rows:
    """The lines of a table in a text. Lines of the old form get their command, and no commit."""
    found: Rows = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        if not line.startswith("|") or len(cells) not in (CELLS, OLD_CELLS) or cells[1] not in ("A", "B"):
            continue
        if len(cells) == OLD_CELLS:
            cells[SEED : SEED + 1] = [UNKNOWN, _again(cells[0], cells[1], cells[SEED], full)]
        found[cells[0], cells[1]] = _line([*cells])
    return found


def save(document: Path, new: Rows, *, full: bool) -> None:
    """Put these lines, of the old form or the new one, into the table between its marks. Lines of other runs stay: the
    full set takes hours, and is carried out in parts.
    """
    name = "full" if full else "quick"
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = document.read_text(encoding="utf-8").partition(begin)
    text, _, after = rest.partition(end)
    lines = read(text, full=full) | read("\n".join(new.values()), full=full)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    made = f"On {machine}; each line with the commit that it was measured at ({UNKNOWN}: that was not noted yet):"
    document.write_text(f"{before}{begin}\n{made}\n\n{table(lines)}\n{end}{after}", encoding="utf-8")
