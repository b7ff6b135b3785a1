"""Set-up in steps, each skipped when what it made is still current."""

import hashlib
import importlib.util
import os
import re
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from devtools.console import PYTHON, ROOT, VENV, Line, Stop

STAMPS = VENV / "stamps"
MODULES = ROOT / "node_modules"
VENDOR = ROOT / "app" / "static" / "vendor"
BUILT = ROOT / "app" / "static" / "built"
LIBRARIES = ROOT / "app" / "libraries.py"
PACKAGE_LOCK = ROOT / "package-lock.json"
NODE_MIN = 18
LOCKS = {"run": ROOT / "requirements.txt", "test": ROOT / "requirements-dev.txt"}


@dataclass
class Step:
    """`current` says in milliseconds whether there is nothing to do."""

    label: str
    current: Callable[[], bool]
    do: Callable[[Line], None]


def prepare(purpose: str) -> None:
    """Set up what `purpose` needs: "run", or "test" which includes it."""
    steps = [
        Step("A virtual environment in .venv", venv_is_current, make_venv),
        Step("Python packages", lambda: packages_are_current(purpose), lambda line: install_packages(line, purpose)),
        Step("The browser's libraries", lambda: libraries_are_current(purpose),
             lambda line: install_libraries(line, purpose)),
        Step("The room in one file", bundle_is_current, make_bundle),
    ]  # fmt: skip
    missing = [step for step in steps if not step.current()]
    for number, step in enumerate(missing, 1):
        with Line(f"{number}/{len(missing)} {step.label}") as line:
            step.do(line)


def venv_is_current() -> bool:
    try:
        version = re.search(r"^version(?:_info)? *= *(\d+)\.(\d+)", (VENV / "pyvenv.cfg").read_text(), re.MULTILINE)
    except FileNotFoundError:
        return False
    return PYTHON.exists() and version is not None and (int(version[1]), int(version[2])) >= (3, 11)


def make_venv(line: Line) -> None:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise Stop(
            "This Python has no venv module; install it (on Debian and Ubuntu: "
            f"sudo apt install python{version}-venv) and run this again."
        )
    line.run([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment could not be made")


def packages_are_current(purpose: str) -> bool:
    enough = ("run", "test") if purpose == "run" else ("test",)
    return venv_is_current() and stamp("packages") in [packages_digest(level) for level in enough]


def install_packages(line: Line, purpose: str) -> None:
    lock = LOCKS[purpose]
    pip_install(line, lock, "Python packages could not be installed")
    set_stamp("packages", packages_digest(purpose))


def pip_install(line: Line, lock: Path, failure: str) -> None:
    total = len(re.findall(r"^\S+==", lock.read_text(), re.MULTILINE))
    command: list[str | Path] = [
        PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input", "--disable-pip-version-check",
        "--no-color", "-r", lock,
    ]  # fmt: skip
    line.run(command, failure, counted="Collecting ", total=total)


def libraries_are_current(purpose: str) -> bool:
    enough = ("run", "test") if purpose == "run" else ("test",)
    there = MODULES.is_dir() and VENDOR.is_dir() and venv_is_current()
    return there and stamp("libraries") in [libraries_digest(level) for level in enough]


def install_libraries(line: Line, purpose: str) -> None:
    omitted = ["--omit=dev"] if purpose == "run" else []
    line.run([*npm(line), "ci", "--ignore-scripts", *omitted], "The browser's libraries could not be installed")
    runpy.run_path(str(LIBRARIES), run_name="__main__")
    set_stamp("libraries", libraries_digest(purpose))


def bundle_is_current() -> bool:
    return BUILT.is_dir() and VENDOR.is_dir() and stamp("bundle") == bundle_digest()


def make_bundle(line: Line) -> None:
    current = bundle_digest()
    line.run([PYTHON, "-m", "devtools.bundle", node(line)], "The room's modules could not be put into one file")
    set_stamp("bundle", current)


def bundle_digest() -> str:
    """Of the modules and styles that go in, and of what makes one file of them."""
    static = BUILT.parent
    sources = sorted([*static.rglob("room/**/*.js"), *static.glob("css/*.css"), *VENDOR.glob("*.js")])
    return digest(*sources, ROOT / "app" / "assets.py", ROOT / "devtools" / "bundle.py", PACKAGE_LOCK)


def npm(line: Line) -> list[str]:
    """The command that runs npm. npm finds its own Node.js on PATH, so the one that is used goes first there."""
    folder = str(Path(node(line)).parent)
    if folder not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]
    found = shutil.which("npm", path=folder)
    assert found
    return [found]


def node(line: Line) -> str:
    """Node.js with npm beside it: the machine's when it is new enough, else one in the virtual environment."""
    if found := find_node():
        return found
    pip_install(line, ROOT / "requirements-node.txt", "Node.js could not be installed")
    if found := find_node():
        return found
    raise Stop(f"Node.js could not be set up here; install Node.js {NODE_MIN} or newer and run this again.")


def find_node() -> str | None:
    for folder in (None, str(PYTHON.parent)):
        npm, node = shutil.which("npm", path=folder), shutil.which("node", path=folder)
        if npm and node and Path(npm).parent == Path(node).parent and node_version(node) >= NODE_MIN:
            return node
    return None


def node_version(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    found = re.match(r"v(\d+)", answer)
    return int(found[1]) if found else 0


def packages_digest(purpose: str) -> str:
    return digest(LOCKS[purpose], VENV / "pyvenv.cfg")


def libraries_digest(purpose: str) -> str:
    return f"{purpose} {digest(PACKAGE_LOCK, LIBRARIES)}"


def digest(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def stamp(name: str) -> str:
    try:
        return (STAMPS / name).read_text()
    except FileNotFoundError:
        return ""


def set_stamp(name: str, text: str) -> None:
    STAMPS.mkdir(exist_ok=True)
    (STAMPS / name).write_text(text)
