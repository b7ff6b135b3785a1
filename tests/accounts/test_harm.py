"""Accounts under attack, and two requests at once: dear work is bounded, and nobody writes over what they never saw."""

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from app.accounts import forms, links, passwords
from app.accounts.models import Account, Link, SignOut
from app.extensions import db
from app.startup import first_link
from app.times import now
from tests.visitor import PASSWORD, Visitor, app_that_counts_failures, make_account, path_of

FRESH = "an even longer password"
NEW = {"name": "Nora", "email": "nora@example.org", "password": PASSWORD, "repeated": PASSWORD}

# --- Work that is bounded ---


def test_a_password_beyond_any_length_is_wrong_and_costs_what_any_other_costs(
    visitor: Visitor, mia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    normalized: list[str] = []
    verified: list[str] = []
    verify = passwords._hasher.verify

    def normalize(form: Any, text: str) -> str:
        assert len(text) <= 4 * passwords.LONGEST, "this would take very long"
        normalized.append(text)
        return unicodedata.normalize(form, text)

    def watched(stored: str, typed: str) -> bool:
        verified.append(stored)
        return verify(stored, typed)

    monkeypatch.setattr(passwords, "unicodedata", SimpleNamespace(normalize=normalize))
    monkeypatch.setattr(passwords, "_hasher", SimpleNamespace(verify=watched, hash=passwords._hasher.hash))
    for email in (mia.email, "nobody@example.org"):
        page = visitor.send("/sign-in", email=email, password="e" + "\u0301" * 15_000 + "\u0323" * 15_000)
        assert "do not belong together" in page.text
    assert len(verified) == len(normalized) == 2


def test_no_password_is_the_one_that_stands_for_all_that_are_too_long() -> None:
    stored = passwords.hash_password("a" * passwords.LONGEST)
    assert passwords.is_right("a" * passwords.LONGEST, stored)
    assert not passwords.is_right("a" * 5 * passwords.LONGEST, stored)
    assert not passwords.is_right("b" * 5 * passwords.LONGEST, passwords.hash_password(""))


def test_the_longest_password_is_right_on_a_keyboard_that_sends_it_in_pieces() -> None:
    longest = "ế" * passwords.LONGEST
    assert passwords.is_right(unicodedata.normalize("NFD", longest), passwords.hash_password(longest))


def test_an_email_is_matched_only_if_it_is_short(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    matched: list[str] = []
    pattern = forms.EMAIL

    def fullmatch(text: str) -> object:
        matched.append(text)
        return pattern.fullmatch(text)

    monkeypatch.setattr(forms, "EMAIL", SimpleNamespace(fullmatch=fullmatch))
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    page = Visitor(app).use_link(f"/account/new/{token}", **NEW | {"email": "a@" + "." * 100_000 + ","})
    assert "does not look like an e-mail address" in page.text
    assert all(len(text) <= 254 for text in matched)


# --- Tries that are counted ---


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    with app_that_counts_failures(tmp_path) as app:
        yield app


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tries, and this is not about hashing."""
    monkeypatch.setattr(passwords, "_verify", lambda typed, _stored: typed == PASSWORD)


def invitation() -> str:
    token = links.make("account", hours=1, kind="moderator", created_by=db.session.scalar(select(Account.id)))
    db.session.commit()
    return f"/account/new/{token}"


@pytest.mark.usefixtures("quick")
def test_an_invitation_does_not_say_of_any_number_of_addresses_whether_they_have_an_account(limited: Flask) -> None:
    make_account("Mia")
    link = invitation()
    for number in range(5):
        page = Visitor(limited, f"192.0.2.{number}").use_link(link, **NEW | {"email": "mia@example.org"})
        assert "cannot be used here" in page.text
    again = Visitor(limited, "192.0.2.66").use_link(link, **NEW | {"email": "mia@example.org"})
    assert again.status_code == 429
    assert path_of(Visitor(limited).use_link(invitation(), **NEW)) == "/sessions/"


@pytest.mark.usefixtures("quick")
def test_typing_mistakes_in_the_form_of_an_invitation_are_not_counted(limited: Flask) -> None:
    make_account("Mia")
    link = invitation()
    for _ in range(6):
        assert Visitor(limited).use_link(link, **NEW | {"repeated": "another one"}).status_code == 200
    assert path_of(Visitor(limited).use_link(link, **NEW)) == "/sessions/"


def new_password(person: Visitor, current: str) -> int:
    return person.send("/account/password", current=current, password=FRESH, repeated=FRESH).status_code


@pytest.mark.usefixtures("quick")
def test_who_mistypes_their_password_closes_the_form_for_no_colleague(limited: Flask) -> None:
    browsers = []
    for name in ("Mia", "Nora"):
        browsers.append(Visitor(limited))
        browsers[-1].sign_in(make_account(name))
    mia, nora = browsers
    assert [new_password(mia, "wrong") for _ in range(10)] == [200] * 10
    assert new_password(mia, PASSWORD) == 429
    assert new_password(nora, PASSWORD) == 302


@pytest.mark.usefixtures("quick")
def test_guesses_at_one_password_from_many_addresses_are_counted_for_the_account(limited: Flask) -> None:
    mia = Visitor(limited)
    mia.sign_in(make_account("Mia"))
    statuses = []
    for number in range(101):
        mia.address = f"198.51.100.{number}"
        statuses.append(new_password(mia, "wrong"))
    assert (statuses[99], statuses[100]) == (200, 429)


# --- Two at once ---


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[Session], None]) -> None:
    """While the next password is hashed, this happens elsewhere."""
    hash_password = passwords.hash_password

    def hashes(password: str) -> str:
        monkeypatch.setattr(passwords, "hash_password", hash_password)
        db.session.rollback()
        with db.sessionmaker() as other:
            happens(other)
            other.commit()
        return hash_password(password)

    monkeypatch.setattr(passwords, "hash_password", hashes)


def another_password(session: Session) -> None:
    account = session.scalars(select(Account)).one()
    account.password_hash, account.key_turn = "set by a link", account.key_turn + 1


def stored() -> str:
    db.session.rollback()
    return db.session.scalars(select(Account.password_hash)).one()


def test_a_password_that_was_set_meanwhile_is_not_written_over(
    signed_in: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {"csrf_token": signed_in.token(), "current": PASSWORD, "password": FRESH, "repeated": FRESH}
    meanwhile(monkeypatch, another_password)
    page = signed_in._ask("POST", "/account/password", data=form)
    assert page.status_code == 200
    assert "was changed a moment ago" in page.text
    assert stored() == "set by a link"


def test_signing_in_with_the_old_password_does_not_bring_it_back(
    visitor: Visitor, mia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: True)
    meanwhile(monkeypatch, another_password)
    page = visitor.sign_in(mia)
    assert "do not belong together" in page.text
    assert stored() == "set by a link"


def test_two_who_sign_in_at_once_are_both_in_whoever_hashes_anew_first(
    visitor: Visitor, mia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hashed_anew(session: Session) -> None:
        session.scalars(select(Account)).one().password_hash = "hashed anew"

    monkeypatch.setattr(passwords, "is_outdated", lambda _stored: True)
    meanwhile(monkeypatch, hashed_anew)
    assert path_of(visitor.sign_in(mia)) == "/sessions/"
    assert stored() == "hashed anew"


def test_two_requests_that_sign_out_the_same_browser_both_do(signed_in: Visitor) -> None:
    name = signed_in.cookie()["browser"]
    form = {"csrf_token": signed_in.token()}

    def faster(session: Session, *_: object) -> None:
        if any(isinstance(each, SignOut) for each in session.new):
            session.connection().execute(insert(SignOut.__table__).values(browser=name, at=now()))  # type: ignore[arg-type]

    event.listen(Session, "before_flush", faster)
    try:
        answer = signed_in._ask("POST", "/sign-out", data=form)
    finally:
        event.remove(Session, "before_flush", faster)
    assert path_of(answer) == "/"
    assert "account" not in signed_in.cookie()


# --- The first account ---


def test_the_first_account_ends_the_other_links_that_would_make_it(app: Flask) -> None:
    used, forgotten = [first_link(app).split()[-1].removeprefix("http://localhost") for _ in range(2)]
    assert path_of(Visitor(app).use_link(used, **NEW)) == "/sessions/"
    assert Visitor(app).use_link(forgotten, **NEW | {"email": "stan@example.org"}).status_code == 404
    assert db.session.scalar(select(func.count(Account.id))) == 1


def test_an_account_by_invitation_ends_no_other_invitation(app: Flask, mia: Account) -> None:
    for link, email in ((invitation(), "nora@example.org"), (invitation(), "olga@example.org")):
        Visitor(app).use_link(link, **NEW | {"email": email})
    assert db.session.scalar(select(func.count(Account.id))) == 3


def test_an_invitation_outlives_the_first_account_of_another(app: Flask, mia: Account) -> None:
    first, second = invitation(), invitation()
    Visitor(app).use_link(first, **NEW)
    assert [link.created_by for link in db.session.scalars(select(Link))] == [mia.id]
    assert second
