"""Who is out stays out, and at once: removal, a new link, signing out, a new password, a seat taken over, the end."""

import re
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import socketio
from flask import Flask
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Account, Link
from app.extensions import db
from app.sessions.commands import planning
from app.sessions.models import Seat
from tests.attacks.at_once import cut_at_once
from tests.attacks.conftest import Connect
from tests.attacks.pages import Page, account_of
from tests.conftest import Server, start_server, stop_server
from tests.sessions.cast import FIELDS, Cast
from tests.sessions.doors import link
from tests.sessions.sockets import Person
from tests.visitor import PASSWORD


@pytest.fixture
def mias_account(near: Flask, staged: Cast) -> Account:
    return account_of(staged)


def comes_back(person: Person, server: Server, cast: Cast, cookie: str) -> bool:
    try:
        Person(server.url, cast.room().it.code, cookie).leave()
    except socketio.exceptions.ConnectionError:
        return False
    return True


# --- Removal ---


def test_whoever_was_removed_waits_at_the_door_under_any_name(near: Flask, server: Server) -> None:
    cast = Cast().opened("Cara")
    stan = Page(server).comes_in(cast, "Stan")
    cast.does("Mia", "remove", seat=seat_named(cast, "Stan").id)
    assert stan.get(f"/sessions/{cast.room().it.code}/room").url.endswith("/join?code=" + cast.room().it.code)
    for name in ("Stan", "Dora"):
        Page(server).comes_in(cast, name)
        assert seat_named(cast, name).status == "waiting"
    assert cast.does("Mia", "admit", seat=seat_named(cast, "Dora").id)


def test_opening_the_room_lets_nobody_in_by_themselves_once_somebody_was_removed(near: Flask, server: Server) -> None:
    cast = Cast()
    Page(server).comes_in(cast, "Stan")
    cast.does("Mia", "remove", seat=seat_named(cast, "Stan").id)
    Page(server).comes_in(cast, "Stan")
    cast.does("Mia", "open")
    assert seat_named(cast, "Stan").status == "waiting"
    assert seat_named(cast, "Otto").status == "in"


def test_whoever_is_removed_is_cut_before_the_pulse_finds_them(staged: Cast, connect: Connect) -> None:
    mia, cara = connect("Mia"), connect("Cara")
    with cut_at_once(cara):
        assert mia.command("remove", seat=staged.seats["Cara"])["ok"]
    assert cara.next("goodbye") == {"reason": "removed"}


def test_a_role_that_was_taken_away_meanwhile_counts_from_the_first_command(connect: Connect, staged: Cast) -> None:
    staged.does("Mia", "set_role", seat=staged.seats["Cara"], role="moderator")
    cara = connect("Cara")
    assert cara.command("pause", base="brainstorm")["ok"]
    staged.does("Mia", "set_role", seat=staged.seats["Cara"], role="consultant")  # behind the server's back
    assert cara.command("resume", base="brainstorm")["code"] == "forbidden"


@pytest.mark.parametrize("what", ["removed", "key_turn"])
def test_every_command_is_asked_anew_whether_the_seat_is_good(connect: Connect, staged: Cast, what: str) -> None:
    cara = connect("Cara")
    with cut_at_once(cara):
        seat = db.session.get_one(Seat, staged.seats["Cara"])
        seat.status, seat.key_turn = ("removed", 1) if what == "removed" else ("in", 2)
        db.session.commit()  # in another process, say: no signal has been sent here
        assert cara.command("idea", text="Still here?")["code"] == "forbidden"
    assert cara.next("goodbye") == {"reason": "removed" if what == "removed" else "elsewhere"}


def test_the_pulse_cuts_who_was_shut_out_in_another_process(connect: Connect, staged: Cast) -> None:
    cara = connect("Cara")
    db.session.get_one(Seat, staged.seats["Cara"]).key_turn = 2
    db.session.commit()
    assert cara.next("goodbye") == {"reason": "elsewhere"}
    assert cara.is_cut_off()


