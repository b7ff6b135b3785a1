"""Seats that go, or go to somebody else: what they leave, what they take along, and who is faster."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from app import deliveries
from app.accounts import links
from app.accounts.models import Link
from app.database import begin_write
from app.deliveries import Delivery
from app.extensions import db
from app.followup.models import MailAddress
from app.privacy import erasures
from app.privacy.audit import Line
from app.sessions import commands, joining
from app.sessions.commands import planning
from app.sessions.models import Contribution, Intervision, Seat
from app.sessions.rules import Refused
from app.times import now
from tests.sessions.cast import FIELDS, Cast
from tests.sessions.doors import link, mias_browser, room
from tests.visitor import Visitor, path_of

# --- Never let in ---


@pytest.fixture
def not_ottos_case(cast: Cast) -> Cast:
    """Otto prepared a statement, which is a note of his since Cara is the owner; both wait."""
    cast.does("Otto", "statement", issue="Nobody will name a decider")
    cast.come("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    return cast


def test_a_new_link_forgets_a_former_owner_with_what_they_had_prepared(not_ottos_case: Cast) -> None:
    planning.rotate_join_link(not_ottos_case.id)
    assert [seat.name for seat in not_ottos_case.room().seats] == ["Mia", "Cara"]
    assert db.session.scalars(select(Contribution)).all() == []


def test_a_former_owner_who_still_waits_can_be_sent_away(not_ottos_case: Cast) -> None:
    cast = not_ottos_case
    cast.does("Mia", "open")
    cast.does("Mia", "advance", anyway=True)
    db.session.rollback()
    db.session.get_one(Seat, cast.seats["Otto"]).status = "waiting"
    db.session.commit()
    cast.does("Mia", "remove", seat=cast.seats["Otto"])
    assert cast.room().seat(cast.seats["Otto"]) is None
    assert db.session.scalars(select(Contribution)).all() == []


# --- A personal link ---


@pytest.fixture
def held(cast: Cast) -> Cast:
    """Closed, and whoever has Otto's seat gave an address and made links to it."""
    cast.run_up_to("closed")
    otto = cast.seats["Otto"]
    db.session.rollback()
    for purpose in ("seat", "device", "follow_up", "mail", "confirm"):
        links.make(purpose, hours=1, seat_id=otto)
    its: dict[str, Any] = {"seat_id": otto, "intervision_id": cast.id}
    db.session.add(MailAddress(**its, email="stan@example.org", given_at=now() - timedelta(days=1)))
    team_id = db.session.get_one(Intervision, cast.id).team_id
    deliveries.put(db.session, **its, channel="mail", kind="check_in", team_id=team_id)
    db.session.commit()
    return cast


def left_of(seat: str) -> list[int | None]:
    db.session.rollback()
    return [
        db.session.scalar(select(func.count()).select_from(table).where(table.seat_id == seat))
        for table in (Link, MailAddress)
    ] + [db.session.scalar(select(func.count()).where(Delivery.seat_id == seat, Delivery.channel == "mail"))]


def use(app: Flask, cast: Cast, purpose: str) -> None:
    token = links.make(purpose, hours=1, seat_id=cast.seats["Otto"])
    db.session.commit()
    assert path_of(Visitor(app).use_link(f"/seat/{token}")) == room(cast.room().it)


def test_a_seat_that_is_taken_over_takes_nothing_along_of_whoever_had_it(app: Flask, held: Cast) -> None:
    use(app, held, "seat")
    assert left_of(held.seats["Otto"]) == [0, 0, 0]
    assert [(each.what, each.id) for each in erasures.noted()] == [("address", held.seats["Otto"])]


def test_a_second_device_of_ones_own_leaves_everything_as_it_is(app: Flask, held: Cast) -> None:
    use(app, held, "device")
    assert left_of(held.seats["Otto"]) == [5, 1, 1]
    assert list(erasures.noted()) == []


def test_where_nobody_gave_an_address_none_is_noted(app: Flask, cast: Cast) -> None:
    use(app, cast, "seat")
    assert list(erasures.noted()) == []


