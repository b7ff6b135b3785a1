"""Tokens: made in the account, shown once, good for so long, and ended by whatever signs out every device."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.api import tokens
from app.api.models import ApiPlan, ApiToken
from app.extensions import db
from app.privacy import erasure, retention
from app.privacy.audit import Line
from app.times import at, now
from tests.api.conftest import NEW, Tool, tool_of
from tests.privacy.conftest import unpacked
from tests.visitor import PASSWORD, Visitor, app_that_counts_failures, make_account, path_of

TOKEN = re.compile(r"intervise_[\w-]{32}")


@pytest.fixture
def mias(app: Flask, mia: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(mia)
    return browser


def makes_one(browser: Visitor, **fields: object) -> str:
    sent = {"name": "Our CRM", "scopes": ["actions:read"], "days": 90, "password": PASSWORD} | fields
    found = TOKEN.search(browser.send("/account/tokens", **sent).text)
    return found[0] if found else ""


def test_a_token_is_shown_once_and_only_its_hash_is_kept(app: Flask, mias: Visitor, tmp_path: Path) -> None:
    token = makes_one(mias)
    assert token
    assert token not in mias.get("/account/tokens").text
    assert "<bdi>Our CRM</bdi>" in mias.get("/account/tokens").text
    db.session.rollback()
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert token.removeprefix(tokens.PREFIX).encode() not in kept
    me = Tool(app, token).get("/me")
    assert (me.json["name"], me.json["token"], me.json["scopes"]) == ("Mia", "Our CRM", ["actions:read"])


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"password": "wrong"}, "That is not your password"),
        ({"name": " "}, "Please say what it is for"),
        ({"name": "x" * 61}, "That is long"),
        ({"scopes": []}, "Please choose at least one"),
        ({"scopes": ["everything"]}, "field-error"),
        ({"days": "36500"}, "field-error"),
    ],
)
def test_what_is_not_right_makes_no_token(mias: Visitor, fields: dict[str, object], sentence: str) -> None:
    sent = {"name": "Our CRM", "scopes": ["actions:read"], "days": 90, "password": PASSWORD} | fields
    assert sentence in mias.send("/account/tokens", **sent).text
    assert db.session.scalars(select(ApiToken)).all() == []


def test_a_token_that_was_ended_is_worth_nothing(app: Flask, mias: Visitor) -> None:
    token = makes_one(mias)
    [kept] = db.session.scalars(select(ApiToken)).all()
    assert path_of(mias.send(f"/account/tokens/{kept.id}/end")) == "/account/tokens"
    assert Tool(app, token).get("/me").status_code == 401
    acts = [line.act for line in db.session.scalars(select(Line).order_by(Line.id))]
    assert [act for act in acts if act.startswith("token")] == ["token_made", "token_ended"]


def test_nobody_ends_somebody_elses(app: Flask, mias: Visitor) -> None:
    token = makes_one(mias)
    [kept] = db.session.scalars(select(ApiToken)).all()
    stan = Visitor(app)
    stan.sign_in(make_account("Stan"))
    stan.send(f"/account/tokens/{kept.id}/end")
    assert Tool(app, token).get("/me").status_code == 200


@pytest.mark.parametrize("number", ["3000000000", "1" + "0" * 20])
def test_a_number_that_no_row_has_leads_nowhere(mias: Visitor, number: str) -> None:
    assert mias.send(f"/account/tokens/{number}/end").status_code == 404


def test_a_new_password_ends_every_token(app: Flask, mias: Visitor) -> None:
    token = makes_one(mias)
    fresh = "an even longer password"
    mias.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert Tool(app, token).get("/me").status_code == 401
    assert "<bdi>Our CRM</bdi>" not in mias.get("/account/tokens").text
    makes_one(mias, name="Another", password=fresh)
    assert [each.name for each in db.session.scalars(select(ApiToken))] == ["Another"]


def test_with_the_account_all_of_them_go(app: Flask, mia: Account, tool: Tool) -> None:
    assert tool.get("/me").status_code == 200
    erasure.erase_account(mia.id, words=False)
    assert tool.get("/me").status_code == 401
    assert db.session.scalars(select(ApiToken)).all() == []


def test_a_token_is_good_for_as_long_as_was_chosen(app: Flask, mia: Account) -> None:
    with at(now() - timedelta(days=29)):
        young = tool_of(app, mia)
    with at(now() - timedelta(days=31)):
        old = tokens.make(mia, "Old", ["lessons:read"], 30)
    assert young.get("/me").status_code == 200
    assert Tool(app, old).get("/me").status_code == 401


def test_the_purge_takes_what_is_over(mia: Account, tool: Tool) -> None:
    with at(now() - timedelta(days=31)):
        tokens.make(mia, "Old", ["lessons:read"], 30)
        db.session.add(ApiPlan(account_id=mia.id, key="k", asked="x", intervision_id=1, at=now()))
        db.session.commit()
    tool.plans(**NEW)
    retention.purge()
    assert [each.name for each in db.session.scalars(select(ApiToken))] == ["A tool"]
    assert [each.key for each in db.session.scalars(select(ApiPlan))] == ["a-key"]


def test_the_day_of_its_last_use_is_noted_and_no_more(mia: Account, tool: Tool) -> None:
    assert db.session.scalars(select(ApiToken)).one().last_used_on is None
    tool.get("/me")
    db.session.expire_all()
    assert db.session.scalars(select(ApiToken)).one().last_used_on == now().date()


def test_one_has_only_so_many(mia: Account) -> None:
    made = [tokens.make(mia, f"Number {number}", ["lessons:read"], 30) for number in range(tokens.MOST + 1)]
    assert [bool(token) for token in made] == [True] * tokens.MOST + [False]


def test_ones_own_data_names_them(mias: Visitor) -> None:
    token = makes_one(mias)
    profile = unpacked(mias.get("/account/data.zip").data)["profile.json"]
    assert '"name": "Our CRM"' in profile
    assert token not in profile


# --- Who is let in ---


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Basic eDp5", "Bearer intervise_", "Bearer é\x7f"])
def test_without_a_good_token_nobody_is_let_in(app: Flask, sent: str) -> None:
    answer = Tool(app, None).get("/me", Authorization=sent)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "Send" in answer.json["detail"]


def test_a_cookie_is_not_honoured_and_none_is_given(app: Flask, mias: Visitor, tool: Tool) -> None:
    assert mias.get("/api/v1/me").status_code == 401
    for answer in (mias.get("/api/v1/me"), mias.get("/api/v1/openapi.json"), tool.get("/me")):
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert mias.get("/account").status_code == 200


def test_no_other_site_may_ask_from_a_browser(tool: Tool) -> None:
    answer = tool.get("/me", Origin="https://evil.example")
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
    asked = tool.ask("OPTIONS", "/me", headers={"Origin": "https://evil.example"})
    assert asked.status_code == 405


def test_too_many_requests_are_refused_with_a_sentence_and_a_time(tmp_path: Path) -> None:
    with app_that_counts_failures(tmp_path) as app:
        app.test_client_class = None
        mia = make_account("Mia")
        tool, other = tool_of(app, mia), tool_of(app, mia)
        found = [tool.get("/me").status_code for _ in range(121)]
        assert found == [200] * 120 + [429]
        refused = tool.get("/me")
        assert refused.mimetype == "application/problem+json"
        assert int(refused.headers["Retry-After"]) > 0
        assert other.get("/me").status_code == 200, "another token has its own"
        guesses = [Tool(app, f"intervise_{number}").get("/me").status_code for number in range(61)]
        assert guesses == [401] * 60 + [429]
