#!/usr/bin/env python3
"""Everything a developer does, in one place: python3 dev.py COMMAND. Needs Python and nothing else.

The real work happens in the virtual environment that the first command makes (.venv/).
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Intervise needs Python 3.11 or newer and this is %d.%d: install a newer one and run, for example, "
        "python3.12 dev.py run." % sys.version_info[:2]
    )

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from devtools import browser, catalogue, checks, company, locks, setup
from devtools.console import Stop, become, free_port

ROOT = Path(__file__).resolve().parent


def run(arguments: list[str]) -> int:
    """set up what is missing, and serve the app"""
    parser = argparse.ArgumentParser(prog="dev.py run", description=run.__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 lets phones in the same network join")
    parser.add_argument("--port", type=int, help="default: 5000, or the next free one")
    parser.add_argument(
        "--demo", action="store_true", help="serve a company to look around in, apart from your own data"
    )
    options = parser.parse_args(arguments)
    setup.prepare("run")
    if options.demo:
        company.fill(keep=True)
    os.environ["HOST"] = options.host
    os.environ["PORT"] = str(free_port(options.host, options.port))
    return become("wsgi.py")


def test(arguments: list[str]) -> int:
    """set up what tests need, and run them, all on every core; further words go to pytest instead"""
    setup.prepare("test")
    os.environ["INTERVISE_CHROMIUM"] = str(browser.find())
    return become("-m", "pytest", *(arguments or ["-n", "auto", "--dist", "worksteal"]))


def pictures(arguments: list[str]) -> int:
    """make the README's pictures from the demo; --all FOLDER: every page, person and screen"""
    setup.prepare("test")
    os.environ["INTERVISE_CHROMIUM"] = str(browser.find())
    return become("-m", "devtools.pictures", *arguments)


def icons(arguments: list[str]) -> int:
    """draw the app's icons for phones and browsers anew from app/static/img/mark.svg"""
    setup.prepare("test")
    os.environ["INTERVISE_CHROMIUM"] = str(browser.find())
    return become("-m", "devtools.icons", *arguments)


def bench(arguments: list[str]) -> int:
    """measure the app, and print tables: bench pages, bench rooms, bench archive"""
    setup.prepare("test")
    os.environ["INTERVISE_CHROMIUM"] = str(browser.find())
    return become("-m", "devtools.bench", *arguments)


def chaos(arguments: list[str]) -> int:
    """kill, cut, fill and freeze real servers and browsers, and check that nothing was lost; --help says more"""
    setup.prepare("test")
    os.environ["INTERVISE_CHROMIUM"] = str(browser.find())
    return become("-m", "devtools.chaos", *arguments)


def check(arguments: list[str]) -> int:
    """lint, formatting and types: ruff and mypy"""
    setup.prepare("test")
    return checks.run_all()


def demo(arguments: list[str]) -> int:
    """fill the demo afresh; run --demo serves it"""
    setup.prepare("run")
    company.fill(keep=False)
    print("The demo is ready: python3 dev.py run --demo")
    return 0


def migrate(arguments: list[str]) -> int:
    """bring the database's tables to the newest revision"""
    setup.prepare("run")
    return become("-m", "flask", "migrate")


def messages(arguments: list[str]) -> int:
    """collect every sentence that people read into app/translations/messages.pot"""
    setup.prepare("run")
    return catalogue.extract()


def lock(arguments: list[str]) -> int:
    """write the lock files anew from pyproject.toml and package.json; --upgrade takes the newest versions"""
    setup.prepare("run")
    return locks.write(upgrade="--upgrade" in arguments)


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "run": run,
    "demo": demo,
    "test": test,
    "pictures": pictures,
    "icons": icons,
    "bench": bench,
    "chaos": chaos,
    "check": check,
    "migrate": migrate,
    "messages": messages,
    "lock": lock,
}


def main() -> int:
    name, *arguments = sys.argv[1:] or ["--help"]
    if name not in COMMANDS:
        print("usage: python3 dev.py COMMAND\n")
        print(*(f"  {name:<10}{command.__doc__}" for name, command in COMMANDS.items()), sep="\n")
        return 0 if name in ("-h", "--help", "help") else 2
    os.chdir(ROOT)
    try:
        return COMMANDS[name](arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
        return 130


if __name__ == "__main__":
    sys.exit(main())
