"""The pages after the close: whose they are, what they show, and that nothing typed is lost."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app, g
from sqlalchemy import event, select, update

from app.accounts.models import Account, Link
from app.archive import search
from app.extensions import db
from app.followup import due
from app.followup.models import CheckIn, FollowUp
from app.privacy.audit import Line
from app.sessions import commands
from app.sessions.commands import erasing, following
from app.sessions.models import Intervision, Visibility
from app.times import at, now
from tests.followup.conftest import FINANCE, MAP, Enter, held, item_of, story_of
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import Visitor, path_of


def age(cast: Cast, days: int) -> None:
    """Let the session have been closed so many days ago; its check-ins too."""
    moved = timedelta(days=days)
    it = cast.room().it
    assert it.closed_at
    db.session.execute(update(Intervision).where(Intervision.id == it.id).values(closed_at=it.closed_at - moved))
    db.session.commit()


@pytest.mark.parametrize(("who", "status"), [("Otto", 200), ("Cara", 200), ("Carl", 404), ("Mia", 404), ("Stan", 404)])
def test_the_page_is_for_otto_and_for_whom_his_plan_names(page: str, enter: Enter, who: str, status: int) -> None:
    assert enter(who).get(page).status_code == status


def test_a_stranger_learns_not_even_that_there_is_such_a_session(page: str, enter: Enter) -> None:
    stan = enter("Stan")
    absent = stan.get("/sessions/ZZZZZZ/follow-up")
    without = [re.sub(r'nonce-[^"\' ]+', "", answer.text) for answer in (absent, stan.get(page))]
    assert without[0] == without[1]
    assert absent.status_code == 404


@pytest.mark.parametrize("who", ["Stan", "Carl", "Mia"])
@pytest.mark.parametrize("act", ["action", "step", "check-in", "tell", "support", "address", "link"])
def test_nobody_else_sends_its_forms(app: Flask, page: str, cast: Cast, enter: Enter, who: str, act: str) -> None:
    fields = {"item": item_of(cast, MAP), "state": "done", "text": "Forged", "tell": "words", "number": "1"}
    assert enter(who).send(f"{page}/{act}", **fields).status_code == 404
    assert enter("Otto").client.post(f"{page}/{act}", data=fields).status_code == 400  # without the form's token
    assert db.session.scalars(select(FollowUp)).all() == []
    assert db.session.scalars(select(Link).where(Link.purpose == "follow_up")).all() == []


def test_cara_sees_the_action_that_names_her_and_nothing_else(page: str, cast: Cast, enter: Enter) -> None:
    cast.does("Otto", "word", item=item_of(cast, FINANCE), text="They do not answer")
    shown = enter("Cara").get(page).text
    assert FINANCE in shown
    for hidden in (MAP, "They do not answer", "Check-ins"):
        assert hidden not in shown


def test_before_the_close_the_page_leads_to_the_room(app: Flask, mia: Account) -> None:
    live = Cast(mia).go_to("brainstorm")
    otto = Visitor(app)
    name, value = cookie_of(app, live, "Otto").split("=", 1)
    otto.client.set_cookie(name, value)
    code = live.room().it.code
    assert path_of(otto.get(f"/sessions/{code}/follow-up")) == f"/sessions/{code}/room"


def test_one_form_says_state_word_and_day_and_only_what_changed_is_kept(page: str, cast: Cast, enter: Enter) -> None:
    otto, item = enter("Otto"), item_of(cast, MAP)
    sent = {"item": item, "state": "under_way", "text": "", "by": "2026-03-05"}
    assert path_of(otto.send(f"{page}/action", **sent)) == page
    assert [each.kind for each in db.session.scalars(select(FollowUp))] == ["state"]
    otto.send(f"{page}/action", **sent | {"text": "Karim called\r\nback", "by": ""})
    action = story_of(cast).action(item)
    assert action
    assert (action.state, action.word, action.by) == ("under_way", "Karim called\nback", None)
    otto.send(f"{page}/action", **sent | {"text": "Karim called\r\nback", "by": ""})
    assert len(db.session.scalars(select(FollowUp)).all()) == 3


def test_a_refused_form_comes_back_with_all_that_was_typed(page: str, cast: Cast, enter: Enter) -> None:
    item = item_of(cast, MAP)
    answer = enter("Otto").send(f"{page}/action", item=item, state="done", text="x" * 4001, by="2026-04-01")
    assert answer.status_code == 409
    assert "This text is too long" in answer.text
    assert "x" * 4001 in answer.text
    assert 'value="2026-04-01"' in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "finished", "text": "", "by": ""},
        {"state": "done", "text": "", "by": "soon"},
        {"state": "done", "text": "", "by": "2026-02-31"},
        {"state": "done", "item": "nothing"},
        {"state": "done", "item": "x" * 200},
    ],
)
def test_bad_input_gets_one_sentence(page: str, cast: Cast, enter: Enter, fields: dict[str, str]) -> None:
    answer = enter("Otto").send(f"{page}/action", **{"item": item_of(cast, MAP)} | fields)
    assert answer.status_code == 409
    assert answer.text.count('role="alert"') == 1


def test_otto_keeps_his_page_when_the_record_cannot_be_read_any_more(page: str, cast: Cast, enter: Enter) -> None:
    age(cast, 91)
    otto = enter("Otto")
    assert otto.get(page.replace("follow-up", "record")).status_code == 410
    shown = otto.get(page)
    assert MAP in shown.text
    assert "The record</a>" not in shown.text
    otto.send(f"{page}/action", item=item_of(cast, MAP), state="done", text="Late, and done", by="")
    assert story_of(cast).action(item_of(cast, MAP)).word == "Late, and done"  # type: ignore[union-attr]


def test_whoever_reads_the_record_reads_how_it_stands(page: str, cast: Cast, enter: Enter) -> None:
    item = item_of(cast, MAP)
    for act, data in (("state", {"state": "done"}), ("word", {"text": "Karim called back"})):
        cast.does("Otto", act, item=item, **data)
    cast.does("Otto", "add_step", text="Invite the buyer", by="")
    cast.does("Cara", "support", item=item_of(cast, FINANCE), text="I know Ines in finance")
    with at(now() + timedelta(days=2)):
        cast.does("Otto", "check_in", number=1, first="For my eyes alone", second="", helped=0)
    for who in ("Mia", "Otto", "Carl"):
        shown = enter(who).get(page.replace("follow-up", "record")).text
        for words in ("Karim called back", "Invite the buyer"):
            assert words in shown
        for words in ("For my eyes alone", "I know Ines in finance"):
            assert words not in shown
    assert "For my eyes alone" in enter("Otto").get(page).text


def test_a_link_for_later_brings_otto_back_once_on_another_device(app: Flask, page: str, enter: Enter) -> None:
    made = enter("Otto").send(f"{page}/link")
    found = re.search(r"http://localhost(/follow-up/[\w-]{20,})", made.text)
    assert found
    phone = Visitor(app)
    assert "Open my page" in phone.open_link(found[1]).text
    assert phone.get(page).status_code == 404  # looking at it uses nothing up, and opens nothing
    assert path_of(phone.send("/follow-up")) == page
    assert phone.get(page).status_code == 200
    assert enter("Otto").get(page).status_code == 200  # the other device keeps its seat
    assert Visitor(app).open_link(found[1]).status_code == 404
    assert found[1].rsplit("/", 1)[1] not in str(db.session.scalars(select(Link.token_hash)).all())


def test_an_owner_with_an_account_signs_in(app: Flask, mia: Account) -> None:
    own = Cast(mia).opened("Cara")
    own.does("Mia", "set_role", seat=own.seats["Cara"], role="moderator")
    own.does("Mia", "set_role", seat=own.seats["Mia"], role="owner")
    own.does("Cara", "stop")
    browser = Visitor(app)
    path = f"/sessions/{own.room().it.code}/follow-up"
    assert browser.get(path).status_code == 404
    browser.sign_in(mia)
    shown = browser.get(path)
    assert shown.status_code == 200
    assert "Make a link for myself" not in shown.text


def test_the_calendar_has_the_actions_on_their_new_days_and_the_check_ins(page: str, cast: Cast, enter: Enter) -> None:
    item = item_of(cast, MAP)
    cast.does("Otto", "move_date", item=item, by="2026-04-01")
    otto = enter("Otto")
    file = otto.get(f"{page}.ics")
    assert file.mimetype == "text/calendar"
    events = file.text.split("BEGIN:VEVENT")[1:]
    moved = next(event for event in events if f"action-{item}@intervise" in event)
    assert "DTSTART;VALUE=DATE:20260401" in moved
    assert "SEQUENCE:1" in moved
    assert sum("UID:check-in-" in event for event in events) == 3
    assert f"action-{item}@intervise" in otto.get(page.replace("follow-up", "plan.ics")).text
    for who in ("Cara", "Mia", "Stan"):
        assert enter(who).get(f"{page}.ics").status_code == 404


def test_opening_the_page_is_in_the_trail_and_no_word_of_it(page: str, cast: Cast, enter: Enter) -> None:
    enter("Otto").get(page)
    lines = db.session.scalars(select(Line).where(Line.act == "follow_up_opened")).all()
    assert [(line.by_seat, line.detail) for line in lines] == [(cast.seats["Otto"], "")]


# --- What a moderator brings up -------------------------------------------------------------------------------------


def test_mia_finds_what_is_due_until_otto_has_answered(cast: Cast, enter: Enter) -> None:
    mia = enter("Mia")
    assert "Nothing is due" in mia.get("/follow-ups").text
    with at(now() + timedelta(days=14)):
        check_ins_are_due(cast)
    shown = mia.get("/follow-ups").text
    assert "After two weeks" in shown
    assert "What has changed in the plan?" in shown
    assert "Cara" in shown
    assert "1 check-in is due." in mia.get("/sessions/").text
    assert enter("Stan").get("/follow-ups").status_code == 302
    cast.does("Otto", "check_in", number=2, first="All is well", second="", helped=4)
    assert "Nothing is due" in mia.get("/follow-ups").text
    assert "All is well" not in mia.get("/follow-ups").text
    assert "check-in is due" not in mia.get("/sessions/").text


def check_ins_are_due(cast: Cast) -> None:
    """Let the check-ins be due as if it were now two weeks after the close."""
    for each in db.session.scalars(select(CheckIn).where(CheckIn.intervision_id == cast.id)):
        each.due_on -= timedelta(days=14)
    db.session.commit()


def test_another_moderator_finds_nothing_of_it(app: Flask, cast: Cast) -> None:
    from tests.visitor import make_account

    check_ins_are_due(cast)
    ada = Visitor(app)
    ada.sign_in(make_account("Ada", admin=True))
    assert "Nothing is due" in ada.get("/follow-ups").text


# --- The team’s next session ----------------------------------------------------------------------------------------


@pytest.fixture
def told(app: Flask, mia: Account) -> Cast:
    return held(mia, visibility=Visibility.FACILITATORS)


def lobby(app: Flask, mia: Account, who: str, **fields: object) -> Any:
    """What this person is shown in the lobby of the next session."""
    following = Cast(mia, **fields).opened("Nora")
    browser = Visitor(app)
    name, value = cookie_of(app, following, who).split("=", 1)
    browser.client.set_cookie(name, value)
    answer = browser.get(f"/sessions/{following.room().it.code}/commitments")
    assert answer.status_code == 200
    return answer.json


def test_the_next_lobby_sees_actions_and_where_they_stand_and_no_word(app: Flask, mia: Account, told: Cast) -> None:
    item = item_of(told, MAP)
    told.does("Otto", "state", item=item, state="under_way")
    told.does("Otto", "word", item=item, text="Karim called back")
    found = lobby(app, mia, "Nora")
    assert found["owner"] == "Otto"
    assert found["actions"] == [
        {"text": FINANCE, "state": "Not started", "word": ""},
        {"text": MAP, "state": "Under way", "word": ""},
    ]
    told.does("Otto", "tell", tell="words")
    assert "Karim called back" in str(lobby(app, mia, "Nora"))


def test_what_otto_keeps_to_himself_is_not_told(app: Flask, mia: Account, told: Cast) -> None:
    told.does("Otto", "tell", tell="nothing")
    assert lobby(app, mia, "Nora") == {}


@pytest.mark.parametrize("visibility", [Visibility.ROOM, Visibility.PROCESS])
def test_of_a_session_that_stays_in_its_room_nothing_is_told_by_itself(
    app: Flask, mia: Account, visibility: Visibility
) -> None:
    session = held(mia, visibility=visibility)
    assert lobby(app, mia, "Nora") == {}
    session.does("Otto", "tell", tell="actions")
    assert MAP in str(lobby(app, mia, "Nora"))


def test_another_team_hears_nothing_and_neither_does_who_is_not_in(app: Flask, mia: Account, told: Cast) -> None:
    assert lobby(app, mia, "Nora", team="South") == {}
    following = Cast(mia).opened("Nora")
    assert Visitor(app).get(f"/sessions/{following.room().it.code}/commitments").status_code == 404


def test_once_the_session_has_begun_it_is_about_the_new_case(app: Flask, mia: Account, told: Cast) -> None:
    begun = Cast(mia).go_to("statement")
    nora = Visitor(app)
    name, value = cookie_of(app, begun, "Cara").split("=", 1)
    nora.client.set_cookie(name, value)
    assert nora.get(f"/sessions/{begun.room().it.code}/commitments").json == {}


# --- Sent twice, sent late --------------------------------------------------------------------------------------------


def test_whoever_goes_back_to_a_form_and_says_something_else_is_heard(page: str, cast: Cast, enter: Enter) -> None:
    otto, item = enter("Otto"), item_of(cast, MAP)
    form = {"item": item, "command": "2f1e8a7c-5b1d-4d1e-9f6a-0c8c5a3d7e11", "text": "", "by": ""}
    otto.send(f"{page}/action", **form, state="under_way")
    otto.send(f"{page}/action", **form, state="done")
    assert story_of(cast).action(item).state == "done"  # type: ignore[union-attr]
    for _press in range(2):
        otto.send(f"{page}/step", command=form["command"], text="Invite the buyer", by="")
    assert len(story_of(cast).added) == 1


def test_a_form_for_a_session_that_is_deleted_meanwhile_gets_a_sentence(
    page: str, cast: Cast, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    otto = enter("Otto")
    perform = commands.perform

    def deleted_before(*arguments: Any, **more: Any) -> Any:
        erasing.delete(cast.id)
        return perform(*arguments, **more)

    monkeypatch.setattr(commands, "perform", deleted_before)
    assert otto.send(f"{page}/step", text="Invite the buyer", by="").status_code == 404


def test_cara_cannot_fill_the_place_that_ottos_words_need(
    page: str, cast: Cast, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "MOST_SAID", 3)
    item = item_of(cast, FINANCE)
    for number in range(4):
        said = enter("Cara").send(f"{page}/support", item=item, text=f"I can help, {number}")
    assert said.status_code == 409
    assert "I can help, 3" in said.text
    assert enter("Otto").send(f"{page}/step", text="Invite the buyer", by="").status_code == 302


# --- What is due, where it is which day -------------------------------------------------------------------------------


def lists(mia: Account) -> tuple[list[int], int, int]:
    """The numbers of the check-ins that are due; how many the start page counts, and the archive finds."""
    db.session.rollback()
    with current_app.test_request_context():
        g.account = mia
        return [each.number for each in due.of(mia)], due.count(), search.find(mia, search.Wanted(due=True)).count


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Brussels", "UTC"])
def test_a_check_in_is_due_on_its_day_of_the_sessions_own_clock(mia: Account, zone: str) -> None:
    held(mia, timezone=zone)
    first = db.session.scalars(select(CheckIn).where(CheckIn.number == 1)).one()
    begins = datetime.combine(first.due_on, time(), ZoneInfo(zone))
    db.session.rollback()
    minute = timedelta(minutes=1)
    for moment, expected in ((begins - minute, []), (begins, [1]), (begins + timedelta(days=12) - minute, [1]),
                             (begins + timedelta(days=12), [2])):  # fmt: skip
        with at(moment):
            assert lists(mia) == (expected, len(expected), len(expected)), moment


def test_where_the_clocks_change_a_check_in_still_begins_at_midnight(mia: Account) -> None:
    summer = datetime(2026, 3, 29, 0, 0, tzinfo=ZoneInfo("Europe/Brussels"))
    with at(summer - timedelta(days=2, hours=-12)):
        held(mia)
    for moment, expected in ((summer - timedelta(minutes=1), []), (summer, [1])):
        with at(moment):
            assert lists(mia)[0] == expected


def test_the_list_of_what_is_due_asks_as_often_for_one_as_for_many(mia: Account) -> None:
    asked: list[str] = []
    counts = []
    for _more in range(2):
        held(mia)
        with at(now() + timedelta(days=2)):
            db.session.rollback()
            event.listen(db.engine, "before_cursor_execute", count := lambda *told: asked.append(told[2]))
            assert due.of(mia)[0].supporters == ("Cara",)
            event.remove(db.engine, "before_cursor_execute", count)
        counts.append(len(asked))
        asked.clear()
    assert counts[0] == counts[1]
