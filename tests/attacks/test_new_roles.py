"""A cookie from before a change of role gives exactly the new role: on the pages and on the socket, up and down."""

import uuid
from http.cookiejar import DefaultCookiePolicy

import pytest
from flask import Flask

from app.accounts.models import Account, AccountKind
from app.accounts.passwords import hash_password
from app.extensions import db
from tests.attacks.conftest import Connect
from tests.attacks.pages import Page, account_of
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.doors import link
from tests.sessions.sockets import Person
from tests.visitor import PASSWORD


def old_browser(server: Server, cookie: str) -> Page:
    """A browser that sends this cookie for ever, whatever the server gives it instead."""
    page = Page(server)
    page.client.headers["Cookie"] = cookie
    page.client.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return page


class Device:
    """Somebody's browser, with the cookie that it got when they came in."""

    def __init__(self, server: Server, cast: Cast, cookie: str, connect: Connect) -> None:
        self.cast, self.cookie, self.connect = cast, cookie, connect
        self.page, self.code = old_browser(server, cookie), cast.room().it.code

    def socket(self) -> Person:
        return self.connect("", self.cast, cookie=self.cookie)

    def role_on_socket(self) -> str:
        """What a socket that is opened now takes this person for, and what it lets them do."""
        person = self.socket()
        role = person.send("sync", {"version": 0})["snapshot"]["me"]["role"]
        done = [person.command(act, base=self.cast.step)["ok"] for act in ("pause", "resume")]
        posted = person.command("idea", text="An idea of mine")["ok"]
        person.leave()
        return str(role) + (" who moves on" if all(done) else "") + (" who posts" if posted else "")

    def moderates_on_pages(self) -> bool:
        """Whether the page of the room is a moderator's, and what only moderators ask for is answered."""
        shown = '"themes": null' not in self.page.get(f"/sessions/{self.code}/room").text
        assert self.page.get(f"/sessions/{self.code}/themes").status_code == (200 if shown else 404)
        return shown


@pytest.fixture
def caras_device(near: Flask, server: Server, connect: Connect) -> Device:
    cast = Cast().opened("Carl")
    page = Page(server).comes_in(cast, "Cara")
    cast.seats["Cara"] = next(seat.id for seat in cast.room().seats if seat.name == "Cara")
    cast.does("Cara", "accept")
    cast.go_to("brainstorm")
    return Device(server, cast, page.cookie, connect)


def test_an_old_cookie_gives_a_guest_the_role_that_they_have_now(caras_device: Device) -> None:
    cara, cast = caras_device, caras_device.cast
    assert (cara.role_on_socket(), cara.moderates_on_pages()) == ("consultant who posts", False)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    assert (cara.role_on_socket(), cara.moderates_on_pages()) == ("moderator who moves on who posts", True)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="consultant")
    assert (cara.role_on_socket(), cara.moderates_on_pages()) == ("consultant who posts", False)


def test_a_socket_that_stays_open_is_shown_and_given_the_new_role_at_once(
    caras_device: Device, connect: Connect
) -> None:
    cast, cara = caras_device.cast, caras_device.socket()
    mia = connect("Mia", cast)
    for role, may in (("moderator", True), ("consultant", False)):
        assert mia.command("set_role", seat=cast.seats["Cara"], role=role)["ok"]
        assert cara.next("snapshot")["me"]["role"] == role
        for act in ("pause", "resume"):
            answer = cara.command(act, base="brainstorm")
            assert answer["ok"] if may else answer["code"] == "forbidden"


def test_who_hands_the_session_over_keeps_nothing_of_it_by_an_old_cookie(
    near: Flask, server: Server, connect: Connect, staged: Cast
) -> None:
    mia = Device(server, staged, Page(server).signs_in(account_of(staged)).cookie, connect)
    assert (mia.role_on_socket(), mia.moderates_on_pages()) == ("moderator who moves on who posts", True)
    staged.does("Mia", "set_role", seat=staged.seats["Cara"], role="moderator")
    staged.does("Cara", "set_role", seat=staged.seats["Mia"], role="consultant")
    assert mia.role_on_socket() == "consultant who posts"
    assert not mia.moderates_on_pages()


def test_an_owner_who_is_one_no_more_consults_and_the_new_one_is_muted(
    near: Flask, server: Server, connect: Connect
) -> None:
    cast = Cast().opened("Carl")
    page = Page(server).comes_in(cast, "Cara")
    cast.seats["Cara"] = next(seat.id for seat in cast.room().seats if seat.name == "Cara")
    cast.does("Cara", "accept")
    otto = connect("Otto", cast)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    cast.go_to("brainstorm")
    cara = Device(server, cast, page.cookie, connect)
    assert cara.role_on_socket() == "owner"
    assert otto.command("idea", text="An idea of mine")["ok"]


# --- Accounts ---


@pytest.fixture
def nora(near: Flask) -> Account:
    """She moderates no team: what she may is a matter of her account alone."""
    account = Account(email=f"nora-{uuid.uuid4()}@example.org", name="Nora", password_hash=hash_password(PASSWORD))
    db.session.rollback()
    db.session.add(account)
    db.session.commit()
    return account


def put(account: Account, *, kind: AccountKind = AccountKind.MODERATOR, admin: bool = False) -> None:
    """Behind the server's back, as an administrator's program would."""
    db.session.rollback()
    found = db.session.get_one(Account, account.id)
    found.kind, found.admin = kind.value, admin
    db.session.commit()


def test_an_old_cookie_gives_an_account_the_rights_that_it_has_now(server: Server, nora: Account) -> None:
    page = old_browser(server, Page(server).signs_in(nora).cookie)

    def rights() -> list[int]:
        return [page.get(path).status_code for path in ("/sessions/new", "/audit")]

    assert rights() == [200, 404]
    put(nora, admin=True)
    assert rights() == [200, 200]
    put(nora, kind=AccountKind.FACILITATOR)
    assert rights() == [403, 404]


def test_a_seat_and_then_an_account_in_one_browser_begin_a_new_cookie_each_time(
    near: Flask, server: Server, staged: Cast
) -> None:
    stan = Page(server)
    names = []
    stan.get(link(staged.room().it))
    names.append(stan.cookie)
    stan.send("/sign-in", email=account_of(staged).email, password=PASSWORD)
    names.append(stan.cookie)
    stan.send("/sign-out")
    stan.send("/sign-in", email=staged.account.email, password=PASSWORD)
    names.append(stan.cookie)
    assert len(set(names)) == 3
    for old in names[:-1]:
        assert "/sign-in" in old_browser(server, old).get("/sessions/").url
