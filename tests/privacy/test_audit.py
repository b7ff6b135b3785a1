"""The trail: what is in it, that it stays, and that nobody's words are."""

import pytest
from flask import Flask
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account
from app.extensions import db
from app.privacy import audit
from app.privacy.audit import Line
from app.sessions.commands import Refused
from tests.privacy.conftest import Enter
from tests.sessions.cast import Cast
from tests.visitor import PASSWORD, Visitor


def acts() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Line.act).order_by(Line.id)))


def test_a_line_is_never_changed(app: Flask) -> None:
    audit.record("sign_in", by_account=1)
    with pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(text("UPDATE audit SET by_account = 2"))
    db.session.rollback()
    assert db.session.scalars(select(Line.by_account)).all() == [1]


def test_signing_in_out_and_failing(app: Flask, mia: Account) -> None:
    browser, mia_id = Visitor(app), mia.id
    browser.send("/sign-in", email=mia.email, password="not hers at all")
    browser.send("/sign-in", email="nobody@example.org", password="not theirs at all")
    browser.send("/sign-in", email=mia.email, password=PASSWORD)
    browser.send("/sign-out")
    lines = db.session.scalars(select(Line).order_by(Line.id)).all()
    assert [(line.act, line.by_account, line.account_id) for line in lines] == [
        ("sign_in_failed", None, mia_id),
        ("sign_in_failed", None, None),
        ("sign_in", mia_id, None),
        ("sign_out", mia_id, None),
    ]


def test_an_owner_who_writes_while_muted_is_refused_and_it_is_noted(mia: Account) -> None:
    cast = Cast(mia).go_to("brainstorm")
    with pytest.raises(Refused, match="forbidden"):
        cast.does("Otto", "idea", text="Canary idea of Otto")
    db.session.rollback()
    line = db.session.scalars(select(Line).where(Line.act == "refused")).one()
    assert (line.by_seat, line.intervision_id, line.detail) == (cast.seats["Otto"], cast.id, "idea")


def test_roles_and_seats_that_change_are_in_it(mia: Account) -> None:
    cast = Cast(mia).opened("Cara", "Carl")
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    cast.does("Mia", "remove", seat=cast.seats["Carl"])
    db.session.rollback()
    lines = db.session.scalars(select(Line).where(Line.act.in_(["set_role", "remove"])).order_by(Line.id)).all()
    assert [(line.act, line.by_seat, line.seat_id, line.detail) for line in lines] == [
        ("set_role", cast.seats["Mia"], cast.seats["Cara"], "moderator"),
        ("remove", cast.seats["Mia"], cast.seats["Carl"], ""),
    ]


def test_a_refused_command_leaves_no_line_of_what_did_not_happen(mia: Account) -> None:
    cast = Cast(mia).opened("Cara")
    before = acts()
    with pytest.raises(Refused):
        cast.does("Mia", "set_role", seat="nobody", role="owner")
    assert acts() == before


def test_it_holds_no_words_names_or_addresses(cast: Cast, enter: Enter) -> None:
    code = cast.room().it.code
    enter("Otto").get(f"/sessions/{code}/record")
    enter("Cara").get(f"/sessions/{code}/plan.json")
    everything = "\n".join(str(row) for row in db.session.execute(select(Line.__table__)))
    for said in ("Canary", "Cara", "Otto", "Nine contacts", "mia@", "192.0.2.1"):
        assert said not in everything, said


def test_what_cannot_be_noted_breaks_no_reading(
    app: Flask, cast: Cast, enter: Enter, caplog: pytest.LogCaptureFixture
) -> None:
    browser, code = enter("Otto"), cast.room().it.code
    db.session.execute(text("DROP TABLE audit"))
    db.session.commit()
    assert browser.get(f"/sessions/{code}/plan.md").status_code == 200
    assert "could not be written" in caplog.text
    assert "Canary" not in caplog.text


def test_ada_sees_the_trail_by_pages_and_by_act(cast: Cast, ada: Account, enter: Enter) -> None:
    for _ in range(60):
        audit.record("record_opened", by_seat=cast.seats["Cara"], intervision_id=cast.id)
    browser = enter("Ada")
    first = browser.get("/audit").text
    assert "Page 1 of 2" in first
    assert "a guest" in first
    assert "Cara" not in first
    assert f"Session {cast.room().it.code}" in first
    assert "Nine contacts" not in first
    assert browser.get("/audit?page=99").text.count("Page 2 of 2") == 1
    planned = browser.get("/audit?act=plan").text
    assert planned.count("<time") == 1
    assert "Mia" in planned


def test_the_trail_outlives_what_it_names(app: Flask, cast: Cast, ada: Account, enter: Enter) -> None:
    code = cast.room().it.code
    enter("Mia").send(f"/sessions/{code}/delete")
    page = enter("Ada").get("/audit?act=delete").text
    assert f"deleted, number {cast.id}" in page
    assert db.session.execute(delete(Line)).rowcount  # type: ignore[attr-defined]
    db.session.rollback()
