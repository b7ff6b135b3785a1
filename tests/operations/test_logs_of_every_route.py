"""Every address that there is, asked and sent with a canary in it by everybody, with keys of every kind: no line of the
log holds a word, a secret or a link of theirs.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from app.accounts import links, passwords
from app.accounts.models import Account, AccountKind
from app.api.scopes import SCOPES
from app.database import begin_write
from app.deliveries import Delivery
from app.extensions import db
from app.sessions import join_links
from app.sessions.commands import archiving
from app.sessions.commands.door import change
from app.teams.models import MemberKind, Membership
from app.times import at, now
from tests.conftest import Server
from tests.deliveries.receiver import receiver
from tests.followup.mail_server import mail_server
from tests.operations.conftest import Logged, Start
from tests.operations.test_logs import CANARY, PASSWORD, Browser
from tests.operations.test_metrics import near
from tests.sessions.cast import Cast
from tests.waiting import wait_for

ACCOUNTS = {"Mia": AccountKind.MODERATOR, "Fay": AccountKind.FACILITATOR, "Max": AccountKind.MODERATOR}
"""Mia moderates and administers, Fay facilitates, Max is erased."""
SECRETS = (r"intervise_[\w-]+", r"whsec_[\w+/=]+", r"(?:/feeds|/seat|/new|/password|/follow-up|/join)/([\w-]{20,})")
"""What a page shows once, or to whom it belongs alone."""
SMTP = {"SMTP_HOST": "127.0.0.1", "SMTP_SECURITY": "none", "SMTP_FROM": "Canary <canary-sender@example.org>",
        "SMTP_USER": "canary-user", "SMTP_PASSWORD": "canary-password-of-the-mail-server"}  # fmt: skip
FIELDS = {
    "title", "team", "owner_name", "theme", "call_url", "date", "time", "timezone", "language", "length", "expected",
    "readable_days", "visibility", "move_on", "stays", "name", "email", "password", "repeated", "current", "code",
    "address", "format", "q", "owner", "moderator", "method", "since", "until", "sort", "all", "session", "text",
    "first", "second", "item", "by", "state", "number", "helped", "tell", "how", "sure", "seat", "more", "account",
    "kind", "whose", "days", "scopes", "on", "command", "new",
}  # fmt: skip
"""Whatever a form may hold."""
LAST = ("/sessions/<code>/delete", "/sign-out")
"""After these there is nothing left to send a form to."""


def with_canaries(cast: Cast) -> None:
    """Put the canary into every word that was said, and into every name."""
    with change(cast.id, "corpus") as under_way:
        under_way.unseal()
        under_way.it.title, under_way.it.team.name = "Canary title", "Canary team"
        for seat in under_way.room.seats:
            seat.name = f"Canary {seat.name}"
        for item in under_way.room.contributions():
            item.text = f"Canary {item.text}"
            item.data = {name: canary_of(name, value) for name, value in item.data.items()}
        archiving.archive(under_way.room)


def canary_of(name: str, value: Any) -> Any:
    if name in archiving.NO_WORDS or not isinstance(value, str):
        return value
    return "Canary Cara" if name == "who" else f"Canary {value}"


class Walk:
    """Everybody's browser, and every secret that they were shown on the way."""

    def __init__(self, server: Server, app: Flask) -> None:
        self.server, self.app = server, app
        accounts = {name: self._account(name, kind) for name, kind in ACCOUNTS.items()}
        with at(now() - timedelta(days=22)):
            self.cast = Cast(accounts["Mia"], visibility="facilitators").run_up_to("closed")
        with_canaries(self.cast)
        it = self.cast.room().it
        self.code, self.team_id, self.action = it.code, it.team_id, self.cast.sees_kind("Otto", "action")[0]["id"]
        self.fay_id, self.tokens = accounts["Fay"].id, {"canary-token", join_links.token(it)}
        begin_write(db.session)
        db.session.execute(update(Account).values(name="Canary " + Account.name))
        db.session.add(Membership(account_id=self.fay_id, team_id=self.team_id, kind=MemberKind.FACILITATOR))
        seats = {who: links.make("device", hours=1, seat_id=self.cast.seats[who]) for who in ("Otto", "Cara")}
        db.session.commit()
        self.browsers = {who: Browser(server) for who in (*ACCOUNTS, "Otto", "Cara", "Stan")}
        for who in ACCOUNTS:
            self.sends(who, "/sign-in", email=f"canary.{who}@example.org", password=PASSWORD)
        for who, token in seats.items():
            self.tokens.add(token)
            self.gets(who, f"/seat/{token}")
            self.sends(who, "/seat")

    def _account(self, name: str, kind: AccountKind) -> Account:
        hashed, email = passwords.hash_password(PASSWORD), f"canary.{name.lower()}@example.org"
        account = Account(email=email, name=name, kind=kind, admin=name == "Mia", password_hash=hashed)
        db.session.add(account)
        db.session.commit()
        return account

    def gets(self, who: str, path: str, **headers: str) -> str:
        return self._keep(self.browsers[who].get(path, **headers))

    def sends(self, who: str, path: str, **fields: str | list[str]) -> str:
        return self._keep(self.browsers[who].post(path, **fields))

    def _keep(self, page: str) -> str:
        self.tokens |= {
            match[1] if match.re.groups else match[0] for each in SECRETS for match in re.finditer(each, page)
        }
        return page

    def goes_well(self, hook: str) -> None:
        """What people come for: each of these is taken, with the canary in all that they type."""
        mia, page, team = "Mia", f"/sessions/{self.code}", f"/teams/{self.team_id}"
        day = (now() + timedelta(days=3)).date().isoformat()
        plan = {"title": "Canary plan", "team": "Canary team", "owner_name": "Canary Nora", "date": day,
                "time": "10:30", "theme": "Canary theme", "call_url": "https://canary.example/room", "expected": "6",
                "length": "60", "timezone": "UTC", "language": "en", "readable_days": "90"}  # fmt: skip
        planned = re.findall(r"/sessions/([A-Z0-9]{6})/", self.sends(mia, "/sessions/new", **plan))[0]
        self.sends(mia, f"/sessions/{planned}/owner-link")
        self.sends(mia, "/account/invitation", kind="moderator", team="0")
        forgotten = self.sends(mia, "/account/password-link", whose=str(self.fay_id))
        self.sends(mia, "/account/tokens", name="Canary tool", scopes=list(SCOPES), days="30", password=PASSWORD)
        self.sends(mia, f"/lessons/feeds/{self.team_id}")
        assert "whsec_" in self.sends(mia, f"{team}/news", format="json", address=hook)
        assert "did not arrive" in self.sends(mia, f"{team}/news/1/test")
        self.sends(mia, f"{page}/themes", more="Canary theme")
        assert "record-canary-title" in self.sends(mia, "/archive/records", session=self.code)
        assert "Canary" in self.gets(mia, "/archive?q=canary")
        self.sends("Fay", f"{page}/notes", text="Canary note")
        for act, fields in (
            ("action", {"item": self.action, "state": "under_way", "text": "Canary word", "by": day}),
            ("step", {"text": "Canary step", "by": day}),
            ("check-in", {"number": "1", "first": "Canary first", "second": "Canary second"}),
            ("tell", {"tell": "words"}),
            ("address", {"email": "canary.otto@example.org"}),
            ("link", {}),
        ):
            assert 'role="alert"' not in self.sends("Otto", f"{page}/follow-up/{act}", **fields), act
        self.sends("Otto", f"{page}/export-actions", on="yes")
        self.sends("Otto", f"{page}/take-along")
        assert "Canary help" in self.sends("Cara", f"{page}/follow-up/support", item=self.action, text="Canary help")
        self.gets("Stan", found(forgotten, r"(/account/password/[\w-]{20,})"))
        self.sends("Stan", "/account/password/new", password="canary password 99", repeated="canary password 99")
        self.sends("Max", "/account/erase", how="words", sure="y", password=PASSWORD)

    def goes_everywhere(self) -> None:
        """Every page, by everybody; every form, with the canary in all its fields."""
        for rule in self.rules("GET"):
            for who in ("Stan",) if "token" in rule.arguments else ("Mia", "Otto", "Stan"):
                for path in self.addresses(rule):
                    self.gets(who, f"{path}?q=canary&code=canary&next=/canary&theme=canary&quarter=canary")
        bearers = [token for token in self.tokens if token.startswith("intervise_")]
        for rule in self.rules("GET"):
            for bearer in (*bearers, "intervise_canary", "canary") if rule.rule.startswith("/api/v1/") else ():
                self.gets("Stan", self.addresses(rule)[0], Authorization=f"Bearer {bearer}")
        self.asks_the_api(bearers[0])
        seat = self.cast.seats["Carl"]
        self.sends("Mia", f"/sessions/{self.code}/people/{seat}", how="words", sure="y")
        for rule in sorted(
            self.rules("POST"), key=lambda rule: ("", *LAST).index(rule.rule if rule.rule in LAST else "")
        ):
            for who in ("Otto", "Mia"):
                self.sends(who, self.addresses(rule)[0], **dict.fromkeys(FIELDS, "canary"))

    def asks_the_api(self, token: str) -> None:
        """For what there is, and for what is not understood."""
        for body in ('{"title": "Canary"}', '{"canary": "canary"}', "canary", '{"title": 1, "team": ["canary"]}'):
            path, data = "/api/v1/sessions", body.encode()
            self._keep(self.browsers["Stan"]._ask(path, data, Authorization=f"Bearer {token}", Idempotency_Key=CANARY))
        for path in (
            "sessions?q=canary",
            "sessions?canary=canary",
            "figures/canary",
            "sessions/CANARY/record",
            "canary",
        ):
            self.gets("Stan", f"/api/v1/{path}", Authorization=f"Bearer {token}")

    def rules(self, method: str) -> list[Rule]:
        return [rule for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())]

    def addresses(self, rule: Rule) -> list[str]:
        """The address of a rule; with a token in it, one for each there is, of whatever kind."""
        values = {
            "code": self.code, "seat_id": self.cast.seats["Otto"], "team_id": str(self.team_id), "webhook_id": "1",
            "token_id": "1", "what": "records", "document": "plan", "extension": "md", "filename": "css/base.css",
        }  # fmt: skip
        filled = re.sub(r"<(?:[^<>]*:)?(?!token>)(\w+)>", lambda name: values.get(name[1], CANARY), rule.rule)
        return [filled.replace("<token>", token) for token in sorted(self.tokens)] if "<token>" in filled else [filled]


