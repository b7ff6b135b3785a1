"""Somebody else's session, team and files: whoever asks for them is told the same as about what is not there at all."""

import itertools
import json
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account, AccountKind
from app.api import tokens
from app.api.scopes import SCOPES
from app.extensions import db
from app.privacy.audit import Line
from app.sessions.models import Contribution, Intervision, Journal, Seat
from app.teams.models import MemberKind, Membership, Team
from tests.sessions.cast import Cast
from tests.sessions.doors import come_in, mias_browser
from tests.visitor import Visitor, make_account

ABSENT = {"code": "QQQQQQ", "seat_id": "nobody0123456789", "team_id": "99999", "webhook_id": "99999"}
DOCUMENTS = ("plan", "record", "lessons", "process")
EXTENSIONS = ("pdf", "docx", "md", "csv", "ics", "json", "zip", "exe")
FORM = {
    "title": "Mine now", "team": "North", "date": "2026-07-01", "time": "10:30", "timezone": "Europe/Amsterdam",
    "language": "en", "length": "60", "expected": "6", "readable_days": "90", "how": "words", "sure": "yes",
    "days": "30", "name": "Stan", "text": "Mine now", "visibility": "team", "on": "y", "state": "done",
    "email": "stan@example.org", "url": "https://evil.example", "kind": "moderator", "account": "1", "themes": "x",
    "password": "a rather long password",
}  # fmt: skip
"""Something good for every field of every form: nobody is refused for having left one empty."""


@pytest.fixture(params=["planned", "brainstorm", "closed"])
def theirs(request: pytest.FixtureRequest, app: Flask) -> Cast:
    return Cast(make_account("Mia")).run_up_to(request.param)


@pytest.fixture
def strangers(app: Flask, theirs: Cast) -> dict[str, Visitor]:
    """Stan has nothing; Nora moderates, Fay facilitates another team; Gast sits in another session of another Mia's."""
    nora, fay = make_account("Nora"), make_account("Fay", kind=AccountKind.FACILITATOR)
    db.session.add(Team(name="South"))
    db.session.flush()
    south = db.session.scalars(select(Team.id).where(Team.name == "South")).one()
    db.session.add_all(Membership(account_id=each.id, team_id=south, kind=MemberKind.MODERATOR) for each in (nora,))
    db.session.add(Membership(account_id=fay.id, team_id=south, kind=MemberKind.FACILITATOR))
    db.session.commit()
    browsers = {"Stan": Visitor(app), "Nora": Visitor(app), "Fay": Visitor(app)}
    browsers["Nora"].sign_in(nora)
    browsers["Fay"].sign_in(fay)
    browsers["Gast"] = come_in(app, Cast(nora, team="South").room().it, "Gast")
    return browsers


def real_values(cast: Cast) -> dict[str, str]:
    it = cast.room().it
    return {"code": it.code, "seat_id": cast.seats["Otto"], "team_id": str(it.team_id), "webhook_id": "1"}


def asked(app: Flask) -> list[tuple[str, str]]:
    """Every method and address that names a session or a team."""
    found = []
    for rule in app.url_map.iter_rules():
        names = set(re.findall(r"<(?:[^<>]*:)?(\w+)>", rule.rule))
        if names & {"code", "team_id"} and not rule.rule.startswith("/api/"):
            plain = re.sub(r"<(?:[^<>]*:)?(\w+)>", r"{\1}", rule.rule)
            rules = [plain]
            if "document" in names:
                rules = [
                    plain.replace("{document}", document).replace("{extension}", extension)
                    for document, extension in itertools.product(DOCUMENTS, EXTENSIONS)
                ]
            found += [(method, each) for method in {"GET", "POST"} & (rule.methods or set()) for each in rules]
    return sorted(found)


def told(browser: Visitor, method: str, address: str, values: dict[str, str]) -> tuple[int, str, str, str | None]:
    """Status, body, where it leads and what kind it is, without what differs each time and what the address named."""
    where = address.format(**values)
    answer = (
        browser.get(where)
        if method == "GET"
        else browser._ask("POST", where, data=FORM | {"csrf_token": browser.token()})
    )
    kind = answer.headers.get("Content-Type")
    return (
        answer.status_code,
        same(answer.data.decode(errors="replace"), values),
        same(answer.headers.get("Location", ""), values),
        kind,
    )


