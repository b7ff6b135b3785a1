"""`dev.py bench sign-in`: whether the time that an answer takes tells who has an account, or which links there were."""

import argparse
import os
import re
import secrets
import time
import uuid
from collections.abc import Callable

import requests
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Account
from app.accounts.passwords import hash_password
from app.extensions import db
from devtools.bench import kept
from devtools.bench.app import Running, running
from devtools.bench.tables import middle, table

EACH = 8
"""Tries for one address, below every limit on failures."""

Try = Callable[[], float]
"""Milliseconds of one answer."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench sign-in", description=__doc__)
    parser.add_argument("--tries", type=int, default=200)
    parser.add_argument("--save", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args(arguments)
    os.environ["TRUSTED_PROXIES"] = "1"  # every few tries come from somewhere else
    rows = []
    with running() as app:
        for name, way in WAYS.items():
            known, unknown = (middle(times) for times in by_turns(way(app).pair, options.tries))
            rows.append([name, f"{known:.1f}", f"{unknown:.1f}", f"{abs(known - unknown):.1f}"])
    title = f"What the time of an answer tells, ms, medians of {options.tries} pairs, one about the other"
    report = table(title, ["", "there is one", "there is none", "difference (at most 10)"], rows)
    report = f"{report}\n`python3 dev.py bench sign-in`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("sign-in", report)
    return 0


def by_turns(pair: Callable[[int], tuple[Try, Try]], tries: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each try of the one sort, and of each of the other; each is the first of a pair by turns."""
    took: tuple[list[float], list[float]] = ([], [])
    for number in range(tries):
        both = list(zip(took, pair(number), strict=True))
        for times, once in both if number % 2 else reversed(both):
            times.append(once())
    return took


class SignIn:
    """A refused sign-in: an e-mail that has an account, and one that has none."""

    def __init__(self, app: Running) -> None:
        self.url = f"{app.url}/sign-in"
        self.known = ""

    def pair(self, number: int) -> tuple[Try, Try]:
        if number % EACH == 0:
            self.known = somebody()
        browser = requests.Session()
        browser.headers["X-Forwarded-For"] = f"198.51.{number // 250}.{number % 250}"
        known = self.known
        return lambda: self.once(browser, known), lambda: self.once(browser, address())

    def once(self, browser: requests.Session, email: str) -> float:
        return sent(browser, self.url, "do not belong together", email=email, password=uuid.uuid4().hex)


class Reset:
    """A link for a new password that opens nothing: one that was good an hour ago, and one that was never made."""

    def __init__(self, app: Running) -> None:
        self.url = f"{app.url}/account/password"
        somebody()

    def pair(self, number: int) -> tuple[Try, Try]:
        old = links.make("password", hours=-1, account_id=account_id())
        db.session.commit()
        return lambda: self.once(old), lambda: self.once(secrets.token_urlsafe(links.BYTES))

    def once(self, token: str) -> float:
        began = time.perf_counter()
        answer = requests.get(f"{self.url}/{token}", timeout=30)
        took_ms = 1000 * (time.perf_counter() - began)
        assert answer.status_code == 404, answer.text[:500]
        return took_ms


class Invitation:
    """The form behind an invitation: an e-mail that has an account, and one that gets one. The answer says which."""

    def __init__(self, app: Running) -> None:
        self.url = app.url
        self.known = somebody()

    def pair(self, number: int) -> tuple[Try, Try]:
        return lambda: self.once(self.known, "cannot be used here"), lambda: self.once(address(), "")

    def once(self, email: str, says: str) -> float:
        token = links.make("account", hours=1, kind="moderator", created_by=account_id())
        db.session.commit()
        browser, password = requests.Session(), uuid.uuid4().hex
        assert browser.get(f"{self.url}/account/new/{token}", timeout=30).url == f"{self.url}/account/new"
        fields = {"name": "Nora", "email": email, "password": password, "repeated": password}
        return sent(browser, f"{self.url}/account/new", says, **fields)


WAYS: dict[str, Callable[[Running], SignIn | Reset | Invitation]] = {
    "a refused sign-in: an account": SignIn,
    "a dead link for a new password: a link that was good": Reset,
    "the form of an invitation: an account (the answer says it too)": Invitation,
}


def address() -> str:
    """An e-mail that nobody has."""
    return f"{uuid.uuid4().hex}@example.org"


def somebody() -> str:
    """The e-mail of a new account."""
    account = Account(email=address(), name="Mia", password_hash=hash_password(uuid.uuid4().hex))
    db.session.add(account)
    db.session.commit()
    return account.email


def account_id() -> int:
    """Somebody whom links can name."""
    return db.session.scalars(select(Account.id).order_by(Account.id).limit(1)).one()


def sent(browser: requests.Session, url: str, says: str, **fields: str) -> float:
    """Milliseconds from sending the form on this page to its answer, without what it leads to."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', browser.get(url, timeout=30).text)
    assert found
    fields |= {"csrf_token": found[1]}
    began = time.perf_counter()
    answer = browser.post(url, data=fields, headers={"Referer": url}, timeout=30, allow_redirects=False)
    took_ms = 1000 * (time.perf_counter() - began)
    assert answer.status_code == (200 if says else 302), answer.text[:500]
    assert says in answer.text, answer.text[:500]
    return took_ms
