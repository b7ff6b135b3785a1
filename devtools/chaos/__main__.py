"""`python3 dev.py chaos`: the trials, their table, and in the end whether the claim holds."""

import argparse
import os
import secrets
import shlex
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import Browser

from devtools.chaos.browsers import chromium
from devtools.chaos.carrying_out import Result, carry_out, rigs
from devtools.chaos.report import commit, rows, save, table
from devtools.chaos.runs import RUNS, Run
from devtools.rig.rigs import lacks

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
SHOWN = 12
QUICK_MINUTES = 10
"""So long the whole quick set may take."""


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py chaos", description=__doc__)
    parser.add_argument("--full", action="store_true", help="the whole table with its figures: hours, not minutes")
    parser.add_argument("--untimed", action="store_true", help="tell times without judging them: for a busy machine")
    parser.add_argument("--rig", choices=("a", "b"), help="a: SQLite, one process; b: PostgreSQL, Redis, two processes")
    parser.add_argument("--only", metavar="NAME", help="the runs with NAME in their name")
    parser.add_argument("--seed", default=str(secrets.randbelow(1 << 32)), help="repeats the same misfortunes")
    parser.add_argument("--save", action="store_true", help=f"put the table into docs/{DOCUMENT.name}")
    parser.add_argument("--keep", action="store_true", help="keep the journals even where nothing was found")
    options = parser.parse_args(arguments)
    if options.save and options.untimed:
        parser.error("what is kept is judged in full: --save goes without --untimed")
    began, state = time.monotonic(), commit()
    print(f"Seed {options.seed}. The same again: python3 dev.py chaos {_again(options)}", flush=True)
    results: list[Result] = []
    skipped = ""
    for name in options.rig or "ab":
        if skipped := lacks(name):
            print(f"Rig {name.upper()} is SKIPPED: {skipped}", flush=True)
            continue
        chosen = [run for run in RUNS if _is_wanted(run, name, options)]
        results += on_rig(name, chosen, options)
    lines = rows(results, options.seed, full=options.full, commit=state)
    whole_quick_set = not (options.full or options.only or options.rig)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{table(lines)}\n\n{_summary(results)}, {_took(minutes, whole_quick_set)}")
    if options.save:
        save(DOCUMENT, lines, full=options.full)
    failed = [result for result in results if not result.passed]
    return 1 if failed or not results or (skipped and os.environ.get("CI") == "true") else 0


def _is_wanted(run: Run, rig: str, options: argparse.Namespace) -> bool:
    if options.only:
        return rig in run.rigs and options.only.lower() in run.name.lower()
    return rig in run.rigs and (options.full or rig in run.quick_rigs)


def on_rig(name: str, runs: list[Run], options: argparse.Namespace) -> list[Result]:
    """The runs that can share a rig, then those that need one of their own."""
    results: list[Result] = []
    for group in [[run for run in runs if not run.alone], *([run] for run in runs if run.alone)]:
        if not group:
            continue
        with ExitStack() as stack:
            rig = stack.enter_context(rigs(name, group[0].alone))
            browser: Browser | None = stack.enter_context(chromium()) if any(run.screens for run in group) else None
            for run in group:
                began = time.monotonic()
                print(f"{run.name} on rig {name.upper()}…", flush=True)
                how = {"full": options.full, "timed": not options.untimed, "keep": options.keep}
                result = carry_out(run, rig, options.seed, browser, **how)
                _tell(result, time.monotonic() - began)
                results.append(result)
    return results


def _tell(result: Result, seconds: float) -> None:
    words = "passed" if result.passed else "FAILED"
    bounds = "; ".join(map(str, result.bounds))
    print(f"    {words} after {seconds:.0f} s: {result.faults} faults, {result.acked} acked. {bounds}")
    for finding in result.findings[:SHOWN]:
        print(f"    {finding.kind}, point {finding.point}: {finding.words}")
    if len(result.findings) > SHOWN:
        print(f"    … and {len(result.findings) - SHOWN} more")
    sys.stdout.flush()


def _summary(results: list[Result]) -> str:
    failed = sum(not result.passed for result in results)
    acked = sum(result.acked for result in results)
    faults = sum(result.faults for result in results)
    return f"{len(results)} runs, {failed} failed; {faults} faults, {acked} commands acknowledged"


def _took(minutes: float, whole_quick_set: bool) -> str:
    words = f"after {minutes:.1f} minutes"
    if whole_quick_set and minutes > QUICK_MINUTES:
        return f"{words}: that is OVER THE {QUICK_MINUTES} MINUTES that the quick set may take."
    return f"{words}."


def _again(options: argparse.Namespace) -> str:
    words = ["--seed", options.seed]
    words += ["--full"] * options.full + ["--untimed"] * options.untimed
    words += ["--rig", options.rig] if options.rig else []
    words += ["--only", options.only] if options.only else []
    return shlex.join(words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
