"""Looking back: how a session was led, notes to the moderator, and the filters of follow-up."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.archive import search
from app.archive.search import Wanted
from app.extensions import db
from app.privacy import erasure, readers
from app.sessions.models import Intervision
from app.sessions.process import FEWEST, process
from app.sessions.sessions_found import themes_of_team
from app.times import at, now
from tests.archive.test_facilitators import browser_of_cara, fay_of, found, held
from tests.sessions.cast import START, Cast
from tests.visitor import Visitor, path_of

NOTE = "The silence before the ideas paid off."


def browser_of(app: Flask, account: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


def seated(app: Flask, cast: Cast, who: str) -> Visitor:
    browser = Visitor(app)
    with browser.client.session_transaction() as session:
        session["seats"] = [[cast.id, cast.seats[who], 1]]
    return browser


# --- The timeline ---


def test_the_timeline_is_for_those_who_look_back_on_how_it_was_led(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    code, moves = cast.room().it.code, "What was done about the time"
    for page in ("record", "process"):
        assert moves in browser_of(app, mia).get(f"/sessions/{code}/{page}").text
        for who in ("Otto", "Cara"):
            read = seated(app, cast, who).get(f"/sessions/{code}/{page}")
            assert read.status_code == 200
            assert moves not in read.text, (who, page)
            assert "Notes to the moderator" not in read.text
    assert moves in fay_of(app).get(f"/sessions/{code}/record").text


def test_the_timeline_is_drawn_without_inline_styles_and_a_table_says_the_same(app: Flask, mia: Account) -> None:
    with at(START):
        cast = Cast(mia, visibility="process").opened("Cara", "Carl")
        cast.does("Mia", "resume")
    with at(START + timedelta(minutes=6)):
        cast.does("Mia", "pause")
    with at(START + timedelta(minutes=9)):
        cast.does("Mia", "advance", anyway=True)
        cast.does("Mia", "extend", seconds=120)
    with at(START + timedelta(minutes=13)):
        cast.does("Mia", "stop")
    page = fay_of(app).get(f"/sessions/{cast.room().it.code}/record").text
    assert 'class="bar-pause" x="360.0" y="0" width="180.0"' in page
    assert 'class="bar-slot is-1" x="540.0" y="0" width="240.0"' in page
    assert "The clock paused for 3 minutes" in page
    assert "2 minutes added" in page
    assert " style=" not in page


def test_a_look_at_the_process_and_at_the_replay_is_in_the_trail(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators")
    fay, code = fay_of(app), cast.room().it.code
    fay.get(f"/sessions/{code}/process")
    fay.get(f"/sessions/{code}/replay")
    assert [(each.name, each.process) for each in readers.of(cast.room().it)] == [("Fay", False), ("Fay", True)]


def test_without_a_transcript_the_replay_says_so(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", transcript=False)
    browser, code = browser_of(app, mia), cast.room().it.code
    assert "there is nothing to replay" in browser.get(f"/sessions/{code}/replay").text
    assert "/replay" not in browser.get(f"/sessions/{code}/record").text


# --- Figures ---


def test_a_share_is_shown_only_where_it_came_from_several_people(app: Flask, mia: Account) -> None:
    names = ("Cara", "Carl", "Cleo")
    for asking in (names[: FEWEST - 1], names):
        cast = Cast(mia, title=f"{len(asking)} ask").opened(*names).go_to("questions")
        for _turn in names:
            who = cast.whose_turn()
            if who in asking:
                question = cast.does(who, "question", text="Who?").item
                cast.does("Otto", "answer", parent=question, text="", how="passed" if who == "Cara" else "aloud")
            else:
                cast.does(who, "pass_turn")
        cast.does("Mia", "stop")
        share = process(cast.room()).answered
        few = len(asking) < FEWEST
        assert (share.part, share.whole) == ((None, 2) if few else (2, 3))
        page = browser_of(app, mia).get(f"/sessions/{cast.room().it.code}/process").text
        assert ("it would tell of one person" in page, "2 of 3" in page) == (few, not few)


# --- Notes ---


@pytest.mark.parametrize("visibility", ["process", "facilitators"])
def test_fay_leaves_a_note_and_only_she_and_the_moderator_read_it(
    app: Flask,
    mia: Account,
    visibility: str,
) -> None:
    cast = held(mia, visibility, now())
    fay, code = fay_of(app), cast.room().it.code
    assert path_of(fay.send(f"/sessions/{code}/notes", text=f"  {NOTE} <b>")) == f"/sessions/{code}/process"
    for page in ("record", "process"):
        assert f"{NOTE} &lt;b&gt;" in fay.get(f"/sessions/{code}/{page}").text
        assert NOTE in browser_of(app, mia).get(f"/sessions/{code}/{page}").text
        for who in ("Otto", "Cara"):
            assert NOTE not in seated(app, cast, who).get(f"/sessions/{code}/{page}").text, who
    for file in ("record.json", "process.json", "process.md"):
        assert NOTE not in browser_of(app, mia).get(f"/sessions/{code}/{file}").text
    assert found("silence paid", name="Mia") == []
    other = another_facilitator(app)
    assert NOTE not in other.get(f"/sessions/{code}/record").text


def test_a_note_that_is_too_long_comes_back_and_one_sent_twice_is_there_once(app: Flask, mia: Account) -> None:
    cast = held(mia, "process", now())
    fay, page = fay_of(app), f"/sessions/{cast.room().it.code}/notes"
    refused = fay.send(page, text="W" * 4001)
    assert refused.status_code == 409
    assert "This text is too long" in refused.text
    assert "W" * 4001 in refused.text
    for text in (NOTE, NOTE, f"{NOTE} Twice."):
        fay.send(page, text=text, command="2f1e8a7c-5b1d-4d1e-9f6a-0c8c5a3d7e11")
    assert fay.get(page.replace("notes", "process")).text.count(NOTE) == 2


def another_facilitator(app: Flask) -> Visitor:
    from app.accounts.models import AccountKind
    from app.teams.models import MemberKind, Membership, Team
    from tests.visitor import make_account

    account = make_account("Finn", AccountKind.FACILITATOR)
    north = db.session.scalars(select(Team).where(Team.name == "North")).one()
    db.session.add(Membership(account_id=account.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    return browser_of(app, account)


def test_nobody_else_leaves_a_note(app: Flask, mia: Account) -> None:
    room, open_one = held(mia, "room"), held(mia, "facilitators", now())
    fay = fay_of(app)
    assert fay.send(f"/sessions/{room.room().it.code}/notes", text=NOTE).status_code == 404
    code = open_one.room().it.code
    for browser in (browser_of(app, mia), seated(app, open_one, "Cara"), Visitor(app)):
        assert browser.send(f"/sessions/{code}/notes", text=NOTE).status_code == 404
    assert NOTE not in browser_of(app, mia).get(f"/sessions/{code}/record").text


@pytest.mark.parametrize(("text", "words"), [("  ", "There is no text yet."), ("x" * 4001, "This text is too long.")])
def test_a_note_that_cannot_be_says_why(app: Flask, mia: Account, text: str, words: str) -> None:
    code = held(mia, "facilitators").room().it.code
    fay = fay_of(app)
    assert words in fay.send(f"/sessions/{code}/notes", text=text).text


# --- Filters ---


def titles(account: Account, **wanted: object) -> list[str]:
    db.session.rollback()
    account = db.session.get_one(Account, account.id)
    return sorted(it.name for it in search.find(account, Wanted(**wanted)).sessions)  # type: ignore[arg-type]


def test_open_actions_are_those_whose_newest_state_leaves_something_to_do(app: Flask, mia: Account) -> None:
    casts = {title: held(mia, "facilitators", title=title) for title in ("Untouched", "Done", "Reopened", "A new step")}
    Cast(mia, title="Without a plan").opened("Cara").does("Mia", "stop")

    def says(title: str, state: str) -> None:
        cast = casts[title]
        [action] = cast.sees_kind("Otto", "action")
        cast.does("Otto", "state", item=action["id"], state=state)

    assert titles(mia, still_open=True) == ["A new step", "Done", "Reopened", "Untouched"]
    says("Done", "under_way")
    says("Done", "done")
    says("Reopened", "changed_my_mind")
    assert titles(mia, still_open=True) == ["A new step", "Untouched"]
    says("Reopened", "under_way")
    says("A new step", "done")
    casts["A new step"].does("Otto", "add_step", text="Call once more", by="")
    assert titles(mia, still_open=True) == ["A new step", "Reopened", "Untouched"]


def test_of_words_that_were_erased_nothing_is_open(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now())
    cast.does("Otto", "add_step", text="Call once more", by="")
    assert titles(mia, still_open=True) != []
    erasure.erase_seat(cast.seats["Otto"], words=True)
    assert titles(mia, still_open=True) == []


def test_a_check_in_is_due_from_its_day_until_the_next_one_or_its_answer(app: Flask, mia: Account) -> None:
    cast = held(mia, "facilitators", now(), title="Due")
    for days, due in ((0, False), (1, False), (2, True), (13, True), (14, True), (41, True), (42, True), (69, True),
                      (71, False)):  # fmt: skip
        with at(now() + timedelta(days=days)):
            assert titles(mia, due=True) == (["Due"] if due else []), days
    with at(now() + timedelta(days=2)):
        cast.does("Otto", "check_in", number=1, first="I called.", second="", helped=0)
        assert titles(mia, due=True) == []
    with at(now() + timedelta(days=14)):
        assert titles(mia, due=True) == ["Due"]


def test_of_the_process_alone_nobody_learns_what_is_open_or_due(app: Flask, mia: Account) -> None:
    held(mia, "process", now())
    fay_of(app)
    fay = db.session.scalars(select(Account).where(Account.name == "Fay")).one()
    with at(now() + timedelta(days=3)):
        assert titles(mia, due=True, still_open=True) == ["Nine contacts, no decider"]
        assert titles(fay) == [""]
        assert titles(fay, due=True) == titles(fay, still_open=True) == []


def test_the_method_narrows_and_is_offered_where_there_are_several(app: Flask, mia: Account) -> None:
    held(mia, "facilitators", title="Usual")
    other = held(mia, "facilitators", title="Other")
    browser = browser_of(app, mia)
    assert "Method" not in browser.get("/archive").text
    db.session.get_one(Intervision, other.id).method = "incident"
    db.session.commit()
    assert "Method" in browser.get("/archive").text
    assert titles(mia, method="incident") == ["Other"]
    assert titles(mia, method="intervision") == ["Usual"]


def test_an_address_is_short_enough_to_be_kept(app: Flask, mia: Account) -> None:
    held(mia, "facilitators")
    browser = browser_of(app, mia)
    typed = "/archive?q=contacts&team=&theme=&moderator=&owner=&still_open=yes&since=&until=&sort=newest"
    kept = path_of(browser.get(typed))
    assert kept == "/archive?q=contacts&still_open=yes"
    assert re.search(r'<input(?=[^>]* checked)(?=[^>]*name="still_open")', browser.get(kept).text)


def test_a_theme_that_is_hit_is_shown_once(app: Flask, mia: Account) -> None:
    held(mia, "facilitators")
    for who in ("Mia", "Fay"):
        if who == "Fay":
            fay_of(app)
        [it] = found("several deciders", name=who)
        assert it.excerpt == [] or "Several" not in str(it.excerpt)
        assert [piece for theme in it.themes for piece in theme if piece[1]] == [("Several", True), ("deciders", True)]
        [it] = found("count roles", name=who)
        assert "Count roles" in "".join(piece for piece, _hit in it.excerpt)


# --- Suggestions ---


def test_whoever_comes_to_moderate_is_told_the_themes_of_the_team(app: Flask, mia: Account) -> None:
    held(mia, "facilitators")
    cast = Cast(mia).opened("Cara")
    code, cara = cast.room().it.code, browser_of_cara(app, cast)
    address = f"/sessions/{code}/themes"
    assert cara.get(address).status_code == 404
    assert '"themes": null' in cara.get(f"/sessions/{code}/room").text
    cast.does("Mia", "set_role", seat=cast.seats["Cara"], role="moderator")
    assert cara.get(address).json == list(themes_of_team(cast.room().it.team_id)) == ["Renewal", "Several deciders"]
    assert fay_of(app).get(address).status_code == 404
