"""Coming in: link or code, a name, a seat; taking the seat along; and everybody who does not belong stays outside."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.sessions import join_links
from app.sessions.models import CODE_LETTERS, Intervision, Seat
from tests.sessions.cast import Cast
from tests.sessions.doors import come_in, link, mias_browser, room, seat_of
from tests.visitor import Visitor, app_that_counts_failures, path_of


@pytest.fixture
def it(cast: Cast) -> Intervision:
    return db.session.get_one(Intervision, cast.id)


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
def test_a_name_that_cannot_be_is_refused_with_a_sentence(
    app: Flask, it: Intervision, name: str, sentence: str
) -> None:
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
    mia = mias_browser(app, cast)
    assert path_of(mia.get(link(it))) == room(it)
    assert mia.get(room(it)).status_code == 200


# --- The short code ---


@pytest.mark.parametrize("typed", ["{0}{1}", " {0}{1} ", "{0} {1}", "{0}-{1}", "{2}"])
def test_the_code_is_taken_however_it_is_typed(app: Flask, it: Intervision, typed: str) -> None:
    response = Visitor(app).send("/join", code=typed.format(it.code[:3], it.code[3:], it.code.lower()))
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
    with app_that_counts_failures(tmp_path) as app:
        yield app


def test_guessing_codes_comes_to_an_end(limited: Flask) -> None:
    stan = Visitor(limited, "192.0.2.66")
    statuses = [stan.send("/join", code=f"ABCDE{letter}").status_code for letter in CODE_LETTERS * 2]
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
