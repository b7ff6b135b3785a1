"""The demo's page: every room and role one button away, and nothing of it anywhere else."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.demo import fill
from app.demo.scenes import SCENES, Scene
from app.extensions import db
from app.server import begin
from app.sessions.models import Intervision, Seat
from app.startup import first_lines
from tests.demo.conftest import app_on
from tests.visitor import Visitor, make_account, path_of

ROLES = ("moderator", "owner", "consultant")


def enter(browser: Visitor, scene: Scene, part: str) -> str:
    return path_of(browser.send(f"/demo/rooms/{scene.name}/{part}"))


def session_of(scene: Scene) -> Intervision:
    it = fill.find(scene)
    assert it
    return it


def held(browser: Visitor) -> list[tuple[str, str]]:
    """The seats that a browser holds: (name, role)."""
    seats = [db.session.get_one(Seat, seat_id) for _, seat_id, _ in browser.cookie().get("seats", [])]
    return [(seat.name, seat.role) for seat in seats]


def test_the_page_lists_every_room_and_role(newcomer: Visitor) -> None:
    page = newcomer.get("/demo").text
    for scene in SCENES.values():
        parts = (*ROLES, "newcomer") if scene.is_live else ROLES
        assert [f'action="/demo/rooms/{scene.name}/{part}"' in page for part in parts] == [True] * len(parts)
    for name in fill.ACCOUNTS:
        assert f'action="/demo/accounts/{name}"' in page
    assert fill.password() in page


@pytest.mark.parametrize("part", ROLES)
@pytest.mark.parametrize("scene", SCENES.values(), ids=lambda scene: scene.name)
def test_a_button_takes_that_seat_and_opens_the_room(newcomer: Visitor, scene: Scene, part: str) -> None:
    place = enter(newcomer, scene, part)
    assert place == f"/sessions/{session_of(scene).code}/{'room' if scene.is_live else 'record'}"
    assert newcomer.get(place).status_code == 200
    [(name, role)] = held(newcomer)
    assert role == part
    assert name in (scene.case.moderator, scene.case.owner, scene.consultant)


def test_everybody_of_the_case_can_be_met_by_name(newcomer: Visitor) -> None:
    scene = SCENES["brainstorm"]
    for name in scene.case.people:
        enter(newcomer, scene, name)
        assert [who for who, _ in held(newcomer)] == [name]


def test_another_button_of_the_same_room_changes_the_seat(newcomer: Visitor) -> None:
    for part in ROLES:
        enter(newcomer, SCENES["feedback"], part)
    assert held(newcomer) == [("Jonas", "consultant")]


def test_one_browser_may_be_different_people_in_different_rooms(newcomer: Visitor) -> None:
    enter(newcomer, SCENES["feedback"], "owner")
    enter(newcomer, SCENES["questions"], "moderator")
    assert held(newcomer) == [("Ines", "owner"), ("Lotte", "moderator")]


def test_an_account_does_not_stand_in_the_way_of_another_seat(newcomer: Visitor) -> None:
    newcomer.send("/demo/accounts/Lotte")
    place = enter(newcomer, SCENES["feedback"], "owner")
    assert "account" not in newcomer.cookie()
    assert held(newcomer) == [("Ines", "owner")]
    assert '"invitation": null' in newcomer.get(place).text


def test_a_newcomer_says_a_name_and_takes_a_seat_of_their_own(newcomer: Visitor) -> None:
    enter(newcomer, SCENES["lobby"], "owner")
    link = enter(newcomer, SCENES["lobby"], "newcomer")
    assert held(newcomer) == []
    room = path_of(newcomer.send(path_of(newcomer.get(link)), name="Cara"))
    assert room == f"/sessions/{session_of(SCENES['lobby']).code}/room"
    assert held(newcomer) == [("Cara", "consultant")]


def test_a_seat_that_was_taken_away_says_so(newcomer: Visitor) -> None:
    seat = db.session.scalars(
        select(Seat).where(Seat.name == "Jonas", Seat.intervision_id == session_of(SCENES["feedback"]).id)
    ).one()
    seat.status = "removed"
    db.session.commit()
    answer = newcomer.send("/demo/rooms/feedback/consultant")
    assert answer.status_code == 409
    assert "Jonas is not in this room any more" in answer.text


def test_opening_an_address_of_a_button_takes_no_seat(newcomer: Visitor) -> None:
    assert newcomer.get("/demo/rooms/feedback/owner").status_code == 405
    assert newcomer.send_without_token("/demo/rooms/feedback/owner").status_code == 400
    assert held(newcomer) == []


@pytest.mark.parametrize("address", ["rooms/nowhere/owner", "rooms/feedback/nobody", "accounts/Stan"])
def test_what_is_not_in_the_demo_is_not_found(newcomer: Visitor, address: str) -> None:
    assert newcomer.send(f"/demo/{address}").status_code == 404


@pytest.mark.parametrize(("name", "place"), [("Lotte", "/sessions/"), ("Hanna", "/sessions/"), ("Femke", "/archive")])
def test_one_may_sign_in_as_each_account(newcomer: Visitor, name: str, place: str) -> None:
    assert path_of(newcomer.send(f"/demo/accounts/{name}")) == place
    assert newcomer.get(place).status_code == 200


def test_the_password_on_the_page_is_the_right_one(newcomer: Visitor) -> None:
    lotte = db.session.scalars(select(Account).where(Account.name == "Lotte")).one()
    assert path_of(newcomer.sign_in(lotte, fill.password())) == "/sessions/"
    assert "Everyone likes it" not in newcomer.get("/sessions/").text
    assert newcomer.get("/sessions/").text.count("Lost in the hospital group</bdi>") == 1


def test_nobody_of_the_demo_can_invite_further_accounts(app: Flask) -> None:
    assert not db.session.scalars(select(Account).where(Account.admin)).all()


# --- Elsewhere it does not exist ---


def test_beside_a_real_account_there_is_no_demo_page(newcomer: Visitor) -> None:
    make_account("Mia")
    assert newcomer.get("/demo").status_code == 404
    assert newcomer.send("/demo/rooms/feedback/owner").status_code == 404
    assert newcomer.send("/demo/accounts/Lotte").status_code == 404
    assert "account" not in newcomer.cookie()


def test_in_production_there_is_no_demo_page(app: Flask) -> None:
    database = Path(app.config["DATABASE_URL"].removeprefix("sqlite:///"))
    production = app_on(database, INTERVISE_ENV="production")
    begin(production)
    stan = Visitor(production)
    assert stan.get("/demo").status_code == 404
    assert stan.send("/demo/rooms/feedback/owner").status_code == 404
    assert stan.send("/demo/accounts/Lotte").status_code == 404


def test_the_terminal_names_the_page_of_a_demo_and_of_nothing_else(app: Flask) -> None:
    assert first_lines(app) == [
        "Every room and every role of the demo: http://localhost/demo",
        "Intervise is at http://localhost",
    ]
    make_account("Mia")
    assert first_lines(app) == ["Intervise is at http://localhost"]