# --- Link and code ---


def test_a_new_link_ends_the_old_one_and_the_code_and_sends_away_who_waits(
    near: Flask, server: Server, connect: Connect
) -> None:
    cast = Cast()
    early = Page(server).comes_in(cast, "Stan")
    stan, otto = Person(server.url, cast.room().it.code, early.cookie), connect("Otto", cast)
    it = cast.room().it
    code, old_link, old_code = it.code, link(it), it.join_code
    mia = Page(server).signs_in(account_of(cast))
    with cut_at_once(stan):
        mia.send(f"/sessions/{code}/rotate")
    assert stan.next("goodbye") == {"reason": "renewed"}
    assert otto.socket.connected
    assert Page(server).get(old_link).status_code == 404
    assert "There is no session with this code" in Page(server).send("/join", code=old_code).text
    assert Page(server).send("/join", code=cast.room().it.join_code).url.endswith("/name")
    assert "Stan" not in [seat.name for seat in cast.room().seats]


def test_the_address_of_a_room_is_no_key_after_a_new_link(near: Flask, server: Server) -> None:
    cast = Cast()
    planning.rotate_join_link(cast.id)
    it = cast.room().it
    assert it.code != it.join_code
    assert "There is no session with this code" in Page(server).send("/join", code=it.code).text
    assert Page(server).send(f"/join/{it.code}/name", name="Stan").url.endswith(f"/join?code={it.code}")


def test_after_the_end_neither_link_nor_code_lets_anybody_in(staged: Cast, server: Server) -> None:
    staged.does("Mia", "stop")
    assert Page(server).get(link(staged.room().it)).status_code == 410
    assert Page(server).send("/join", code=staged.room().it.join_code).status_code == 410


def test_the_end_sends_away_who_still_waits(near: Flask, staged: Cast, connect: Connect) -> None:
    staged.come("Cleo")
    cleo, mia = connect("Cleo"), connect("Mia")
    with cut_at_once(cleo):
        assert mia.command("stop")["ok"]
    assert cleo.next("goodbye") == {"reason": "ended"}
    assert mia.next("snapshot")["session"]["step"] == "closed"


def test_the_end_cuts_every_socket_after_its_last_word_and_who_may_still_read_comes_back(
    staged: Cast, connect: Connect
) -> None:
    mia, cara = connect("Mia"), connect("Cara")
    with cut_at_once(mia, cara):
        assert mia.command("stop")["ok"]
    for person in (mia, cara):
        assert person.next("snapshot")["session"]["step"] == "closed"
    again = connect("Cara")
    assert again.command("note", text="Too late")["code"] == "archived"
    assert again.next("pulse")["version"] == staged.room().it.version
    assert again.socket.connected


def test_the_pulse_cuts_whose_session_has_ended_in_another_process(staged: Cast, connect: Connect) -> None:
    cara = connect("Cara")
    staged.does("Mia", "stop")
    assert cara.is_cut_off()


def test_all_are_told_when_their_session_is_deleted_and_nothing_is_left(
    server: Server, staged: Cast, connect: Connect, mias_account: Account
) -> None:
    cara, otto = connect("Cara"), connect("Otto")
    secret = uuid.uuid4().hex
    assert cara.command("idea", text=secret)["ok"]
    code = staged.room().it.code
    page = Page(server).signs_in(mias_account)
    db.session.rollback()  # who reads keeps the journal as it is
    with cut_at_once(cara, otto):
        page.send(f"/sessions/{code}/delete")
    for person in (cara, otto):
        assert person.next("goodbye") == {"reason": "ended"}
    name = server.database_url.removeprefix("sqlite:///")
    found = [file for file in (name, f"{name}-wal") if secret.encode() in Path(file).read_bytes()]
    assert found == []


# --- Signing out, a new password ---


