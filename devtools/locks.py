"""Lock files: every package that set-up installs, with its hash, for every system and Python the app runs on."""

import os

from devtools import setup
from devtools.console import Line, in_venv

# The second is made under the first, so that tests run the versions that are served.
LOCKS = {
    "requirements.txt": ("pyproject.toml",),
    "requirements-dev.txt": ("pyproject.toml", "--group", "dev", "--constraints", "requirements.txt"),
    "requirements-node.txt": ("--group", "node"),
}


def write(upgrade: bool) -> int:
    in_venv("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    os.environ["UV_CUSTOM_COMPILE_COMMAND"] = "python3 dev.py lock"
    for name, sources in LOCKS.items():
        in_venv(
            "-m", "uv", "pip", "compile", *sources, "--universal", "--python-version", "3.11", "--generate-hashes",
            "--no-annotate", "--quiet", *(["--upgrade"] if upgrade else []), "--output-file", name,
        )  # fmt: skip
    with Line("package-lock.json") as line:
        npm = setup.npm(line)
        verb = "update" if upgrade else "install"
        line.run([*npm, verb, "--package-lock-only", "--ignore-scripts"], "package-lock.json could not be written")
    return 0
