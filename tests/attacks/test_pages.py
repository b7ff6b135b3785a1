"""The pages: nothing without a token, nothing for strangers, nothing kept, nothing framed, and nobody led away."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Account, Link
from app.extensions import db
from app.sessions.models import Intervision
from app.times import now
from tests.sessions.cast import Cast
from tests.sessions.conftest import cast, make_cast  # noqa: F401 - fixtures
from tests.sessions.doors import come_in, link, mias_browser
from tests.visitor import PASSWORD, Visitor, make_account, path_of

OUTSIDE = {"/", "/join", "/sign-in", "/manifest.webmanifest", "/demo", "/styleguide"}
ABSENT = "QQQQQQ"


@pytest.fixture
def it(cast: Cast) -> Intervision:  # noqa: F811
    return db.session.get_one(Intervision, cast.run_up_to("closed").id)


def addresses(app: Flask, method: str) -> list[str]:
    """Every address of the app that takes `method`, with something in place of what it asks for."""
    found = [
        rule.rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"
    ]
    values = {"code": ABSENT, "document": "plan", "extension": "pdf", "seat_id": "x", "team_id": "1", "webhook_id": "1"}
    values |= {"token_id": "1", "what": "records"}
    return [re.sub(r"<(?:[^<>]*:)?(\w+)>", lambda match: values.get(match[1], "x"), rule) for rule in found]


def test_no_form_is_taken_without_its_token(app: Flask) -> None:
    mia = Visitor(app)
    mia.sign_in(make_account("Mia", admin=True))
    found = addresses(app, "POST")
    assert len(found) > 15
    for address in found:
        # The API goes by tokens of its own kind, and honours no cookie: there a forged form is nobody's.
        refused = 401 if address.startswith("/api/") else 400
        assert mia.send_without_token(address, name="x").status_code == refused, address


def test_nothing_private_is_kept_by_a_browser_or_shown_in_a_frame(app: Flask, it: Intervision) -> None:
    mia = Visitor(app)
    mia.client.set_cookie("x", "y")
    with mia.client.session_transaction() as session:
        session["account"] = [it.account_id, it.account.key_turn]
    pages = [each.replace(ABSENT, it.code) for each in addresses(app, "GET")]
    for page in {*pages, "/nothing-here"}:
        answer = mia.get(page)
        headers = answer.headers
        assert answer.status_code < 500, page
        policy = headers["Content-Security-Policy"]
        assert headers["Cache-Control"] == "no-store", page
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Content-Type-Options"] == "nosniff"
        for part in ("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'"):
            assert part in policy, page
        assert re.search(r"script-src 'nonce-[\w-]{20,}' 'self'(;|$)", policy), page
        assert "unsafe" not in policy


def test_every_script_and_style_of_every_page_is_ours_and_none_is_inline(app: Flask, it: Intervision) -> None:
    mia = Visitor(app)
    with mia.client.session_transaction() as session:
        session["account"] = [it.account_id, it.account.key_turn]
    for page in {each.replace(ABSENT, it.code) for each in addresses(app, "GET")}:
        answer = mia.get(page)
        if answer.mimetype != "text/html":
            continue
        text = answer.text
        for tag in re.findall(r"<script\b[^>]*>", text):
            assert "nonce=" in tag or 'type="application/json"' in tag, f"{page}: {tag}"
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|<base\b|<iframe\b|<object\b|<embed\b", text), page
        assert not re.search(r"(?:src|action)=\"(?:https?:)?//(?!localhost)", text), page


# --- A forgotten password ---


@pytest.fixture
def admin(app: Flask) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(make_account("Ada", admin=True))
    return browser


def password_link(admin: Visitor, account: Account) -> str:
    found = re.search(
        r"http://localhost(/account/password/[\w-]+)", admin.send("/account/password-link", whose=account.id).text
    )
    assert found
    return found[1]


def test_a_link_to_a_new_password_works_once_and_signs_every_device_out(app: Flask, admin: Visitor) -> None:
    mia, fresh = make_account("Mia"), "an even longer password"
    phone = Visitor(app)
    phone.sign_in(mia)
    path = password_link(admin, mia)
    owner, second = Visitor(app), Visitor(app)
    assert "mia@example.org" in owner.open_link(path).text
    second.open_link(path)
    assert path_of(owner.send("/account/password/new", password=fresh, repeated=fresh)) == "/sessions/"
    assert second.send("/account/password/new", password=fresh + "!", repeated=fresh + "!").status_code == 404
    assert second.get(path).status_code == 404
    assert path_of(phone.get("/account")).startswith("/sign-in")
    assert path_of(Visitor(app).sign_in(mia, fresh)) == "/sessions/"
    assert "do not belong together" in Visitor(app).sign_in(mia).text


def test_the_link_lasts_an_hour_and_a_second_one_ends_the_first(app: Flask, admin: Visitor) -> None:
    mia = make_account("Mia")
    first = password_link(admin, mia)
    password_link(admin, mia)
    assert Visitor(app).get(first).status_code == 404
    [made] = db.session.scalars(select(Link).where(Link.purpose == "password"))
    assert 3500 < (made.expires_at - now()).total_seconds() <= 3600


def test_only_an_administrator_makes_such_links_and_nobody_else_learns_who_has_an_account(app: Flask) -> None:
    mia, nora = make_account("Mia"), Visitor(app)
    nora.sign_in(make_account("Nora"))
    answers = [nora.send("/account/password-link", whose=whose) for whose in (mia.id, 99_999, "x")]
    assert {answer.status_code for answer in answers} == {403}
    assert len({re.sub(r"nonce=\S+|value=\S+", "", answer.text) for answer in answers}) == 1
    assert "forgotten password" not in nora.get("/account").text


def test_an_administrator_chooses_among_accounts_that_there_are(app: Flask, admin: Visitor) -> None:
    assert "/account/password/" not in admin.send("/account/password-link", whose=99_999).text


# --- What leaves the app ---


@pytest.mark.parametrize("email", ["a@b.example\r\nBcc: x@evil.example", "a@b.example\nX: y", "a@b.example%0aBcc:x y"])
def test_an_address_with_a_line_break_is_refused(app: Flask, email: str) -> None:
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    page = Visitor(app).use_link(
        f"/account/new/{token}", name="Nora", email=email, password=PASSWORD, repeated=PASSWORD
    )
    assert "does not look like an e-mail address" in page.text


@pytest.mark.parametrize("email", ["a,b@x.example", "a@x.example,b@y.example", "Otto<o@x.example", "a;b@x.example"])
def test_an_address_is_one_address_and_no_list_of_them(app: Flask, email: str) -> None:
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    page = Visitor(app).use_link(
        f"/account/new/{token}", name="Nora", email=email, password=PASSWORD, repeated=PASSWORD
    )
    assert "does not look like an e-mail address" in page.text


@pytest.mark.parametrize("path", ["/", "/archive", "/lessons", "/dashboard", "/sessions/past", "/api/v1/openapi.json"])
def test_bytes_that_are_no_text_in_an_address_end_in_no_error(app: Flask, path: str) -> None:
    mia = Visitor(app)
    mia.sign_in(make_account("Mia"))
    answer = mia.client.get(path, environ_overrides={"QUERY_STRING": "q=caf\xe9\xff&x=%C3%A9"})
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "call_url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://x.org",
     " javascript:alert(1)", "java\tscript:alert(1)", "//evil.example", "https://", "http://user@evil.example:x/"],
)  # fmt: skip
def test_the_link_of_the_call_is_a_web_address(app: Flask, cast: Cast, call_url: str) -> None:  # noqa: F811
    mia = mias_browser(app, cast)
    page = mia.send(f"/sessions/{cast.room().it.code}/edit", title="x", call_url=call_url)
    assert page.status_code == 200
    assert "Link of the video call" in page.text
    assert cast.room().it.call_url == "https://meet.example/room"


def test_the_host_that_a_request_names_is_in_no_link(app: Flask, cast: Cast) -> None:  # noqa: F811
    mia, code = mias_browser(app, cast), cast.room().it.code
    for headers in ({"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}):
        for page in (f"/sessions/{code}", f"/sessions/{code}/calendar.ics", "/sessions/"):
            assert "evil.example" not in mia.get(page, headers=headers).text
    app.config["TRUSTED_HOSTS"] = ["localhost"]
    assert mia.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_page_that_was_open_before_signing_out_is_not_there_any_more(app: Flask, it: Intervision) -> None:
    mia = Visitor(app)
    account = make_account("Nora")
    mia.sign_in(account)
    before = mia.get("/sessions/")
    assert before.headers["Cache-Control"] == "no-store"
    mia.send("/sign-out")
    assert path_of(mia.get("/sessions/")).startswith("/sign-in")


def test_whoever_comes_before_the_moderator_waits(app: Flask, cast: Cast) -> None:  # noqa: F811
    come_in(app, cast.room().it, "Cleo")
    assert {seat.name: seat.status for seat in cast.room().seats} == {"Mia": "in", "Otto": "waiting", "Cleo": "waiting"}
    cast.go_to("statement")
    come_in(app, cast.room().it, "Stan")
    assert next(seat for seat in cast.room().seats if seat.name == "Stan").status == "waiting"


def test_the_link_to_join_is_nowhere_in_what_a_guest_is_sent(app: Flask, cast: Cast) -> None:  # noqa: F811
    guest = come_in(app, cast.room().it, "Cara")
    assert link(cast.room().it) not in guest.get(f"/sessions/{cast.room().it.code}/room").text