def same(text: str, values: dict[str, str]) -> str:
    text = re.sub(r'nonce="[^"]*"|name="csrf_token"[^>]*>|"csrf": ?"[^"]*"', "", text)
    for name in ("code", "seat_id"):
        text = text.replace(values[name], f"<{name}>")
    return re.sub(rf"/teams/{values['team_id']}\b|/feeds/{values['team_id']}\b", "/<team>", text)


def everything() -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    tables = (Contribution, Journal, Seat, Line, Membership)
    return [
        *(db.session.scalar(select(func.count()).select_from(table)) for table in tables[:-2]),
        *db.session.execute(select(Intervision.id, Intervision.version, Intervision.title, Intervision.visibility)),
        *db.session.execute(select(Team.id, Team.name, Team.retention_days)),
        *db.session.execute(select(Membership.account_id, Membership.team_id, Membership.kind)),
    ]


def test_strangers_are_answered_alike_whether_there_is_such_a_session_or_not(
    app: Flask, theirs: Cast, strangers: dict[str, Visitor]
) -> None:
    real, before, tried = real_values(theirs), everything(), asked(app)
    assert len([method for method, _address in tried if method == "POST"]) > 20
    assert len([address for _method, address in tried if address.startswith("/teams/{team_id}")]) >= 8
    for (method, address), (who, browser) in itertools.product(tried, strangers.items()):
        there, absent = (told(browser, method, address, values) for values in (real, ABSENT))
        assert there == absent, f"{who}: {method} {address}"
        assert there[0] in (302, 403, 404), f"{who}: {method} {address}"
        if there[0] == 302:  # to the page where one signs in, or to where one types the code
            assert there[2].startswith(("/sign-in", "/join", "/sessions/<code>/join")), f"{who}: {method} {address}"
    assert everything() == before


BY_NAME = ("/dashboard?team={team_id}", "/archive?team={team}", "/lessons?team={team}", "/lessons/earlier.json")


def test_a_team_that_is_asked_for_by_name_is_not_there_either(theirs: Cast, strangers: dict[str, Visitor]) -> None:
    real, absent = real_values(theirs) | {"team": "North"}, ABSENT | {"team": "Nowhere"}
    for address, who in itertools.product(BY_NAME, ("Nora", "Fay")):
        answers = []
        for values in (real, absent):
            answer = strangers[who].get(address.format(**values))
            text = same(answer.text, values).replace(values["team"], "<team>")
            answers.append((answer.status_code, text.replace(f"team={values['team_id']}", "team=<team>")))
        assert answers[0] == answers[1], f"{who}: {address}"
        assert "Nobody will name a decider" not in answers[0][1]
        assert "Count roles" not in answers[0][1]


BY_TOKEN = (
    "/sessions/planned/{code}",
    "/sessions/{code}/record",
    "/sessions/{code}/process",
    "/figures/{team_id}",
    "/actions?session={code}",
    "/actions?team={team_id}",
    "/lessons?team={team_id}",
    "/sessions?team={team_id}",
)


@pytest.mark.parametrize("who", ["Nora", "Fay"])
def test_a_token_with_every_right_opens_nothing_of_somebody_elses(
    app: Flask, theirs: Cast, strangers: dict[str, Visitor], who: str
) -> None:
    account = db.session.scalars(select(Account).where(Account.name == who)).one()
    bearer = {"Authorization": f"Bearer {tokens.make(account, 'A tool', tuple(SCOPES), 30)}"}
    assert Visitor(app).get("/api/v1/me", headers=bearer).status_code == 200
    for address in BY_TOKEN:
        answers = []
        for values in (real_values(theirs), ABSENT):
            answer = Visitor(app).get("/api/v1" + address.format(**values), headers=bearer)
            answers.append((answer.status_code, answer.content_type, same(answer.text, values)))
        assert answers[0] == answers[1], address
        assert answers[0][0] == 404 or ("?" in address and json.loads(answers[0][2])["items"] == []), address


# --- Those whom it belongs to ---


def test_what_strangers_are_refused_is_there_for_mia(app: Flask) -> None:
    """The comparisons above would hold of addresses that are wrong, too."""
    cast = Cast(make_account("Mia")).run_up_to("closed")
    mia, values = mias_browser(app, cast), real_values(cast)
    opened = {
        address for method, address in asked(app) if method == "GET" and told(mia, method, address, values)[0] == 200
    }
    assert {
        "/sessions/{code}/record",
        "/sessions/{code}/people/{seat_id}",
        "/teams/{team_id}",
    } <= opened
    assert {f"/sessions/{{code}}/record.{extension}" for extension in ("pdf", "docx", "md", "json")} <= opened
