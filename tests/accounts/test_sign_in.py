"""Signing in and out: who gets in, what it tells, and how often one may try."""

import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.accounts import failures, links, passwords
from app.accounts.auth import local_path
from app.accounts.models import Account, AccountKind
from app.extensions import db
from tests.visitor import PASSWORD, Visitor, app_that_counts_failures, make_account, path_of

FRESH = "an even longer password"


def test_mia_signs_in_with_her_password_and_finds_her_sessions(visitor: Visitor, mia: Account) -> None:
    assert path_of(visitor.sign_in(mia)) == "/sessions/"
    assert visitor.get("/sessions/").status_code == 200


def test_capital_letters_and_spaces_around_the_email_do_not_matter(visitor: Visitor, mia: Account) -> None:
    response = visitor.send("/sign-in", email=" MIA@Example.org ", password=PASSWORD)
    assert path_of(response) == "/sessions/"


def test_a_wrong_password_does_not_let_anybody_in(visitor: Visitor, mia: Account) -> None:
    response = visitor.sign_in(mia, "some other password")
    assert "do not belong together" in response.text
    assert path_of(visitor.get("/sessions/")).startswith("/sign-in")


def test_a_form_without_its_token_is_refused(visitor: Visitor, mia: Account) -> None:
    response = visitor.send_without_token("/sign-in", email=mia.email, password=PASSWORD)
    assert response.status_code == 400
    assert "account" not in visitor.cookie()


def test_the_page_says_the_same_whether_an_account_exists_or_not(app: Flask, mia: Account) -> None:
    pages = []
    for email in ("mia@example.org", "nobody@example.org"):
        page = Visitor(app).send("/sign-in", email=email, password="not hers at all")
        pages.append((page.status_code, without_numbers(page.text).replace(email, "…")))
    assert pages[0] == pages[1]


def test_an_email_that_no_database_would_take_is_just_a_wrong_one(visitor: Visitor) -> None:
    page = visitor.send("/sign-in", email="mia\x00@example.org", password=PASSWORD)
    assert "do not belong together" in page.text


def without_numbers(page: str) -> str:
    """A page without its nonce and token, which differ each time."""
    return "\n".join(line for line in page.splitlines() if "nonce=" not in line and "csrf_token" not in line)


