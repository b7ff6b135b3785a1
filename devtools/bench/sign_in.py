"""`dev.py bench sign-in`: whether the time that a refused sign-in takes tells who has an account."""

import argparse
import os
import re
import time
import uuid

import requests

from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.extensions import db
from devtools.bench import kept
from devtools.bench.app import Running, running
from devtools.bench.tables import middle, table

EACH = 8
"""Tries for one address, below every limit on failures."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench sign-in", description=__doc__)
    parser.add_argument("--tries", type=int, default=200)
    parser.add_argument("--save", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args(arguments)
    os.environ["TRUSTED_PROXIES"] = "1"  # every few tries come from somewhere else
    with running() as app:
        took = measure(app, options.tries)
    known, unknown = (middle(times) for times in took)
    rows = [["a known e-mail", f"{known:.1f}"], ["an unknown one", f"{unknown:.1f}"],
            ["difference (at most 10)", f"{abs(known - unknown):.1f}"]]  # fmt: skip
    report = table(f"A refused sign-in, ms, median of {options.tries} tries, one about the other", ["", "ms"], rows)
    report = f"{report}\n`python3 dev.py bench sign-in`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("sign-in", report)
    return 0


def measure(app: Running, tries: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each try with a known e-mail, and of each with an unknown one."""
    known: list[str] = []
    for _ in range(-(-tries // EACH)):
        known.append(f"{uuid.uuid4().hex}@example.org")
        db.session.add(Account(email=known[-1], name="Mia", password_hash=hash_password(uuid.uuid4().hex)))
    db.session.commit()
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(tries):
        browser = requests.Session()
        browser.headers["X-Forwarded-For"] = f"198.51.{number // 250}.{number % 250}"
        pair = list(zip(took, (known[number // EACH], f"{uuid.uuid4().hex}@example.org"), strict=True))
        for times, email in pair if number % 2 else reversed(pair):
            times.append(try_once(browser, app.url, email))
    return took


def try_once(browser: requests.Session, url: str, email: str) -> float:
    page = browser.get(f"{url}/sign-in", timeout=30).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    fields = {"csrf_token": found[1], "email": email, "password": uuid.uuid4().hex}
    began = time.perf_counter()
    answer = browser.post(f"{url}/sign-in", data=fields, headers={"Referer": f"{url}/sign-in"}, timeout=30)
    took_ms = 1000 * (time.perf_counter() - began)
    assert "do not belong together" in answer.text, answer.text[:500]
    return took_ms
