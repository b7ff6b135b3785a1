"""The table in the documentation, which grows run by run."""

from pathlib import Path

from devtools.chaos.carrying_out import Result
from devtools.chaos.checker import Finding
from devtools.chaos.report import read, rows, save, table
from devtools.chaos.runs import RUNS

STEADY, RACE = (next(run for run in RUNS if run.name == name) for name in ("Steady", "Race"))


def test_a_run_replaces_its_own_line_and_leaves_the_others(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("Before.\n<!-- chaos:full:begin -->\nNot yet.\n<!-- chaos:full:end -->\nAfter.\n")
    first = rows([Result(RACE, "b", acked=5), Result(STEADY, "a", acked=7)], "1", full=True, commit="1234567")
    save(page, first, full=True)
    lost = Result(RACE, "b", acked=6, findings=[Finding(1, "lost", "an idea")])
    save(page, rows([lost, Result(RACE, "a", acked=8)], "2", full=True, commit="89abcde+"), full=True)
    text = page.read_text()
    assert [line.split(" | ")[:4] for line in text.splitlines() if line.startswith("| ")][2:] == [
        ["| Steady", "A", "0", "7"],
        ["| Race", "A", "0", "8"],
        ["| Race", "B", "0", "6"],
    ]
    again = "`python3 dev.py chaos --full --rig b --only Race --seed 2`"
    assert text.splitlines()[-3].endswith(f"| 1 | 0 | 0 | 0 | – | 89abcde+ | {again} | **FAIL** |")
    assert text.startswith("Before.\n")
    assert text.endswith("After.\n")
    assert "Not yet" not in text


OLD = "| kill -9 | B | 50 | 902 | 0 | 0 | 0 | 0 | live again 1.2 s (≤ 5) | 2619744987 | pass |"
NEW = OLD.replace("| 2619744987 |", '| – | `python3 dev.py chaos --full --rig b --only "kill -9" --seed 2619744987` |')


def test_lines_of_the_old_form_get_their_command_wherever_they_come_from(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"<!-- chaos:full:begin -->\nBefore.\n\n{OLD}\n<!-- chaos:full:end -->\n")
    given = OLD.replace("| B |", "| A |")
    save(page, {("kill -9", "A"): given}, full=True)
    lines = [line for line in page.read_text().splitlines() if line.startswith("| kill")]
    assert lines == [NEW.replace("| B |", "| A |").replace("--rig b", "--rig a"), NEW]
    save(page, {("kill -9", "B"): lines[1]}, full=True)
    assert [line for line in page.read_text().splitlines() if line.startswith("| kill")] == lines


def test_what_is_printed_can_be_read_again() -> None:
    lines = rows([Result(STEADY, "a", acked=7)], "1", full=False, commit="1234567")
    assert read(f"Something else.\n{table(lines)}\n1 runs, 0 failed", full=False) == lines
