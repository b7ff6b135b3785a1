"""What `dev.py check` asks of the code."""

import subprocess

from devtools.console import PYTHON, ROOT

CHECKS = {
    "lint": ("ruff", "check", "."),
    "formatting": ("ruff", "format", "--check", "."),
    "types": ("mypy",),
    "catalogue": ("devtools.catalogue",),
}


def run_all() -> int:
    """Run every check, also after one has failed; 0 when all passed."""
    failed = []
    for name, command in CHECKS.items():
        print(f"{name}: {' '.join(command)}", flush=True)
        if subprocess.call([PYTHON, "-m", *command], cwd=ROOT):
            failed.append(name)
    print(f"Not right yet: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0
