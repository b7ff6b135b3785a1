"""Browsers without a screen, on the running server; and what a page is made of, once a browser has read it."""

import json
import re
from collections import Counter
from html.parser import HTMLParser

import requests

from app.accounts import passwords
from app.accounts.models import Account
from app.database import begin_write
from app.extensions import db
from tests.attacks.marks import strings
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.visitor import PASSWORD

COOKIE = "intervise"


class Page:
    """A browser on the running server, without a screen."""

    def __init__(self, server: Server) -> None:
        self.url = server.url
        self.client = requests.Session()

    def get(self, path: str) -> requests.Response:
        return self.client.get(self.url + path, timeout=10)

    def send(self, path: str, **data: str) -> requests.Response:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/join").text)
        assert token
        return self.client.post(self.url + path, data={"csrf_token": token[1], **data}, timeout=10)

    @property
    def cookie(self) -> str:
        return f"{COOKIE}={self.client.cookies[COOKIE]}"

    def comes_in(self, cast: Cast, name: str) -> "Page":
        self.get(link(cast.room().it))
        answer = self.send(f"/join/{cast.room().it.code}/name", name=name)
        assert answer.url.endswith("/room"), answer.text
        return self

    def signs_in(self, account: Account) -> "Page":
        assert "/sign-in" not in self.send("/sign-in", email=account.email, password=PASSWORD).url
        return self


def account_of(cast: Cast) -> Account:
    fresh = passwords.hash_password(PASSWORD)
    begin_write(db.session)
    account = db.session.get_one(Account, cast.account.id)
    account.password_hash = fresh
    db.session.commit()
    return account


LEADING = {"href", "src", "action", "formaction", "srcdoc", "data", "poster", "content", "xlink:href"}
"""Attributes that a browser may follow, or take for a page."""
ALIVE = ("javascript", "vbscript", "data")
"""What no address that somebody typed may begin with. Pictures of our own are data."""

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ALONE = {"bdi", "title", "option", "textarea", "script"}
"""What stands in these has a direction of its own."""


class Shape(HTMLParser):
    """Which elements a page has, with which attributes, and every word that stands on it: to be read, in a field, or
    for a script. `loose` are the words whose direction could turn those beside them.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: Counter[tuple[str, ...]] = Counter()
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self.values: list[str] = []
        self.loose: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._json = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[(tag, *sorted(name for name, _value in attrs))] += 1
        self.links += [(name, value or "") for name, value in attrs if name in LEADING]
        self.values += [value or "" for name, value in attrs if name not in LEADING]
        self._json = tag == "script" and dict(attrs).get("type") in ("application/json", "importmap")
        if tag not in VOID:
            hidden = "visually-hidden" in str(dict(attrs).get("class"))  # it is a paragraph of its own
            self._open.append((tag, tag in ALONE or hidden or dict(attrs).get("dir") == "auto"))

    def handle_endtag(self, tag: str) -> None:
        self._json = False
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._json:
            self.values += strings(json.loads(data))
            return
        self.text += data
        self.loose += [data] if not any(alone for _tag, alone in self._open) else []

    @property
    def words(self) -> str:
        """All that stands on it, without blanks, which no page keeps."""
        return squeezed(self.text + "".join(self.values))

    @property
    def alive(self) -> list[str]:
        """What could do something at the wish of whoever typed it."""
        found = [str(each) for each in self.elements if any(name.startswith("on") for name in each[1:])]
        return found + [
            value for name, value in self.links if name != "src" and squeezed(value).lower().startswith(ALIVE)
        ]


def squeezed(text: str) -> str:
    return "".join(text.split())
