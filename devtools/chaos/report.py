"""The table of the runs, and its place in the documentation."""

import os
import platform
from pathlib import Path

from devtools.chaos.runs import Result

BEGIN, END = "<!-- chaos:{}:begin -->", "<!-- chaos:{}:end -->"
HEADS = ("Run", "Rig", "Faults", "Acked", "Lost", "Doubled", "Clients that differ", "Leaks", "Worst (may be)", "")


def table(results: list[Result]) -> str:
    rows = [HEADS, ("---", "---", *["--:"] * 6, "---", "---")]
    for each in results:
        counts = [each.count(kind) for kind in ("lost", "doubled", "differs", "leak")]
        worst = "; ".join(map(str, each.bounds)) or "–"
        words = "pass" if each.passed else "**FAIL**"
        rows.append((each.run.name, each.rig.upper(), each.faults, each.acked, *counts, worst, words))  # type: ignore[arg-type]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows)


def save(document: Path, text: str, command: str, *, full: bool) -> None:
    """Put the table between its marks, with the command that made it and the machine that it was made on."""
    name = "full" if full else "quick"
    begin, end = BEGIN.format(name), END.format(name)
    before, _, rest = document.read_text(encoding="utf-8").partition(begin)
    _, _, after = rest.partition(end)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    document.write_text(f"{before}{begin}\n`{command}` ({machine}):\n\n{text}\n{end}{after}", encoding="utf-8")
