"""`dev.py bench start`: from `dev.py run` to the first page, everything installed."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import suppress

from devtools.bench import kept
from devtools.bench.tables import middle, table
from devtools.console import ROOT
from devtools.rig.programs import free_port


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--save", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="intervise-bench-") as folder:
        first = _once(folder)
        again = [_once(folder) for _ in range(options.rounds)]
    rows = [["the first start, which makes the tables", f"{first:.2f}", ""],
            ["every other", f"{middle(again):.2f}", f"{max(again):.2f}"]]  # fmt: skip
    report = table("From `python3 dev.py run` to the first page, s", ["", "median", "longest"], rows)
    report = f"{report}\n`python3 dev.py bench start`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("start", report)
    return 0


def _once(folder: str) -> float:
    port = free_port()
    env = os.environ | {"INSTANCE_FOLDER": folder, "INTERVISE_ENV": "development", "PYTHONDONTWRITEBYTECODE": ""}
    began = time.perf_counter()
    command = [sys.executable, "dev.py", "run", "--port", str(port)]
    server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
    try:
        while True:
            with suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                return time.perf_counter() - began
            assert server.poll() is None, "it ended"
            time.sleep(0.01)
    finally:
        server.terminate()
        server.wait(20)
