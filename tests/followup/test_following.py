"""What the owner says after the close, and what others may say: through the door, and nothing sealed is touched."""

import uuid
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.followup.models import CheckIn, FollowUp, Kind
from app.followup.states import State, Told
from app.sessions.commands import Refused, following
from app.sessions.models import Contribution, Visibility
from app.teams.models import MemberKind, Membership
from app.times import at, now
from tests.followup.conftest import FINANCE, MAP, held, item_of, story_of
from tests.sessions.cast import Cast
from tests.visitor import make_account


def refused(cast: Cast, who: str, act: str, **data: Any) -> str:
    with pytest.raises(Refused) as found:
        cast.does(who, act, **data)
    return found.value.code


def test_the_close_says_when_the_owner_will_be_asked(cast: Cast) -> None:
    it = cast.room().it
    assert it.closed_at
    closed_on = it.closed_at.astimezone(ZoneInfo(it.timezone)).date()
    days = [each.due_on - closed_on for each in story_of(cast).check_ins]
    assert days == [timedelta(days=2), timedelta(weeks=2), timedelta(weeks=6)]


def test_whoever_stopped_before_there_was_a_plan_is_left_alone(mia: Account) -> None:
    stopped = Cast(mia).run_up_to("questions")
    stopped.does("Otto", "stop")
    assert story_of(stopped).check_ins == ()


def test_of_everything_that_otto_says_the_newest_counts_and_the_plan_itself_stays(cast: Cast) -> None:
    item = item_of(cast, MAP)
    before = [(each.text, each.data, each.due) for each in contributions(cast)]
    for state in ("under_way", "done"):
        cast.does("Otto", "state", item=item, state=state)
    cast.does("Otto", "word", item=item, text="Karim called back")
    cast.does("Otto", "word", item=item, text="Karim called back, twice")
    cast.does("Otto", "move_date", item=item, by="2026-04-01")
    action = story_of(cast).action(item)
    assert action
    assert (action.state, action.word, action.by, action.moves) == (
        State.DONE, "Karim called back, twice", date(2026, 4, 1), 1)  # fmt: skip
    assert [(each.text, each.data, each.due) for each in contributions(cast)] == before
    assert story_of(cast).action(item_of(cast, FINANCE)).state == State.NOT_STARTED  # type: ignore[union-attr]


def contributions(cast: Cast) -> list[Contribution]:
    cast.room()
    return list(db.session.scalars(select(Contribution).order_by(Contribution.id)))


def test_a_new_step_has_a_state_and_a_day_of_its_own(cast: Cast) -> None:
    cast.does("Otto", "add_step", text="Invite the buyer", by="2026-03-20")
    step = story_of(cast).added[0]
    assert (step.what, step.by, step.state) == ("Invite the buyer", date(2026, 3, 20), State.NOT_STARTED)
    cast.does("Otto", "state", item=step.id, state="changed_my_mind")
    assert story_of(cast).added[0].state == State.CHANGED_MY_MIND
    assert refused(cast, "Otto", "add_step", text="", by="") == "empty"


def test_the_same_form_sent_twice_is_one_step_also_where_no_transcript_is_left(mia: Account) -> None:
    for transcript in (True, False):
        session = held(mia, transcript=transcript)
        command = str(uuid.uuid4())
        first = session.does("Otto", "add_step", text="Invite the buyer", by="", command_id=command)
        assert session.does("Otto", "add_step", text="Invite the buyer", by="", command_id=command) == first
        assert len(story_of(session).added) == 1


def test_a_check_in_is_answered_once_its_day_has_come_and_can_be_answered_anew(cast: Cast) -> None:
    said: dict[str, Any] = {"number": 2, "first": "I drew the map", "second": "", "helped": 4}
    assert refused(cast, "Otto", "check_in", **said) == "forbidden"
    with at(now() + timedelta(days=14)):
        assert story_of(cast).now_asked.number == 2  # type: ignore[union-attr]
        assert refused(cast, "Otto", "check_in", number=2, first="", second="", helped=0) == "empty"
        cast.does("Otto", "check_in", **said)
        cast.does("Otto", "check_in", **said | {"second": "One more contact"})
        asked = story_of(cast).check_ins[1]
        assert story_of(cast).now_asked is None
    assert (asked.answers, asked.helped) == (("I drew the map", "One more contact"), 4)