# --- Who is faster ---


def faster(monkeypatch: pytest.MonkeyPatch, table: type[Link] | type[Seat]) -> None:
    """When the next write begins, somebody else has just deleted all of these."""

    def begin(session: object) -> None:
        with db.sessionmaker() as other:
            other.execute(delete(Link))
            if table is Seat:
                other.execute(delete(Seat).where(Seat.name == "Otto"))
            other.commit()
        begin_write(db.session)

    db.session.rollback()
    monkeypatch.setattr(joining, "begin_write", begin)


@pytest.mark.parametrize("table", [Link, Seat])
def test_a_link_that_another_tab_has_just_used_says_so(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch, table: type[Link] | type[Seat]
) -> None:
    token = links.make("device", hours=1, seat_id=cast.seats["Otto"])
    db.session.commit()
    otto = Visitor(app)
    otto.open_link(f"/seat/{token}")
    with monkeypatch.context() as meanwhile:
        faster(meanwhile, table)
        page = otto.send("/seat")
    assert page.status_code == 404
    assert "has been used" in page.text


def test_a_link_for_somebody_who_has_just_gone_says_so(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    it, mia = cast.room().it, mias_browser(app, cast)
    form = {"csrf_token": mia.token(), "seat": cast.seats["Otto"]}
    address = f"/sessions/{it.code}/seat-link"
    faster(monkeypatch, Seat)
    answer = mia._ask("POST", address, data=form)
    assert answer.status_code == 404
    assert "not here any more" in answer.text


def test_who_is_just_coming_in_by_the_old_link_does_not(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stan = Visitor(app)
    asked = path_of(stan.get(link(cast.room().it)))
    form = {"csrf_token": stan.token(), "name": "Stan"}
    join = commands.join

    def rotated_first(*asked: object, **more: object) -> Seat:
        planning.rotate_join_link(cast.id)
        return join(*asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(commands, "join", rotated_first)
    page = stan._ask("POST", asked, data=form)
    assert "leads nowhere any more" in page.text
    assert "Stan" not in [seat.name for seat in cast.room().seats]


# --- Another owner in the plan ---


def replan(cast: Cast, owner_name: str) -> None:
    planning.replan(cast.id, FIELDS | {"owner_name": owner_name})


@pytest.mark.parametrize("owner_name", ["Olga", ""])
def test_a_guest_who_was_made_owner_stays_when_the_plan_names_another(cast: Cast, owner_name: str) -> None:
    cast.come("Cara")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    replan(cast, owner_name)
    assert cast.sees("Cara")["me"]["role"] == "consultant"


def test_a_seat_that_only_the_plan_made_goes_with_the_name(cast: Cast) -> None:
    replan(cast, "Olga")
    assert [seat.name for seat in cast.room().seats] == ["Mia", "Olga"]


# --- Refused ---


def refusals(cast: Cast, who: str) -> list[str]:
    db.session.rollback()
    found = select(Line.detail).where(Line.act == "refused", Line.by_seat == cast.seats[who]).order_by(Line.id)
    return list(db.session.scalars(found))


def test_who_is_refused_again_and_again_is_noted_once_a_minute_for_each_act(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.sessions import pace
    from app.sessions.commands import door

    moment = [0.0]
    monkeypatch.setattr(door, "_refusals", pace.Pace(lambda: moment[0]), raising=False)
    cast.opened("Cara", "Carl")

    def tries(who: str, act: str) -> None:
        with pytest.raises(Refused, match="forbidden"):
            cast.does(who, act)

    for _ in range(5):
        tries("Cara", "pause")
    assert refusals(cast, "Cara") == ["pause"]
    tries("Cara", "open")
    tries("Carl", "pause")
    assert (refusals(cast, "Cara"), refusals(cast, "Carl")) == (["pause", "open"], ["pause"])
    moment[0] = 60.0
    tries("Cara", "pause")
    assert refusals(cast, "Cara") == ["pause", "open", "pause"]