def test_signing_out_cuts_the_sockets_of_that_browser_and_no_other(
    server: Server, staged: Cast, mias_account: Account
) -> None:
    laptop, phone = Page(server).signs_in(mias_account), Page(server).signs_in(mias_account)
    code, copied = staged.room().it.code, laptop.cookie
    on_laptop, on_phone = Person(server.url, code, laptop.cookie), Person(server.url, code, phone.cookie)
    with cut_at_once(on_laptop):
        laptop.send("/sign-out")
    assert on_phone.command("pause", base="brainstorm")["ok"]
    assert not comes_back(on_laptop, server, staged, copied), "a copy of the cookie still opens the room"
    on_phone.leave()


def test_signing_out_takes_a_guests_seat_along(server: Server, staged: Cast, mias_account: Account) -> None:
    other = Cast().opened()
    browser = Page(server).comes_in(other, "Gast").signs_in(mias_account)
    guest = Person(server.url, other.room().it.code, browser.cookie)
    with cut_at_once(guest):
        browser.send("/sign-out")


def test_a_new_password_cuts_every_other_device(server: Server, staged: Cast, mias_account: Account) -> None:
    laptop, phone = Page(server).signs_in(mias_account), Page(server).signs_in(mias_account)
    on_phone = Person(server.url, staged.room().it.code, phone.cookie)
    fresh = "another rather long password"
    with cut_at_once(on_phone):
        laptop.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert not comes_back(on_phone, server, staged, phone.cookie)
    assert comes_back(on_phone, server, staged, laptop.cookie)


def test_a_new_password_ends_the_seat_that_a_device_took_along_and_the_links_to_another_one(
    server: Server, staged: Cast, mias_account: Account
) -> None:
    laptop, phone, tablet = Page(server).signs_in(mias_account), Page(server), Page(server)
    code = staged.room().it.code
    for device in (phone, tablet):
        made = laptop.send(f"/sessions/{code}/take-along").json()["link"]
        device.get(urlsplit(made).path)
    assert phone.send("/seat").url.endswith("/room")
    on_phone = Person(server.url, code, phone.cookie)
    fresh = "another rather long password"
    with cut_at_once(on_phone):
        laptop.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert not comes_back(on_phone, server, staged, phone.cookie)
    assert tablet.send("/seat").status_code == 404
    assert comes_back(on_phone, server, staged, laptop.cookie)


def test_signing_in_gives_the_browser_a_new_name_and_the_planted_one_is_worth_nothing(
    server: Server, staged: Cast, mias_account: Account
) -> None:
    browser = Page(server).comes_in(Cast().opened(), "Gast")
    planted = browser.cookie
    browser.signs_in(mias_account)
    assert browser.cookie != planted
    thief = Page(server)
    thief.client.headers["Cookie"] = planted
    assert "/sign-in" in thief.get("/sessions/").url
    assert not comes_back(None, server, staged, planted)  # type: ignore[arg-type]


# --- Personal links ---


def test_a_seat_that_was_given_to_another_device_is_lost_to_the_first(
    server: Server, staged: Cast, connect: Connect, mias_account: Account
) -> None:
    cara, mia = connect("Cara"), Page(server).signs_in(mias_account)
    made = mia.send(f"/sessions/{staged.room().it.code}/seat-link", seat=staged.seats["Cara"]).json()
    path = urlsplit(made["link"]).path
    finder, second = Page(server), Page(server)
    assert "/seat/" not in finder.get(path).url
    second.get(path)
    with cut_at_once(cara):
        assert finder.send("/seat").url.endswith("/room")
    assert cara.next("goodbye") == {"reason": "elsewhere"}
    assert second.send("/seat").status_code == 404, "one link, two people"


def test_taking_ones_own_seat_along_leaves_it_on_the_first_device(
    near: Flask, server: Server, staged: Cast, connect: Connect
) -> None:
    cara = connect("Cara")
    token = links.make("device", hours=1, seat_id=staged.seats["Cara"])
    db.session.commit()
    phone = Page(server)
    phone.get(f"/seat/{token}")
    assert phone.send("/seat").url.endswith("/room")
    assert cara.command("idea", text="Still here")["ok"]


