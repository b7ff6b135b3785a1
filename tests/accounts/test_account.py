"""The first account, further ones by invitation, and one's own password."""

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import links
from app.accounts.models import Account, AccountKind, Link
from app.extensions import db
from app.startup import first_lines
from app.times import now
from tests.visitor import PASSWORD, Visitor, make_account, path_of

NEW = {"name": "Nora", "email": "nora@example.org", "password": PASSWORD, "repeated": PASSWORD}


def first_link(app: Flask) -> str:
    [line] = [line for line in first_lines(app) if "/account/new/" in line]
    return urlsplit(line.split()[-1]).path


def accounts() -> int:
    return db.session.scalar(select(func.count(Account.id))) or 0


def test_the_first_start_prints_a_link_that_makes_the_first_account(app: Flask, visitor: Visitor) -> None:
    link = first_link(app)
    assert path_of(visitor.use_link(link, **NEW)) == "/sessions/"
    nora = db.session.scalars(select(Account)).one()
    assert (nora.name, nora.email, nora.kind, nora.admin) == ("Nora", "nora@example.org", "moderator", True)
    assert visitor.get("/sessions/").status_code == 200


def test_once_there_is_an_account_no_link_is_printed(app: Flask, mia: Account) -> None:
    assert first_lines(app) == ["Intervise is at http://localhost"]


def test_once_there_is_an_account_the_command_makes_no_link_either(app: Flask, mia: Account) -> None:
    asked = app.test_cli_runner().invoke(args=["first-link"])
    assert asked.exit_code == 1
    assert "There is an account already" in asked.output
    assert db.session.scalar(select(func.count(Link.id))) == 0


def test_opening_the_link_uses_nothing_up(app: Flask, visitor: Visitor) -> None:
    link = first_link(app)
    for _ in range(3):
        assert "Make the account" in visitor.open_link(link).text
    assert accounts() == 0
    assert path_of(visitor.use_link(link, **NEW)) == "/sessions/"


def test_the_link_makes_one_account_and_no_second(app: Flask, visitor: Visitor) -> None:
    link = first_link(app)
    visitor.use_link(link, **NEW)
    second = Visitor(app).use_link(link, **NEW | {"email": "stan@example.org", "name": "Stan"})
    assert second.status_code == 404
    assert "has been used" in second.text
    assert accounts() == 1


def test_of_two_who_send_the_form_at_once_one_gets_the_account(app: Flask) -> None:
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    link = links.find(token, "account")
    assert link
    assert links.use(link)
    assert not links.use(link)


def test_a_link_that_is_too_old_or_for_something_else_is_no_link(app: Flask, visitor: Visitor) -> None:
    old = links.make("account", hours=-1, kind="moderator")
    other = links.make("seat", hours=1)
    db.session.commit()
    for token in (old, other, "guessed", "x" * 5000):
        assert visitor.get(f"/account/new/{token}").status_code == 404


def test_a_link_cannot_be_guessed_and_is_not_stored(app: Flask) -> None:
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    row = db.session.scalars(select(Link)).one()
    assert len(token) * 6 >= 128
    assert token not in (row.token_hash, row.purpose, row.kind)
    assert re.fullmatch("[0-9a-f]{64}", row.token_hash)
    assert len({links.make("account", hours=1) for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"email": "nora"}, "does not look like an e-mail address"),
        ({"email": "nora\x00@example.org"}, "does not look like an e-mail address"),
        ({"name": "\u200b"}, "type the name"),
        ({"name": "Moderator"}, "stands for a role"),
        ({"password": "short", "repeated": "short"}, "at least 10 characters"),
        ({"repeated": "another long password"}, "The two passwords differ"),
    ],
)
def test_a_form_with_a_mistake_says_which_and_makes_nothing(
    app: Flask, visitor: Visitor, wrong: dict[str, str], sentence: str
) -> None:
    page = visitor.use_link(first_link(app), **NEW | wrong)
    assert page.status_code == 200
    assert sentence in page.text
    assert accounts() == 0


def test_an_email_that_is_taken_makes_no_second_account_and_the_link_stays_good(app: Flask, mia: Account) -> None:
    token = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    page = Visitor(app).use_link(f"/account/new/{token}", **NEW | {"email": "MIA@example.org"})
    assert "cannot be used here" in page.text
    assert accounts() == 1
    assert path_of(Visitor(app).use_link(f"/account/new/{token}", **NEW)) == "/sessions/"


@pytest.mark.parametrize("kind", [kind.value for kind in AccountKind])
def test_mia_invites_a_colleague_by_a_link(app: Flask, signed_in: Visitor, kind: str) -> None:
    page = signed_in.send("/account/invitation", kind=kind)
    found = re.search(r"http://localhost(/account/new/[\w-]+)", page.text)
    assert found
    Visitor(app).use_link(found[1], **NEW)
    nora = db.session.scalars(select(Account).where(Account.name == "Nora")).one()
    assert (nora.kind, nora.admin) == (kind, False)


def test_an_invitation_lasts_a_week(signed_in: Visitor) -> None:
    signed_in.send("/account/invitation", kind="moderator")
    link = db.session.scalars(select(Link)).one()
    assert 6.9 < (link.expires_at - now()).total_seconds() / 86400 <= 7


def test_inviting_is_for_accounts_that_look_after_the_others(app: Flask, visitor: Visitor) -> None:
    visitor.sign_in(make_account("Nora"))
    assert "Invite a colleague" not in visitor.get("/account").text
    assert visitor.send("/account/invitation", kind="moderator").status_code == 403
    assert path_of(Visitor(app).send("/account/invitation", kind="moderator")) == "/sign-in"
    assert db.session.scalars(select(Link)).all() == []


def test_an_invitation_names_a_kind_that_exists(signed_in: Visitor) -> None:
    assert signed_in.send("/account/invitation", kind="owner").status_code == 200
    assert db.session.scalars(select(Link)).all() == []


def test_a_new_password_signs_out_every_other_device(app: Flask, mia: Account, signed_in: Visitor) -> None:
    phone = Visitor(app)
    phone.sign_in(mia)
    fresh = "an even longer password"
    changed = signed_in.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert path_of(changed) == "/account"
    assert signed_in.get("/account").status_code == 200
    assert path_of(phone.get("/account")).startswith("/sign-in")
    assert "do not belong together" in phone.sign_in(mia).text
    assert path_of(phone.sign_in(mia, fresh)) == "/sessions/"


def test_a_new_password_needs_the_old_one(signed_in: Visitor, app: Flask, mia: Account) -> None:
    fresh = "an even longer password"
    page = signed_in.send("/account/password", current="not hers at all", password=fresh, repeated=fresh)
    assert "not your password now" in page.text
    assert path_of(Visitor(app).sign_in(mia)) == "/sessions/"


def test_the_account_page_is_for_people_who_are_signed_in(visitor: Visitor) -> None:
    assert path_of(visitor.get("/account")) == "/sign-in?next=/account"
