"""The table in the documentation, which grows run by run."""

from pathlib import Path

from devtools.chaos.carrying_out import Result
from devtools.chaos.checker import Finding
from devtools.chaos.report import rows, save
from devtools.chaos.runs import RUNS

STEADY, RACE = (next(run for run in RUNS if run.name == name) for name in ("Steady", "Race"))


def test_a_run_replaces_its_own_line_and_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- chaos:full:begin -->\nNot yet.\n<!-- chaos:full:end -->\nAfter.\n")
    save(page, rows([Result(RACE, "b", acked=5), Result(STEADY, "a", acked=7)], "1"), full=True)
    lost = Result(RACE, "b", acked=6, findings=[Finding(1, "lost", "an idea")])
    save(page, rows([lost, Result(RACE, "a", acked=8)], "2"), full=True)
    text = page.read_text()
    assert [line.split(" | ")[:4] for line in text.splitlines() if line.startswith("| ")][2:] == [
        ["| Steady", "A", "0", "7"],
        ["| Race", "A", "0", "8"],
        ["| Race", "B", "0", "6"],
    ]
    assert text.splitlines()[-3].endswith("| 1 | 0 | 0 | 0 | – | 2 | **FAIL** |")
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "--full" in text
    assert "Not yet" not in text