def test_an_unknown_account_costs_as_much_work_as_a_known_one(
    visitor: Visitor, mia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = passwords._verify

    def watched(typed: str, stored: str) -> bool:
        checked.append(stored)
        return verify(typed, stored)

    monkeypatch.setattr(passwords, "_verify", watched)
    visitor.send("/sign-in", email=mia.email, password="not hers at all")
    visitor.send("/sign-in", email="nobody@example.org", password="not hers at all")
    assert len(checked) == 2
    assert all(stored.startswith("$argon2id$") for stored in checked)
    parameters = [stored.split("$")[2:4] for stored in checked]
    assert parameters[0] == parameters[1]


@pytest.fixture
def work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the server does that takes time, in its order: passwords and links hashed, and each word with the database.

    Two ways with the same work take the same time, as far as the app can see to that. How long that is in milliseconds
    measures `dev.py bench sign-in`.
    """
    done: list[str] = []

    def watch(where: object, name: str) -> None:
        original = getattr(where, name)

        def watched(*args: Any) -> Any:
            done.append(name)
            return original(*args)

        monkeypatch.setattr(where, name, watched)

    hasher = passwords._hasher
    counted = SimpleNamespace(hash=hasher.hash, verify=hasher.verify, check_needs_rehash=hasher.check_needs_rehash)
    monkeypatch.setattr(passwords, "_hasher", counted)
    watch(counted, "hash")
    watch(counted, "verify")
    watch(links, "_hash")

    def ask(_connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        done.append(statement)

    event.listen(db.engine, "before_cursor_execute", ask)
    passwords._nobodys_hash()  # which the first try of all makes, and keeps
    done.clear()
    yield done
    event.remove(db.engine, "before_cursor_execute", ask)


def test_signing_in_asks_no_more_and_no_less_about_an_address_without_an_account(
    visitor: Visitor, mia: Account, work: list[str]
) -> None:
    ways = []
    for email in (mia.email, "nobody@example.org"):
        work.clear()
        visitor.send("/sign-in", email=email, password="not hers at all")
        ways.append([*work])
    assert ways[0] == ways[1]
    assert ways[0].count("verify") == 1
    assert [each.split()[0] for each in ways[0] if each[:6] in ("SELECT", "INSERT")] == ["SELECT", "SELECT", "INSERT"]


@pytest.mark.parametrize("purpose", ["account", "password"])
def test_a_link_that_was_good_once_costs_as_much_work_as_one_that_never_was(
    app: Flask, mia: Account, work: list[str], purpose: str
) -> None:
    tokens = {
        "for something else": links.make("seat", hours=1),
        "used": links.make(purpose, hours=1, account_id=mia.id),
        "too old": links.make(purpose, hours=-1, account_id=mia.id),  # the last, for the next would take it away
    }
    used = links.find(tokens["used"], purpose)
    assert used
    assert links.use(used)
    db.session.commit()
    tokens |= {"never made": secrets.token_urlsafe(links.BYTES), "no token at all": "x"}
    ways = {}
    for name, token in tokens.items():
        work.clear()
        page = Visitor(app).get(f"/account/{'new' if purpose == 'account' else purpose}/{token}")
        assert page.status_code == 404
        ways[name] = [*work]
    assert all(way == ways["never made"] for way in ways.values()), ways
    assert len(ways["never made"]) == 2
    assert ways["never made"][0] == "_hash"


def test_a_new_password_by_a_link_costs_as_much_work_whoever_it_is_for(
    app: Flask, mia: Account, work: list[str]
) -> None:
    """The form asks for no address: what a reset could tell is whose link it is."""
    ways = []
    for account in (mia, make_account("Nora")):
        token = links.make("password", hours=1, account_id=account.id)
        db.session.commit()
        work.clear()
        Visitor(app).use_link(f"/account/password/{token}", password=FRESH, repeated=FRESH)
        ways.append([*work])
    assert ways[0] == ways[1]
    assert (ways[0].count("hash"), ways[0].count("verify")) == (1, 0)


def test_an_invitation_does_all_its_work_before_it_looks_whether_the_address_has_an_account(
    app: Flask, mia: Account, work: list[str]
) -> None:
    """What it says then differs, as it has to; before that nothing does, so that no other answer can be read from the
    time it takes.
    """
    ways = []
    for email in (mia.email, "nora@example.org"):
        token = links.make("account", hours=1, kind="moderator", created_by=mia.id)
        db.session.commit()
        work.clear()
        Visitor(app).use_link(f"/account/new/{token}", name="Nora", email=email, password=FRESH, repeated=FRESH)
        tried = next(number for number, each in enumerate(work) if each.startswith("INSERT INTO accounts"))
        ways.append(work[: tried + 1])
        # Hashed is what was typed, once, and nothing beside it on the way to the answer.
        assert (work.count("hash"), work.count("verify")) == (1, 0)
    assert ways[0] == ways[1]
    assert not [each for each in ways[0] if "accounts.email =" in each]


def test_nobody_has_the_password_of_nobody() -> None:
    assert not passwords.is_right("nobody has this password", None)


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    assert passwords.is_right("cafe\u0301 au lait", passwords.hash_password("café au lait"))


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "///evil.example",
        "evil.example",
        "",
    ],
)
def test_after_signing_in_nobody_is_led_away_from_here(visitor: Visitor, mia: Account, target: str) -> None:
    assert local_path(target) is None
    response = visitor._ask(
        "POST",
        "/sign-in",
        query_string={"next": target},
        data={"csrf_token": visitor.token(), "email": mia.email, "password": PASSWORD},
    )
    assert path_of(response) == "/sessions/"
    assert response.headers["Location"] == "/sessions/"


def test_after_signing_in_mia_is_where_she_wanted_to_be(visitor: Visitor, mia: Account) -> None:
    asked = path_of(visitor.get("/sessions/new?from=mail"))
    assert asked == "/sign-in?next=/sessions/new?from%3Dmail"
    response = visitor.send(asked, email=mia.email, password=PASSWORD)
    assert path_of(response) == "/sessions/new?from=mail"


def test_signing_in_keeps_the_seats_of_this_browser_and_starts_everything_else_anew(
    visitor: Visitor, mia: Account
) -> None:
    with visitor.client.session_transaction() as session:
        session["seats"] = [[1, "seat", 1]]
        session["planted"] = "by Stan"
    before = visitor.token()
    visitor.sign_in(mia)
    assert visitor.cookie()["seats"] == [[1, "seat", 1]]
    assert "planted" not in visitor.cookie()
    response = visitor._ask("POST", "/sign-out", data={"csrf_token": before})
    assert response.status_code == 400


def test_signing_out_forgets_everything(signed_in: Visitor) -> None:
    assert path_of(signed_in.send("/sign-out")) == "/"
    assert path_of(signed_in.get("/sessions/")).startswith("/sign-in")
    assert "account" not in signed_in.cookie()


def test_signing_out_takes_a_form_and_not_a_link(signed_in: Visitor) -> None:
    assert signed_in.get("/sign-out").status_code == 405
    assert signed_in.send_without_token("/sign-out").status_code == 400
    assert signed_in.get("/sessions/").status_code == 200


def test_a_cookie_from_before_a_new_password_is_worth_nothing(signed_in: Visitor, mia: Account) -> None:
    mia.key_turn += 1
    db.session.commit()
    assert path_of(signed_in.get("/sessions/")).startswith("/sign-in")


def test_a_facilitator_signs_in_and_does_not_plan(visitor: Visitor) -> None:
    assert path_of(visitor.sign_in(make_account("Fay", AccountKind.FACILITATOR))) == "/archive"
    assert visitor.get("/archive").status_code == visitor.get("/account").status_code == 200
    page = visitor.get("/sessions/new")
    assert page.status_code == 403
    assert "Ask a moderator" in page.text


# --- How often one may try ---


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    with app_that_counts_failures(tmp_path) as app:
        yield app


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tries, and this is not about hashing."""
    monkeypatch.setattr(passwords, "_verify", lambda typed, _stored: typed == PASSWORD)


@pytest.mark.usefixtures("quick")
def test_ten_wrong_passwords_are_enough_and_the_page_says_when_to_come_back(limited: Flask) -> None:
    mia = make_account("Mia")
    stan = Visitor(limited, "192.0.2.66")
    for _ in range(10):
        assert stan.sign_in(mia, "wrong").status_code == 200
    refused = stan.sign_in(mia)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60 + 1
    assert "Please try again in" in refused.text


@pytest.mark.usefixtures("quick")
def test_somebody_who_tries_does_not_lock_mia_out(limited: Flask) -> None:
    mia = make_account("Mia")
    stan = Visitor(limited, "192.0.2.66")
    for _ in range(12):
        stan.sign_in(mia, "wrong")
    assert path_of(Visitor(limited, "192.0.2.7").sign_in(mia)) == "/sessions/"


@pytest.mark.usefixtures("quick")
def test_tries_from_many_addresses_are_counted_for_the_account(limited: Flask) -> None:
    mia = make_account("Mia")
    statuses = [Visitor(limited, f"198.51.100.{n}").sign_in(mia, "wrong").status_code for n in range(101)]
    assert statuses[99] == 200
    assert statuses[100] == 429


@pytest.mark.usefixtures("quick")
def test_tries_on_many_accounts_are_counted_for_the_address(limited: Flask) -> None:
    stan = Visitor(limited, "192.0.2.66")
    statuses = [stan.send("/sign-in", email=f"p{n}@example.org", password="wrong").status_code for n in range(61)]
    assert statuses[59] == 200
    assert statuses[60] == 429


@pytest.mark.usefixtures("quick")
def test_addresses_of_one_ipv6_household_count_as_one(limited: Flask) -> None:
    mia = make_account("Mia")
    for n in range(10):
        Visitor(limited, f"2001:db8:1:2::{n:x}").sign_in(mia, "wrong")
    assert Visitor(limited, "2001:db8:1:2:ffff::1").sign_in(mia).status_code == 429
    assert path_of(Visitor(limited, "2001:db8:1:3::1").sign_in(mia)) == "/sessions/"


@pytest.mark.usefixtures("quick")
def test_thirty_colleagues_behind_one_address_get_in(limited: Flask) -> None:
    for n in range(30):
        account = make_account(f"Colleague{n}")
        browser = Visitor(limited, "203.0.113.5")
        assert browser.sign_in(account, "typed wrong once").status_code == 200
        assert path_of(browser.sign_in(account)) == "/sessions/"


def test_tries_that_come_all_at_once_are_no_more_than_the_limit_and_a_handful(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = make_account("Mia")
    tried: list[str] = []
    come = threading.Semaphore(0)
    all_have_come = threading.Event()

    def verify(typed: str, _stored: str) -> bool:
        assert all_have_come.wait(10)
        tried.append(typed)
        return False

    def comes() -> None:
        come.release()

    monkeypatch.setattr(passwords, "_verify", verify)
    stans = [Visitor(limited, "192.0.2.66") for _ in range(40)]
    forms = [{"csrf_token": stan.token(), "email": mia.email, "password": "wrong"} for stan in stans]
    monkeypatch.setitem(limited.before_request_funcs, None, [*limited.before_request_funcs[None], comes])

    def tries(stan: Visitor, form: dict[str, str]) -> int:
        with limited.app_context():
            return stan._ask("POST", "/sign-in", data=form).status_code

    with ThreadPoolExecutor(len(stans)) as threads:
        answers = [threads.submit(tries, stan, form) for stan, form in zip(stans, forms, strict=True)]
        for _ in stans:
            assert come.acquire(timeout=10)
        all_have_come.set()
        statuses = [answer.result() for answer in answers]
    assert 10 <= len(tried) <= 10 + 2 * failures.AT_ONCE
    assert statuses.count(429) == len(stans) - len(tried)


class Places:
    """The places for hashing, which are all taken; tells when somebody waits for one."""

    def __init__(self) -> None:
        self.wanted = threading.Event()
        self.given_back = threading.Event()

    def __enter__(self) -> None:
        self.wanted.set()
        assert self.given_back.wait(10)

    def __exit__(self, *_: object) -> None:
        pass


def test_few_passwords_are_hashed_at_a_time_so_that_threads_are_left_for_the_disk(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    places, hashed = Places(), threading.Event()
    monkeypatch.setattr(passwords, "_places", places, raising=False)
    monkeypatch.setattr(passwords, "_verify", lambda _typed, _stored: hashed.set())
    mia = threading.Thread(target=passwords.is_right, args=(PASSWORD, "-"))
    mia.start()
    while mia.is_alive() and not places.wanted.is_set():
        mia.join(0.01)
    assert not hashed.is_set()
    places.given_back.set()
    mia.join(10)
    assert hashed.is_set()
