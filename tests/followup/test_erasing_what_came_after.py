"""Erasing, taking along, and the end of what is kept: for what was said after the close, too."""

import json
import shutil
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import Account
from app.extensions import db
from app.followup.models import FollowUp, MailAddress
from app.privacy import erasure, erasures, own_data, retention
from app.sessions.commands import Refused, following
from app.sessions.models import Intervision, Seat, Visibility
from app.teams.models import MemberKind, Membership
from app.times import at, now
from tests.followup.conftest import FINANCE, MAP, Enter, held, item_of, story_of
from tests.privacy.conftest import erased_again, everything_kept, unpacked
from tests.sessions.cast import Cast
from tests.visitor import make_account


@pytest.fixture
def talk(cast: Cast) -> Cast:
    """Everybody has said something since."""
    item = item_of(cast, MAP)
    cast.does("Otto", "state", item=item, state="done")
    cast.does("Otto", "word", item=item, text="Canary word of Otto")
    cast.does("Otto", "add_step", text="Canary step of Otto", by="2031-07-09")
    cast.does("Cara", "support", item=item_of(cast, FINANCE), text="Canary offer of Cara")
    with at(now() + timedelta(days=14)):
        cast.does("Otto", "check_in", number=2, first="Canary answer of Otto", second="", helped=4)
    db.session.rollback()
    db.session.add(
        MailAddress(seat_id=cast.seats["Otto"], intervision_id=cast.id, email="canary@example.org", given_at=now())
    )
    db.session.commit()
    return cast


def test_with_ottos_words_nothing_of_them_is_left_on_the_disk(app: Flask, talk: Cast) -> None:
    assert everything_kept(app).count("of Otto") >= 3
    erasure.erase_seat(talk.seats["Otto"], words=True)
    left = everything_kept(app)
    for gone in ("Canary word", "Canary step", "Canary answer", "canary@example.org", "2031-07-09"):
        assert gone not in left, gone
    assert "Canary offer of Cara" in left
    helped = [said.data.get("helped") for said in db.session.scalars(select(FollowUp)) if said.kind == "check_in"]
    assert helped == [4]  # a number of the group's, without a name


def test_with_the_name_alone_what_he_told_the_group_stays_and_his_answers_go(app: Flask, talk: Cast) -> None:
    erasure.erase_seat(talk.seats["Otto"], words=False)
    left = everything_kept(app)
    assert "Canary word of Otto" in left
    for gone in ("Canary answer", "canary@example.org"):
        assert gone not in left, gone
    assert story_of(talk).action(item_of(talk, MAP)).state == "done"  # type: ignore[union-attr]


def test_caras_offer_goes_with_her(app: Flask, talk: Cast) -> None:
    erasure.erase_seat(talk.seats["Cara"], words=False)
    assert "Canary offer" not in everything_kept(app)


def test_after_the_name_the_words_can_be_erased_too_and_once_more_changes_nothing(app: Flask, talk: Cast) -> None:
    erasure.erase_seat(talk.seats["Otto"], words=False)
    assert erasure.erase_seat(talk.seats["Otto"], words=True)
    assert "Canary word" not in everything_kept(app)
    assert not erasure.erase_seat(talk.seats["Otto"], words=True)


def test_a_restored_backup_is_erased_again(app: Flask, talk: Cast) -> None:
    seat = talk.seats["Otto"]
    db.session.rollback()
    database = app.config["DATABASE_URL"].removeprefix("sqlite:///")
    everything_kept(app)  # leaves nothing in the journal beside the file
    shutil.copy(database, f"{database}.backup")
    erasure.erase_seat(seat, words=True)
    db.session.rollback()
    db.engine.dispose()
    shutil.copy(f"{database}.backup", database)
    (erasures.path().parent / "test.db.backup").unlink()
    assert "Canary word" in everything_kept(app)
    assert erased_again() == 1
    assert "Canary word" not in everything_kept(app)


def test_a_restore_does_not_bring_back_an_address_that_was_taken_back(app: Flask, talk: Cast) -> None:
    database = app.config["DATABASE_URL"].removeprefix("sqlite:///")
    everything_kept(app)
    shutil.copy(database, f"{database}.backup")
    talk.does("Otto", "give_address", email="")
    db.session.rollback()
    db.engine.dispose()
    shutil.copy(f"{database}.backup", database)
    assert len(db.session.scalars(select(MailAddress)).all()) == 1
    assert erased_again() == 1
    assert db.session.scalars(select(MailAddress)).all() == []
    app.config["SMTP_HOST"] = "mail.example.org"
    for _change in range(2):
        talk.does("Otto", "give_address", email="new@example.org")
    with pytest.raises(Refused, match="invalid"):
        talk.does("Otto", "give_address", email="no address")
    assert erased_again() == 0  # the last one that he gave came later
    assert len(db.session.scalars(select(MailAddress)).all()) == 1


def test_the_own_data_hold_what_was_said_since_and_nothing_of_others(talk: Cast) -> None:
    talk.room()
    otto = db.session.get_one(Seat, talk.seats["Otto"])
    files = unpacked(own_data.of_seat(otto))
    after = json.loads(files[f"after/{otto.intervision.code}.json"])
    assert after["mail"] == "canary@example.org"
    assert [each["kind"] for each in after["said"]] == ["state", "word", "step", "check_in"]
    assert "Canary offer" not in "".join(files.values())


def test_a_facilitators_notes_are_theirs_to_take_along_and_to_erase(app: Flask, mia: Account) -> None:
    session = held(mia, visibility=Visibility.PROCESS)
    fay = make_account("Fay")
    db.session.add(Membership(account_id=fay.id, team_id=session.room().it.team_id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    following.note(session.id, fay, "Canary note of Fay")
    db.session.rollback()
    fay = db.session.get_one(Account, fay.id)
    assert "Canary note of Fay" in unpacked(own_data.of_account(fay))["notes.json"]
    erasure.erase_account(fay.id, words=True)
    assert "Canary note" not in everything_kept(app)


def test_an_address_is_kept_no_longer_than_there_is_something_to_ask(talk: Cast) -> None:
    retention.purge()
    assert db.session.scalars(select(MailAddress)).all() != []
    long_ago = now() - timedelta(days=71)
    db.session.execute(update(Intervision).where(Intervision.id == talk.id).values(closed_at=long_ago))
    db.session.commit()
    retention.purge()
    assert db.session.scalars(select(MailAddress)).all() == []


def test_a_session_whose_time_is_over_takes_all_of_it_along(app: Flask, talk: Cast, enter: Enter) -> None:
    long_ago = now() - timedelta(days=366)
    db.session.execute(update(Intervision).where(Intervision.id == talk.id).values(closed_at=long_ago))
    db.session.commit()
    assert [each.id for each in retention.purge().sessions] == [talk.id]
    assert "Canary" not in everything_kept(app)
