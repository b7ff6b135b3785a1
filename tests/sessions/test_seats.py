"""One's own seat: by a one-time link, on a second device, in a cookie that nobody else can make."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from app.accounts import links
from app.accounts.models import Account
from app.extensions import db
from app.privacy import erasure
from app.sessions import join_links
from app.sessions.models import Intervision
from tests.sessions.cast import Cast
from tests.sessions.doors import come_in, link, mias_browser, room, seat_of
from tests.visitor import Visitor, make_account, path_of


@pytest.fixture
def it(cast: Cast) -> Intervision:
    return db.session.get_one(Intervision, cast.id)


# --- One's own seat by a one-time link ---


def personal_link(name: str, hours: float = 1, purpose: str = "seat") -> str:
    token = links.make(purpose, hours=hours, seat_id=seat_of(name).id)
    db.session.commit()
    return f"/seat/{token}"


def test_opening_a_personal_link_shows_a_button_and_uses_nothing_up(app: Flask, it: Intervision) -> None:
    path = personal_link("Otto")
    for _ in range(3):
        page = Visitor(app).open_link(path)
        assert "Take my seat on this device" in page.text
        assert "Nine contacts, no decider" in page.text
    otto = Visitor(app)
    assert path_of(otto.use_link(path)) == room(it)
    assert otto.cookie()["seats"] == [[it.id, seat_of("Otto").id, 2]]


def test_a_personal_link_works_once(app: Flask, it: Intervision) -> None:
    path = personal_link("Otto")
    Visitor(app).use_link(path)
    stan = Visitor(app)
    for response in (stan.get(path), stan.use_link(path)):
        assert response.status_code == 404
        assert "Ask the moderator for a new one" in response.text
    assert "seats" not in stan.cookie()


def test_whoever_takes_a_seat_over_ends_the_links_that_another_device_has_made(app: Flask, it: Intervision) -> None:
    to_a_phone = personal_link("Otto", purpose="device")
    Visitor(app).use_link(personal_link("Otto"))
    assert Visitor(app).use_link(to_a_phone).status_code == 404


def test_a_personal_link_needs_the_token_of_its_form(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    stan.open_link(personal_link("Otto"))
    assert stan.send_without_token("/seat").status_code == 400
    assert "seats" not in stan.cookie()


def test_a_personal_link_that_is_too_old_or_of_another_kind_opens_nothing(app: Flask, it: Intervision) -> None:
    account_link = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    for path in (personal_link("Otto", hours=-1), f"/seat/{account_link}", f"/seat/{join_links.token(it)}", "/seat/x"):
        assert Visitor(app).open_link(path).status_code == 404
        assert Visitor(app).use_link(path).status_code == 404


def test_after_removal_neither_the_seat_nor_its_link_is_good(app: Flask, cast: Cast, it: Intervision) -> None:
    cast.does("Mia", "open")
    cara = come_in(app, it, "Cara")
    path = personal_link("Cara")
    cast.seats["Cara"] = seat_of("Cara").id
    cast.does("Mia", "remove", seat=cast.seats["Cara"])
    assert path_of(cara.get(room(it))) == f"/sessions/{it.code}/join"
    assert Visitor(app).use_link(path).status_code == 404


def test_mia_does_not_use_up_the_owners_link_by_trying_it(app: Flask, cast: Cast, it: Intervision) -> None:
    path = personal_link("Otto")
    mia = mias_browser(app, cast)
    assert "send it to them" in mia.open_link(path).text
    mia.use_link(path)
    assert path_of(Visitor(app).use_link(path)) == room(it)


def test_somebody_with_another_seat_is_told_that_it_goes(app: Flask, it: Intervision) -> None:
    cara = come_in(app, it, "Cara")
    assert "This browser has the seat of Cara now" in cara.open_link(personal_link("Otto")).text


# --- Taking the seat along ---


def taken_along(browser: Visitor, it: Intervision) -> Any:
    return browser._ask("POST", f"/sessions/{it.code}/take-along", headers={"X-CSRFToken": browser.token()})


def test_cara_takes_her_seat_along_to_her_phone(app: Flask, it: Intervision) -> None:
    laptop = come_in(app, it, "Cara")
    answer = taken_along(laptop, it).get_json()
    assert set(answer) == {"link", "qr", "minutes"}
    assert answer["minutes"] == 10
    assert answer["qr"].startswith("data:image/svg+xml")
    phone = Visitor(app)
    assert path_of(phone.use_link(urlsplit(answer["link"]).path)) == room(it)
    assert phone.cookie()["seats"] == laptop.cookie()["seats"]
    assert laptop.get(room(it)).status_code == 200


def test_who_has_no_seat_takes_nothing_along(app: Flask, it: Intervision) -> None:
    assert taken_along(Visitor(app), it).status_code == 404
    stan = come_in(app, it, "Stan")
    assert stan.send_without_token(f"/sessions/{it.code}/take-along").status_code == 400


def test_mia_gives_cara_her_seat_back(app: Flask, cast: Cast, it: Intervision) -> None:
    come_in(app, it, "Cara")
    mia = mias_browser(app, cast)
    answer = mia.send(f"/sessions/{it.code}/seat-link", seat=seat_of("Cara").id).get_json()
    found = Visitor(app)
    assert path_of(found.use_link(urlsplit(answer["link"]).path)) == room(it)
    assert found.cookie()["seats"][0][1] == seat_of("Cara").id


def test_a_link_to_somebody_elses_seat_is_for_moderators_only(app: Flask, it: Intervision) -> None:
    cara = come_in(app, it, "Cara")
    assert cara.send(f"/sessions/{it.code}/seat-link", seat=seat_of("Otto").id).status_code == 403
    assert Visitor(app).send(f"/sessions/{it.code}/seat-link", seat=seat_of("Otto").id).status_code == 404


def test_a_co_moderator_cannot_take_mias_seat(app: Flask, cast: Cast, it: Intervision) -> None:
    cast.does("Mia", "open")
    cara = come_in(app, it, "Cara")
    cast.does("Mia", "set_role", seat=seat_of("Cara").id, role="moderator")
    assert cara.send(f"/sessions/{it.code}/seat-link", seat=seat_of("Mia").id).status_code == 403
    assert cara.send(f"/sessions/{it.code}/seat-link", seat=seat_of("Otto").id).status_code == 200


def test_a_seat_of_another_session_is_not_there(
    app: Flask, cast: Cast, make_cast: Callable[..., Cast], it: Intervision
) -> None:
    other = make_cast(title="Another", owner_name="Olga")
    mia = mias_browser(app, cast)
    for seat in (other.seats["Olga"], "x", "\x00", ""):
        assert mia.send(f"/sessions/{it.code}/seat-link", seat=seat).status_code == 404


# --- The cookie ---


def test_a_seat_opens_its_own_session_only(app: Flask, make_cast: Callable[..., Cast], it: Intervision) -> None:
    other = db.session.get_one(Intervision, make_cast(title="Another").id)
    cara = come_in(app, it, "Cara")
    assert path_of(cara.get(room(other))) == f"/sessions/{other.code}/join"
    with cara.client.session_transaction() as session:
        session["seats"] = [[other.id, seat_of("Cara").id, 1]]
    assert path_of(cara.get(room(other))) == f"/sessions/{other.code}/join"


def test_a_cookie_that_nobody_signed_is_nothing(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    stan.client.set_cookie("intervise", "eyJzZWF0cyI6W1sxLCJ4IiwxXV19.aaaa.bbbb")
    assert path_of(stan.get(room(it))) == f"/sessions/{it.code}/join"


def test_a_browser_keeps_its_twelve_newest_seats(app: Flask, make_cast: Callable[..., Cast]) -> None:
    cara = Visitor(app)
    made = [db.session.get_one(Intervision, make_cast(title=f"Session {n}").id) for n in range(13)]
    for it in made:
        cara.send(path_of(cara.get(link(it))), name="Cara")
    assert [held[0] for held in cara.cookie()["seats"]] == [it.id for it in made[1:]]
    cookie = cara.client.get_cookie("intervise")
    assert cookie
    assert len(cookie.value) < 2000


def test_the_moderator_comes_back_by_signing_in(app: Flask, it: Intervision) -> None:
    from app.accounts import passwords
    from tests.visitor import PASSWORD

    it.account.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    anywhere = Visitor(app)
    anywhere.sign_in(it.account)
    assert anywhere.get(room(it)).status_code == 200
    somebody_else = Visitor(app)
    somebody_else.sign_in(make_account("Stan"))
    assert path_of(somebody_else.get(room(it))) == f"/sessions/{it.code}/join"


def test_every_page_of_coming_in_is_kept_by_no_cache_and_shown_in_no_frame(app: Flask, it: Intervision) -> None:
    for path in ("/", "/join", link(it), personal_link("Otto")):
        headers = Visitor(app).open_link(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert re.search("frame-ancestors 'none'", headers["Content-Security-Policy"])


def test_a_seat_whose_person_was_erased_is_nobodys_whatever_a_cookie_says(app: Flask, cast: Cast) -> None:
    cast.run_up_to("closed")
    mia = seat_of("Mia")
    account = db.session.get_one(Account, mia.account_id)
    account.key_turn = 2
    db.session.commit()
    phone, mine = Visitor(app), f"/sessions/{cast.room().it.code}/mine"
    phone.use_link(personal_link("Mia", purpose="device"))
    assert phone.get(mine).status_code == 200
    erasure.erase_seat(mia.id, words=False)
    assert phone.get(mine).status_code != 200
