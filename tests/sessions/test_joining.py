"""Coming in: link or code, a name, a seat; taking the seat along; and everybody who does not belong stays outside."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app import create_app
from app.accounts import links
from app.database import Base
from app.extensions import db, limiter
from app.sessions import join_links
from app.sessions.models import Intervision, Seat
from tests.sessions.cast import Cast
from tests.visitor import Visitor, make_account, path_of


@pytest.fixture
def it(cast: Cast) -> Intervision:
    return db.session.get_one(Intervision, cast.id)


def link(it: Intervision) -> str:
    return f"/join/{join_links.token(it)}"


def room(it: Intervision) -> str:
    return f"/sessions/{it.code}/room"


def come_in(app: Flask, it: Intervision, name: str) -> Visitor:
    browser = Visitor(app)
    assert path_of(browser.send(path_of(browser.get(link(it))), name=name)) == room(it)
    return browser


def seat_of(name: str) -> Seat:
    return db.session.scalars(select(Seat).where(Seat.name == name)).one()


# --- Link, name, in ---


def test_cara_comes_in_by_link_and_name(app: Flask, it: Intervision) -> None:
    cara = Visitor(app)
    asked = path_of(cara.get(link(it)))
    assert asked == f"/join/{it.code}/name"
    page = cara.get(asked).text
    assert "Nine contacts, no decider" in page
    assert "Moderated by Mia" in page
    assert path_of(cara.send(asked, name=" Cara ")) == room(it)
    assert cara.get(room(it)).status_code == 200
    assert seat_of("Cara").status == "waiting"


def test_once_the_room_is_open_cara_is_in_at_once(app: Flask, cast: Cast, it: Intervision) -> None:
    cast.does("Mia", "open")
    come_in(app, it, "Cara")
    assert seat_of("Cara").status == "in"


def test_a_seat_survives_a_closed_tab_and_the_link_leads_back_to_it(app: Flask, it: Intervision) -> None:
    cara = come_in(app, it, "Cara")
    [cookie] = [c for c in (cara.client.get_cookie("intervise"),) if c]
    assert cookie.expires is not None
    assert path_of(cara.get(link(it))) == room(it)
    assert path_of(cara.get(f"/join/{it.code}/name")) == room(it)
    assert len(db.session.scalars(select(Seat).where(Seat.intervision_id == it.id)).all()) == 3


def test_the_link_does_not_stay_in_the_address_bar(app: Flask, it: Intervision) -> None:
    response = Visitor(app).get(link(it))
    assert join_links.token(it) not in response.headers["Location"]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_opening_the_link_makes_no_seat(app: Flask, it: Intervision) -> None:
    before = len(it.seats)
    for _ in range(3):
        Visitor(app).get(link(it))
    db.session.expire_all()
    assert len(it.seats) == before


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "type the name"),
        ("\u200b\u200d", "type the name"),
        ("Mia", "has that name already"),
        ("Μιa", "has that name already"),
        ("0tto", "has that name already"),
        ("Moderator", "stands for a role"),
        ("x" * 41, "at most 40 characters"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_a_sentence(app: Flask, it: Intervision, name: str, sentence: str) -> None:
    stan = Visitor(app)
    page = stan.send(path_of(stan.get(link(it))), name=name)
    assert page.status_code == 200
    assert sentence in page.text
    assert "seats" not in stan.cookie()


def test_a_full_session_says_so(app: Flask, it: Intervision) -> None:
    app.config["SEATS_MAX"] = 2
    stan = Visitor(app)
    assert "This session is full" in stan.send(path_of(stan.get(link(it))), name="Stan").text


def test_a_name_without_link_or_code_is_not_enough(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    assert path_of(stan.get(f"/join/{it.code}/name")) == f"/join?code={it.code}"
    assert path_of(stan.send(f"/join/{it.code}/name", name="Stan")) == f"/join?code={it.code}"
    assert path_of(stan.get(room(it))) == f"/sessions/{it.code}/join"


def test_the_name_form_needs_its_token(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    assert stan.send_without_token(path_of(stan.get(link(it))), name="Stan").status_code == 400


def test_a_guessed_link_leads_nowhere(app: Flask, it: Intervision) -> None:
    real = join_links.token(it)
    for guess in ("x", real[:-1], real[:-1] + ("A" if real[-1] != "A" else "B"), it.join_hash, "%00", "x" * 5000):
        assert Visitor(app).get(f"/join/{guess}").status_code == 404


def test_after_a_rotation_the_mark_of_the_old_link_is_worth_nothing(app: Flask, it: Intervision) -> None:
    from app.sessions.commands import planning

    stan = Visitor(app)
    asked = path_of(stan.get(link(it)))
    planning.rotate_join_link(it.id)
    assert path_of(stan.send(asked, name="Stan")).startswith("/join?code=")


def test_a_mark_for_one_session_opens_no_other(app: Flask, make_cast: Callable[..., Cast], it: Intervision) -> None:
    other = db.session.get_one(Intervision, make_cast(title="Another").id)
    stan = Visitor(app)
    stan.get(link(it))
    assert path_of(stan.send(f"/join/{other.code}/name", name="Stan")).startswith("/join?code=")


def test_a_closed_session_takes_nobody_in_and_says_whom_to_ask(app: Flask, cast: Cast, it: Intervision) -> None:
    cast.opened()
    cast.does("Mia", "stop")
    page = Visitor(app).get(link(it))
    assert page.status_code == 410
    assert "Ask its moderator for the record" in page.text
    assert Visitor(app).send("/join", code=it.code).status_code == 410


def test_mia_needs_no_name_for_her_own_session(app: Flask, cast: Cast, it: Intervision) -> None:
    mia = Visitor(app)
    with mia.client.session_transaction() as session:
        session["account"] = [cast.account.id, cast.account.key_turn]
    assert path_of(mia.get(link(it))) == room(it)
    assert mia.get(room(it)).status_code == 200


# --- The short code ---


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}".lower(), "spaced", "dashed", "small"])
def test_the_code_is_taken_however_it_is_typed(app: Flask, it: Intervision, typed: str) -> None:
    forms = {"spaced": f"{it.code[:3]} {it.code[3:]}", "dashed": f"{it.code[:3]}-{it.code[3:]}", "small": it.code.lower()}
    response = Visitor(app).send("/join", code=forms.get(typed, typed.format(it.code)))
    assert path_of(response) == f"/join/{it.code}/name"


@pytest.mark.parametrize("typed", ["", "ZZZZZZ", "0", "\x00", "🙂", "x" * 1000, "' or 1=1"])
def test_a_code_that_does_not_exist_is_answered_kindly(app: Flask, it: Intervision, typed: str) -> None:
    page = Visitor(app).send("/join", code=typed)
    assert page.status_code == 200
    assert "no session with this code" in page.text or "six letters and digits of the code" in page.text


def test_the_address_of_a_room_does_not_tell_whether_there_is_one(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    for page in ("/join", "/room"):
        real, absent = stan.get(f"/sessions/{it.code}{page}"), stan.get(f"/sessions/ZZZZZZ{page}")
        assert real.status_code == absent.status_code
        assert real.headers["Location"].replace(it.code, "…") == absent.headers["Location"].replace("ZZZZZZ", "…")


@pytest.fixture
def limited(tmp_path: Path) -> Iterator[Flask]:
    """An app that counts failures."""
    app = create_app(
        DATABASE_URL=f"sqlite:///{tmp_path / 'limited.db'}",
        ASYNC_MODE="threading",
        PUBLIC_URL="http://localhost",
        RATELIMIT_ENABLED=True,
    )
    with app.app_context():
        Base.metadata.create_all(db.engine)
        limiter.reset()
        yield app
        db.session.rollback()
        db.engine.dispose()
        limiter.enabled = False


def test_guessing_codes_comes_to_an_end(limited: Flask) -> None:
    stan = Visitor(limited, "192.0.2.66")
    statuses = [stan.send("/join", code=f"ABCDE{letter}").status_code for letter in "ABCDEFGHJKMNPQRSTUVWXYZ23456789" * 2]
    assert statuses[59] == 200
    assert statuses[60] == 429
    assert stan.send("/join", code="ABCDEF").headers["Retry-After"].isdigit()


def test_thirty_colleagues_behind_one_address_join(limited: Flask) -> None:
    it = db.session.get_one(Intervision, Cast().id)
    for n in range(28):
        colleague = Visitor(limited, "203.0.113.5")
        assert colleague.send("/join", code="ABCDEF").status_code == 200  # everybody mistypes once
        asked = path_of(colleague.send("/join", code=it.code))
        assert path_of(colleague.send(asked, name=f"Colleague number {n} of us")) == room(it)


# --- One's own seat by a one-time link ---


def personal_link(name: str, hours: float = 1) -> str:
    token = links.make("seat", hours=hours, seat_id=seat_of(name).id)
    db.session.commit()
    return f"/seat/{token}"


def test_opening_a_personal_link_shows_a_button_and_uses_nothing_up(app: Flask, it: Intervision) -> None:
    path = personal_link("Otto")
    for _ in range(3):
        page = Visitor(app).get(path)
        assert "Take my seat on this device" in page.text
        assert "Nine contacts, no decider" in page.text
    otto = Visitor(app)
    assert path_of(otto.send(path)) == room(it)
    assert otto.cookie()["seats"] == [[it.id, seat_of("Otto").id, 1]]


def test_a_personal_link_works_once(app: Flask, it: Intervision) -> None:
    path = personal_link("Otto")
    Visitor(app).send(path)
    stan = Visitor(app)
    for response in (stan.get(path), stan.send(path)):
        assert response.status_code == 404
        assert "Ask the moderator for a new one" in response.text
    assert "seats" not in stan.cookie()


def test_a_personal_link_needs_the_token_of_its_form(app: Flask, it: Intervision) -> None:
    stan = Visitor(app)
    assert stan.send_without_token(personal_link("Otto")).status_code == 400
    assert "seats" not in stan.cookie()


def test_a_personal_link_that_is_too_old_or_of_another_kind_opens_nothing(app: Flask, it: Intervision) -> None:
    account_link = links.make("account", hours=1, kind="moderator")
    db.session.commit()
    for path in (personal_link("Otto", hours=-1), f"/seat/{account_link}", f"/seat/{join_links.token(it)}", "/seat/x"):
        assert Visitor(app).get(path).status_code == 404
        assert Visitor(app).send(path).status_code == 404


def test_after_removal_neither_the_seat_nor_its_link_is_good(app: Flask, cast: Cast, it: Intervision) -> None:
    cast.does("Mia", "open")
    cara = come_in(app, it, "Cara")
    path = personal_link("Cara")
    cast.seats["Cara"] = seat_of("Cara").id
    cast.does("Mia", "remove", seat=cast.seats["Cara"])
    assert path_of(cara.get(room(it))) == f"/sessions/{it.code}/join"
    assert Visitor(app).send(path).status_code == 404


def test_mia_does_not_use_up_the_owners_link_by_trying_it(app: Flask, cast: Cast, it: Intervision) -> None:
    path = personal_link("Otto")
    mia = Visitor(app)
    with mia.client.session_transaction() as session:
        session["account"] = [cast.account.id, cast.account.key_turn]
    assert "send it to them" in mia.get(path).text
    mia.send(path)
    assert path_of(Visitor(app).send(path)) == room(it)


def test_somebody_with_another_seat_is_told_that_it_goes(app: Flask, it: Intervision) -> None:
    cara = come_in(app, it, "Cara")
    assert "This browser has the seat of Cara now" in cara.get(personal_link("Otto")).text


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
    assert path_of(phone.send(urlsplit(answer["link"]).path)) == room(it)
    assert phone.cookie()["seats"] == laptop.cookie()["seats"]
    assert laptop.get(room(it)).status_code == 200


def test_who_has_no_seat_takes_nothing_along(app: Flask, it: Intervision) -> None:
    assert taken_along(Visitor(app), it).status_code == 404
    stan = come_in(app, it, "Stan")
    assert stan.send_without_token(f"/sessions/{it.code}/take-along").status_code == 400


def test_mia_gives_cara_her_seat_back(app: Flask, cast: Cast, it: Intervision) -> None:
    come_in(app, it, "Cara")
    mia = Visitor(app)
    with mia.client.session_transaction() as session:
        session["account"] = [cast.account.id, cast.account.key_turn]
    answer = mia.send(f"/sessions/{it.code}/seat-link", seat=seat_of("Cara").id).get_json()
    found = Visitor(app)
    assert path_of(found.send(urlsplit(answer["link"]).path)) == room(it)
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


def test_a_seat_of_another_session_is_not_there(app: Flask, cast: Cast, make_cast: Callable[..., Cast], it: Intervision) -> None:
    other = make_cast(title="Another", owner_name="Olga")
    mia = Visitor(app)
    with mia.client.session_transaction() as session:
        session["account"] = [cast.account.id, cast.account.key_turn]
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
        headers = Visitor(app).get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert re.search("frame-ancestors 'none'", headers["Content-Security-Policy"])
