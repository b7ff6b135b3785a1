"""Figures as Markdown."""

from collections.abc import Iterable, Sequence
from statistics import median


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table under its title; the first column holds names, the others figures."""
    lines = [f"**{title}**", "", line(head), line(["---", *["---:"] * (len(head) - 1)])]
    return "\n".join([*lines, *(line(row) for row in rows), ""])


def line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def kib(count: float) -> str:
    return f"{count / 1024:.1f}"


def middle(values: Iterable[float]) -> float:
    return float(median(values))
