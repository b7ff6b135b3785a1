"""A Chromium for the tests: the machine's own, else one from npm (Linux x86-64), else Playwright's."""

import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from devtools import setup
from devtools.console import PYTHON, VENV, Line, Stop

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "microsoft-edge")
PACKED = setup.MODULES / "@sparticuz" / "chromium" / "bin"
UNPACKED = VENV / "browser"

# The package's own JavaScript needs a newer Node.js than its files do, so the files are unpacked here.
UNPACK = """
const fs = require("fs"), zlib = require("zlib"), [from, to] = process.argv.slice(1);
fs.createReadStream(from).pipe(zlib.createBrotliDecompress()).pipe(fs.createWriteStream(to));
"""

# What the machine itself has, fits it better than the libraries and fonts in the package.
WRAPPER = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
if ldd "$here/chromium-bin" | grep -q "not found"; then export LD_LIBRARY_PATH="$here/lib"; fi
[ -e /etc/fonts/fonts.conf ] || export FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium-bin" "$@"
"""
FONTS = "<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/fonts-cache</cachedir></fontconfig>"


def find() -> Path:
    """The browser to test with; an environment variable CHROMIUM names another one. Stop when there is none."""
    if named := os.environ.get("CHROMIUM"):
        path = shutil.which(named)
        if not path:
            raise Stop(f"CHROMIUM names “{named}”, which is no program; set it to a browser's path, or unset it.")
        return Path(path)
    for name in NAMES:
        if (path := shutil.which(name)) and answers(path):
            return Path(path)
    if sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64"):
        return unpacked()
    return playwrights_own()


def answers(path: str) -> bool:
    """Some systems put a program under a browser's name that only says where to get one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def unpacked() -> Path:
    wrapper = UNPACKED / "chromium"
    current = setup.digest(PACKED.parent / "package.json", Path(__file__))
    if setup.stamp("browser") == current and wrapper.exists():
        return wrapper
    with Line("A browser for the tests") as line:
        shutil.rmtree(UNPACKED, ignore_errors=True)
        UNPACKED.mkdir()
        for name in ("chromium.br", "al2023.tar.br", "fonts.tar.br", "swiftshader.tar.br"):
            unpack(line, name)
        (UNPACKED / "chromium").rename(UNPACKED / "chromium-bin")
        wrapper.write_text(WRAPPER)
        (UNPACKED / "fonts.conf").write_text(FONTS.format(folder=UNPACKED))
        for program in (wrapper, UNPACKED / "chromium-bin"):
            program.chmod(0o755)
        setup.set_stamp("browser", current)
    return wrapper


def unpack(line: Line, name: str) -> None:
    target = UNPACKED / name.removesuffix(".br")
    line.run([setup.node(line), "-e", UNPACK, PACKED / name, target], "The browser could not be unpacked")
    if target.suffix == ".tar":
        with tarfile.open(target) as archive:
            archive.extractall(UNPACKED, filter="data")
        target.unlink()


def playwrights_own() -> Path:
    asked = "import playwright.sync_api as p; print(p.sync_playwright().start().chromium.executable_path)"
    path = Path(subprocess.run([PYTHON, "-c", asked], capture_output=True, text=True).stdout.strip() or "nothing")
    if not path.is_file():
        with Line("A browser for the tests") as line:
            line.run([PYTHON, "-m", "playwright", "install", "chromium"],
                     "Install Chromium, Chrome or Edge for the tests; Playwright's could not be installed")  # fmt: skip
    return path