def test_how_it_helped_is_asked_after_two_weeks_alone(cast: Cast) -> None:
    with at(now() + timedelta(days=3)):
        cast.does("Otto", "check_in", number=1, first="A call", second="", helped=5)
        assert story_of(cast).check_ins[0].helped is None


@pytest.mark.parametrize("who", ["Mia", "Cara", "Carl"])
def test_nobody_but_otto_says_how_it_goes(cast: Cast, who: str) -> None:
    item = item_of(cast, MAP)
    for act, data in (
        ("state", {"item": item, "state": "done"}),
        ("word", {"item": item, "text": "Forged"}),
        ("move_date", {"item": item, "by": ""}),
        ("add_step", {"text": "Forged", "by": ""}),
        ("tell", {"tell": "words"}),
        ("check_in", {"number": 1, "first": "Forged", "second": "", "helped": 0}),
    ):
        assert refused(cast, who, act, **data) == "archived"


def test_only_whom_an_action_names_offers_help_with_it(cast: Cast) -> None:
    item = item_of(cast, FINANCE)
    cast.does("Cara", "support", item=item, text="I know Ines in finance")
    assert [offer.text for offer in story_of(cast).action(item).offers] == ["I know Ines in finance"]  # type: ignore[union-attr]
    assert refused(cast, "Carl", "support", item=item, text="Me too") == "forbidden"
    assert refused(cast, "Cara", "support", item=item_of(cast, MAP), text="Here too") == "forbidden"
    assert refused(cast, "Otto", "support", item=item, text="Myself") == "archived"


def test_an_action_of_another_session_is_not_there(cast: Cast, mia: Account) -> None:
    other = item_of(held(mia), MAP)
    assert refused(cast, "Otto", "state", item=other, state="done") == "gone"
    lesson = cast.sees_kind("Otto", "lesson")[0]["id"]
    assert refused(cast, "Otto", "word", item=lesson, text="No action") == "gone"


@pytest.mark.parametrize(
    ("visibility", "transcript", "told"),
    [
        (Visibility.FACILITATORS, True, Told.ACTIONS),
        (Visibility.FACILITATORS, False, Told.NOTHING),
        (Visibility.PROCESS, True, Told.NOTHING),
        (Visibility.ROOM, True, Told.NOTHING),
    ],
)
def test_until_otto_says_so_nothing_is_told_of_what_was_to_stay_in_the_room(
    mia: Account, visibility: Visibility, transcript: bool, told: Told
) -> None:
    session = held(mia, visibility=visibility, transcript=transcript)
    assert story_of(session).told == told
    session.does("Otto", "tell", tell="words")
    assert story_of(session).told == Told.WORDS


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_facilitator_notes_something_for_the_moderator_where_they_may_know_of_it(
    app: Flask, mia: Account, visibility: Visibility
) -> None:
    session = held(mia, visibility=visibility)
    fay = make_account("Fay")
    team_id = session.room().it.team_id
    db.session.add(Membership(account_id=fay.id, team_id=team_id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    kept_in_the_room = pytest.raises(Refused) if visibility == Visibility.ROOM else nullcontext()
    with kept_in_the_room:
        following.note(session.id, fay, "The silence helped")
    session.room()
    notes = db.session.scalars(select(FollowUp.text).where(FollowUp.kind == Kind.NOTE)).all()
    assert notes == ([] if visibility == Visibility.ROOM else ["The silence helped"])
    with pytest.raises(Refused):
        following.note(session.id, mia, "I lead it myself")


def test_a_deleted_session_takes_all_of_it_along(cast: Cast) -> None:
    from app.sessions.commands import erasing

    cast.does("Otto", "add_step", text="Invite the buyer", by="")
    db.session.rollback()
    erasing.delete(cast.id)
    assert [*db.session.scalars(select(FollowUp)), *db.session.scalars(select(CheckIn))] == []