def test_another_owner_gets_neither_link_nor_seat_nor_statement_of_the_first(near: Flask, server: Server) -> None:
    cast = Cast()
    token = links.make("seat", hours=1, seat_id=cast.seats["Otto"])
    db.session.commit()
    planning.replan(cast.id, FIELDS | {"owner_name": "Olga"})
    assert Page(server).get(f"/seat/{token}").status_code == 404
    assert [seat.name for seat in cast.room().seats] == ["Mia", "Olga"]


def test_what_the_first_owner_had_prepared_does_not_become_the_seconds(near: Flask) -> None:
    cast = Cast()
    cast.does("Otto", "statement", issue="A secret")
    planning.replan(cast.id, FIELDS | {"owner_name": "Olga"})
    olga = seat_named(cast, "Olga")
    cast.seats["Olga"] = olga.id
    assert olga.role == "owner"
    assert "A secret" not in str(cast.sees("Olga"))


def test_a_capital_letter_put_right_in_the_plan_leaves_the_owner_who_it_is(near: Flask) -> None:
    cast = Cast()
    planning.replan(cast.id, FIELDS | {"owner_name": "OTTO"})
    assert seat_named(cast, "OTTO").id == cast.seats["Otto"]


def test_used_and_old_links_are_swept_out(near: Flask, staged: Cast) -> None:
    for hours in (-1, 1):
        links.make("device", hours=hours, seat_id=staged.seats["Cara"])
    db.session.commit()
    links.make("device", hours=2, seat_id=staged.seats["Cara"])
    db.session.commit()
    of_cara = db.session.scalars(select(Link).where(Link.seat_id == staged.seats["Cara"])).all()
    assert len(of_cara) == 2


# --- The last moderator ---


def test_whoever_planned_the_session_can_always_come_back_and_moderate(
    server: Server, staged: Cast, mias_account: Account
) -> None:
    staged.does("Mia", "set_role", seat=staged.seats["Cara"], role="moderator")
    staged.does("Cara", "set_role", seat=staged.seats["Mia"], role="consultant")
    mia = Person(server.url, staged.room().it.code, Page(server).signs_in(mias_account).cookie)
    assert mia.command("take_back")["ok"]
    assert mia.command("pause", base="brainstorm")["ok"]
    mia.leave()


def test_a_planner_who_owns_the_case_gives_the_lost_moderator_their_seat_back(near: Flask, server: Server) -> None:
    cast = Cast(owner_name="").opened("Cara", "Carl")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Cara", "set_role", seat=cast.seats["Mia"], role="owner")
    mia = Page(server).signs_in(account_of(cast))
    answer = mia.send(f"/sessions/{cast.room().it.code}/seat-link", seat=cast.seats["Cara"])
    assert "/seat/" in answer.json()["link"]
    assert '"seat_link": "/sessions/' in mia.get(f"/sessions/{cast.room().it.code}/room").text


def test_the_last_moderator_neither_goes_nor_is_put_out(near: Flask, staged: Cast, connect: Connect) -> None:
    mia = connect("Mia")
    own = staged.seats["Mia"]
    assert mia.command("remove", seat=own)["code"] == "forbidden"
    assert mia.command("set_role", seat=own, role="consultant")["code"] == "forbidden"


# --- One process for one SQLite ---


def test_a_second_process_on_the_same_sqlite_refuses_to_start_and_a_restart_waits_for_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    first = start_server(tmp_path)
    with pytest.raises(AssertionError, match="ended with 1"):
        start_server(tmp_path)
    assert re.fullmatch(r"Another process serves .*server\.db already; stop it first, .*\n", capfd.readouterr().err)
    first.process.kill()
    first.process.communicate()
    stop_server(start_server(tmp_path))


def seat_named(cast: Cast, name: str) -> Seat:
    return next(seat for seat in cast.room().seats if seat.name == name and seat.status != "removed")
