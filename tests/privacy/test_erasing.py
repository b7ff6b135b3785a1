"""Erasing a person: nothing of theirs is left anywhere, and what the others said stays readable."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.archive import search
from app.database import fold_journal
from app.extensions import db
from app.privacy import erasure, erasures
from app.privacy.audit import Line
from app.sessions.commands import Refused, erasing
from app.sessions.exports import formats
from app.sessions.models import Contribution, Intervision, Seat
from app.times import now
from tests.privacy.conftest import Enter, erased_again, everything_kept, items
from tests.sessions.cast import Cast
from tests.sessions.doors import seat_of
from tests.visitor import make_account

ERASED = "Words erased at the author’s wish."
FILES = [f"{document}.{extension}" for document in ("plan", "record") for extension in formats.of(document)]


def test_with_the_words_nothing_of_cara_is_left_on_the_disk(app: Flask, cast: Cast) -> None:
    assert everything_kept(app).count("of Cara") > 2
    assert erasure.erase_seat(cast.seats["Cara"], words=True)
    left = everything_kept(app)
    for gone in (
        "Canary note of Cara",
        "Canary lesson of Cara",
        "noted for Cara",
        "Who asked, Cara?",
        "Map the contacts",
    ):
        assert gone not in left, gone
    for stays in ("Canary note of Carl", "Canary lesson of Carl", "Canary issue of Otto", "Ask Karim"):
        assert stays in left, stays


def test_her_words_keep_their_place_and_the_answers_stay(cast: Cast) -> None:
    before = cast.sees("Otto")
    erasure.erase_seat(cast.seats["Cara"], words=True)
    after = cast.sees("Otto")
    for kind in ("question", "answer", "idea", "recommendation", "verdict", "lesson", "reaction"):
        assert [item["id"] for item in items(after, kind)] == [item["id"] for item in items(before, kind)]
    hers = [item for item in after["items"].values() if item.get("seat") == cast.seats["Cara"]]
    assert hers
    assert {item["text"] for item in hers} == {ERASED}
    assert [item["text"] for item in items(after, "answer")] == ["The technical manager"] * 2
    assert after["people"][cast.seats["Cara"]]["name"] == "Someone who left"
    assert not any(item["data"].get("named") or item["data"].get("share") for item in hers)


def test_with_the_name_alone_her_words_stay_and_nobody_reads_whose_they_are(
    app: Flask, cast: Cast, enter: Enter
) -> None:
    erasure.erase_seat(cast.seats["Cara"], words=False)
    page = enter("Otto").get(f"/sessions/{cast.room().it.code}/record").text
    assert "Canary lesson of Cara" in page
    assert "Someone who left" in page
    assert "Canary note of Cara" not in everything_kept(app)  # private notes are nobody's, once nobody has them
    assert seat_names() == ["", "Carl", "Mia", "Otto"]


def seat_names() -> list[str]:
    db.session.rollback()
    return sorted(db.session.scalars(select(Seat.name)))


def test_an_erased_owner_takes_statement_ask_and_plan_along(app: Flask, cast: Cast, enter: Enter) -> None:
    code = cast.room().it.code
    browser = enter("Cara")
    erasure.erase_seat(cast.seats["Otto"], words=True)
    left = everything_kept(app)
    for gone in ("issue of Otto", "situation of Otto", "Help me find who decides", "Draw the map", "2026-03-05"):
        assert gone not in left.replace("Cara would draw the map", ""), gone
    page = browser.get(f"/sessions/{code}/record").text
    assert ERASED in page
    assert "Someone who left" in page
    assert "Otto" not in page


@pytest.mark.parametrize("words", [True, False])
def test_every_file_can_be_had_afterwards_and_holds_nothing_of_hers(cast: Cast, enter: Enter, words: bool) -> None:
    browser, code = enter("Otto"), cast.room().it.code
    erasure.erase_seat(cast.seats["Cara"], words=words)
    for file in FILES:
        answer = browser.get(f"/sessions/{code}/{file}")
        assert answer.status_code == 200, file
        if file.endswith((".md", ".json", ".csv", ".ics")):
            assert "Cara:" not in answer.text
            assert ("Canary lesson of Cara" in answer.text) == (not words and file in ("record.md", "record.json")), (
                file
            )


def test_the_archive_does_not_find_what_was_erased(mia: Account, cast: Cast) -> None:
    def found(words: str) -> int:
        db.session.rollback()
        return search.find(mia, search.Wanted(words)).count

    assert found("canary lesson cara") == 1
    erasure.erase_seat(cast.seats["Cara"], words=True)
    assert found("canary lesson cara") == 0
    erasure.erase_seat(cast.seats["Otto"], words=False)
    assert "" not in search.owners_of(mia)


def test_the_same_again_changes_nothing(app: Flask, cast: Cast) -> None:
    assert erasure.erase_seat(cast.seats["Cara"], words=False)
    assert erasure.erase_seat(cast.seats["Cara"], words=True)
    version = cast.room().it.version
    assert not erasure.erase_seat(cast.seats["Cara"], words=True)
    assert not erasure.erase_seat(cast.seats["Cara"], words=False)
    assert not erasure.erase_seat("nobody", words=True)
    assert cast.room().it.version == version


def test_her_browser_has_no_seat_any_more_and_nobody_gets_it_by_a_link(cast: Cast, enter: Enter) -> None:
    code, cara, mia = cast.room().it.code, enter("Cara"), enter("Mia")
    erasure.erase_seat(cast.seats["Cara"], words=False)
    assert cara.get(f"/sessions/{code}/record").status_code == 404
    assert mia.send(f"/sessions/{code}/seat-link", seat=cast.seats["Cara"]).status_code == 404


def test_a_live_room_that_loses_its_owner_is_stopped(mia: Account) -> None:
    cast = Cast(mia).go_to("questions")
    erasure.erase_seat(cast.seats["Otto"], words=True)
    assert (cast.step, cast.room().it.stopped) == ("closed", True)


def test_before_the_questions_another_owner_can_follow_and_what_was_prepared_goes(app: Flask, mia: Account) -> None:
    cast = Cast(mia).opened("Cara")
    cast.does("Otto", "statement", issue="Canary issue of Otto", situation="")
    erasure.erase_seat(cast.seats["Otto"], words=False)
    assert "Canary" not in everything_kept(app)
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="owner")
    assert (cast.step, cast.room().owner.name) == ("lobby", "Cara")  # type: ignore[union-attr]


def test_a_live_room_goes_on_without_a_consultant_and_the_turn_too(mia: Account) -> None:
    cast = Cast(mia).go_to("questions")
    first = cast.whose_turn()
    erasure.erase_seat(cast.seats[first], words=True)
    assert cast.step == "questions"
    assert cast.whose_turn() not in (first, None)
    with pytest.raises(Refused):
        cast.does(first, "note", text="Still here?")


def test_nothing_is_erased_when_it_cannot_be_noted_for_a_restore(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def disk_is_full(*_about: object, **_more: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(erasures, "note", disk_is_full)
    with pytest.raises(Refused, match="not_saved"):
        erasure.erase_seat(cast.seats["Cara"], words=True)
    assert "Cara" in seat_names()


def test_an_account_goes_from_everywhere_and_its_sessions_stay_with_those_who_were_there(
    app: Flask, ada: Account, mia: Account, cast: Cast, enter: Enter
) -> None:
    code, otto, mias = cast.room().it.code, enter("Otto"), enter("Mia")
    planned = Cast(mia, title="Not held yet").id
    mia_id = mia.id
    assert erasure.erase_account(mia_id, words=True)
    assert not erasure.erase_account(mia_id, words=True)
    db.session.rollback()
    assert db.session.get(Intervision, planned) is None
    left = everything_kept(app)
    assert "mia@example.org" not in left
    assert "'Mia'" not in left
    assert otto.get(f"/sessions/{code}/record").status_code == 200
    assert mias.get("/account").status_code == 302
    assert enter("Ada").get(f"/sessions/{code}/record").status_code == 404


def test_the_last_administrator_cannot_be_erased(ada: Account) -> None:
    with pytest.raises(Refused, match="forbidden"):
        erasure.erase_account(ada.id, words=True)
    make_account("Ben", admin=True)
    assert erasure.erase_account(ada.id, words=True)


def test_what_an_older_backup_brings_back_is_erased_again(
    app: Flask, ada: Account, mia: Account, cast: Cast, tmp_path: Path
) -> None:
    other = Cast(mia, title="Canary title").go_to("lobby").id
    mia_id, ada_id = mia.id, ada.id
    db.session.rollback()
    backup = tmp_path / "backup.db"
    with db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM INTO ?", (str(backup),))
        connection.exec_driver_sql("BEGIN")
    erasure.erase_seat(cast.seats["Cara"], words=True)
    erasing.delete(other)
    erasure.erase_account(mia_id, words=False)
    after = _state()
    db.session.rollback()
    fold_journal(db.engine)
    db.engine.dispose()
    file = tmp_path / "test.db"
    for each in (file, tmp_path / "test.db-wal", tmp_path / "test.db-shm"):
        each.unlink(missing_ok=True)
    backup.rename(file)
    assert "Cara" in seat_names()
    noted = erasures.path().read_text()
    assert erased_again() == 4  # Cara, the session, Mia's seat, her account
    assert _state() == after
    assert erasures.path().read_text() == noted  # or the next restore would take it for what is erased today
    assert erased_again() == 0
    assert not db.session.get_one(Account, ada_id).erased
    assert "of Cara" not in everything_kept(app)


def _state() -> object:
    db.session.rollback()
    db.session.expire_all()
    words = db.session.execute(
        select(Contribution.id, Contribution.text, Contribution.erased).order_by(Contribution.id)
    )
    seats = db.session.execute(select(Seat.id, Seat.name, Seat.account_id).order_by(Seat.id))
    accounts = db.session.execute(select(Account.id, Account.name, Account.email).order_by(Account.id))
    return [*words, *seats, *accounts]


def test_an_id_that_was_given_out_anew_after_a_restore_is_spared(app: Flask, mia: Account) -> None:
    erasures.note("session", 1)
    erasures.note("account", 2)
    young = Cast(mia)
    nora = make_account("Nora")
    assert (young.id, nora.id) == (1, 2)
    assert erased_again() == 0
    assert db.session.get(Intervision, 1)
    assert not nora.erased


def test_a_number_names_only_the_session_and_the_account_that_were_erased(app: Flask, mia: Account) -> None:
    it, nora = Cast(mia), make_account("Nora")
    another = now() - timedelta(days=1)  # another machine's, or one of before a restore
    erasures.note("session", it.id, made=another)
    erasures.note("account", nora.id, made=another)
    assert erased_again() == 0
    erasures.note("session", it.id, made=it.room().it.created_at)
    erasures.note("account", nora.id, made=nora.created_at)
    assert erased_again() == 2


def test_a_session_is_noted_with_when_it_was_made(app: Flask, mia: Account) -> None:
    cast = Cast(mia)
    made = cast.room().it.created_at
    erasing.delete(cast.id)
    assert [(each.id, each.made) for each in erasures.noted()] == [(cast.id, made)]


def test_a_line_that_was_cut_short_hides_no_other(app: Flask, cast: Cast) -> None:
    erasures.path().write_text('{"what": "seat", "id": "ab')
    erasures.note("seat", cast.seats["Cara"])
    assert [each.id for each in erasures.noted()] == [cast.seats["Cara"]]
    assert erased_again() == 1


def test_the_list_of_erasures_holds_ids_and_times_and_nothing_else(app: Flask, cast: Cast) -> None:
    erasure.erase_seat(cast.seats["Cara"], words=True)
    [line] = [json.loads(line) for line in erasures.path().read_text().splitlines() if line]
    assert set(line) == {"what", "id", "words", "at"}
    assert (line["what"], line["id"], line["words"]) == ("seat", cast.seats["Cara"], True)


def test_the_trail_says_that_somebody_was_erased_and_by_whom(cast: Cast, enter: Enter, mia: Account) -> None:
    code, seat = cast.room().it.code, seat_of("Cara").id
    mia_id = mia.id
    enter("Mia").send(f"/sessions/{code}/people/{seat}", how="words", sure="y")
    line = db.session.scalars(select(Line).where(Line.act == "erase")).one()
    assert (line.by_account, line.seat_id, line.detail) == (mia_id, seat, "words")