def found(text: str, pattern: str) -> str:
    match = re.search(pattern, text)
    assert match, pattern
    return match[1]


def test_no_route_logs_a_word_a_secret_or_a_link(start: Start):
    with mail_server() as mails, receiver() as other_side:
        mails.broken = True
        other_side.answers = lambda handler: handler.say(500)
        running = start(**SMTP, SMTP_PORT=str(mails.port))
        with near(running.server) as app:
            walk = Walk(running.server, app)
            walk.goes_well(other_side.url.replace("key=1", "key=canary"))
            wait_for(lambda: "mail" in {each.channel for each in tried()})
            walk.goes_everywhere()
            rules = {(method, rule.rule) for method in ("GET", "POST") for rule in walk.rules(method)}
        assert running.end() == 0
    kinds = ("intervise_", "whsec_", "canary-token")
    assert len(walk.tokens) >= 10
    assert all(any(token.startswith(kind) for token in walk.tokens) for kind in kinds)
    check(running, rules, {*walk.tokens, walk.code, *walk.cast.seats.values()})


def tried() -> list[Delivery]:
    """What was tried in vain."""
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).where(Delivery.error != "")))


def check(running: Logged, rules: set[tuple[str, str]], secrets: set[str]) -> None:
    lines = list(answered(running))
    routes = {(line["method"], line["route"]) for line in lines}
    assert {(method, rule) for method, rule in rules if not rule.startswith("/static/")} - routes == set()
    assert {200, 302, 400, 401, 404, 409} <= {line["status"] for line in lines}  # taken and refused
    said = running.output().lower()
    assert [line for line in said.splitlines() if CANARY in line] == []
    assert [secret for secret in secrets if secret.lower() in said] == []


def answered(running: Logged) -> Iterator[dict[str, Any]]:
    for line in running.files[1].read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        if told["message"] == "answered":
            yield told
