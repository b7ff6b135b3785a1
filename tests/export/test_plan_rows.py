"""The plan's rows, from what a person may see."""

from datetime import date
from typing import Any

import pytest

from app.sessions.exports import rows
from app.sessions.exports.rows import Voice
from tests.export import session_a


@pytest.fixture
def closed() -> dict[str, Any]:
    return session_a.snapshot()


def test_a_plan_carries_the_owners_words(closed):
    plan = rows.plan(closed)

    assert (plan.title, plan.team, plan.owner) == ("Lost in the hospital group", "Team North", "Ines")
    assert plan.issue == "Nine contacts, four months, and nobody will name a decider."
    assert plan.ask == "Help me find who decides and give me one reason for them to meet me."
    assert plan.not_needed == "I do not need product arguments."
    assert [action.what for action in plan.actions] == [what for what, *_ in session_a.ACTIONS]
    assert not plan.stopped


def test_an_action_has_all_its_parts(closed):
    first, *_, last = rows.plan(closed).actions

    assert (first.who, first.by) == ("Ines", date(2026, 3, 15))
    assert first.first_step == "Call Karim on Friday morning"
    assert first.sign == "A drawing with names on it"
    assert first.origin == Voice("Pieter", "Draw the map with Karim.")
    assert last.trigger == "When someone hands me over, I will ask for a three-way call."


def test_an_action_without_date_and_origin_is_an_action_all_the_same(closed):
    closed["items"]["p0"] |= {"parent": None, "data": {"by": ""}}

    first = rows.plan(closed).actions[0]

    assert (first.what, first.who, first.by, first.origin) == ("Sketch the last approval with Karim", "", None, None)


def test_actions_keep_the_order_in_which_they_were_written(closed):
    closed["items"] = dict(reversed(closed["items"].items()))

    assert [action.what for action in rows.plan(closed).actions] == [what for what, *_ in session_a.ACTIONS]


def test_a_long_recommendation_is_cut_at_a_word(closed):
    closed["items"]["r0"]["text"] = "Draw the map\nwith Karim " + "and the others " * 40

    origin = rows.plan(closed).actions[0].origin

    assert origin
    assert origin.text.startswith("Draw the map with Karim and the others")
    assert origin.text.endswith(("and…", "the…", "others…"))
    assert len(origin.text) <= rows.ORIGIN_LENGTH_MAX + 1


def test_what_helps_is_what_the_owner_sorted_so(closed):
    helps = rows.plan(closed).helps

    assert [(help_.recommendation.name, help_.word) for help_ in helps] == [
        ("Pieter", "Karim as a guide"),
        ("Sam", ""),
        ("Aïcha", "The cost"),
    ]


def test_supporters_are_those_named_and_those_whose_advice_was_taken(closed):
    assert rows.plan(closed).supporters == ("Pieter", "Mei", "Aïcha", "Jonas", "Sam")


def test_somebody_outside_the_room_can_be_a_supporter(closed):
    closed["items"]["p0"] |= {"parent": None, "data": {"who": "The energy manager"}}

    assert rows.plan(closed).supporters[0] == "The energy manager"


def test_the_owner_does_not_support_themselves(closed):
    closed["items"]["p0"]["data"]["who"] = "INES"

    assert not {"Ines", "INES"} & set(rows.plan(closed).supporters)


def test_a_name_inside_another_word_names_nobody(closed):
    for number in range(4):
        closed["items"][f"p{number}"] |= {"parent": None, "data": {"who": "Meike"}}

    assert rows.plan(closed).supporters == ("Meike",)


def test_reactions_are_strengths_and_risks(closed):
    plan = rows.plan(closed)

    assert plan.strengths == (Voice("Jonas", "A strong first step."),)
    assert plan.risks == (Voice("Sam", "Karim may lack insight into the group.", noted=True),)


def test_only_those_who_were_let_in_are_in_the_room(closed):
    closed["people"]["s-jonas"]["status"] = "removed"
    closed["people"]["s-mei"]["status"] = "waiting"

    plan = rows.plan(closed)

    assert plan.moderators == ("Lotte",)
    assert plan.consultants == ("Pieter", "Sam", "Aïcha")


def test_the_words_of_somebody_who_was_removed_keep_their_name(closed):
    closed["people"]["s-jonas"]["status"] = "removed"

    assert rows.plan(closed).strengths[0].name == "Jonas"


@pytest.mark.parametrize(("zone", "day", "hour"), [("Europe/Brussels", 12, 14), ("Pacific/Auckland", 13, 2)])
def test_the_date_is_the_one_on_the_wall_where_the_session_was_planned(closed, zone, day, hour):
    closed["session"]["timezone"] = zone

    held_at = rows.plan(closed).held_at

    assert (held_at.day, held_at.hour, held_at.minute) == (day, hour, 1)


def test_an_owner_who_took_over_brings_their_own_statement_and_ask(closed):
    closed["people"]["s-ines"]["role"] = "consultant"
    closed["people"]["s-mei"]["role"] = "owner"
    first = closed["items"]["statement"]
    closed["items"]["older"] = first | {"id": "older", "place": 0, "seat": "s-mei", "text": "Another case"}

    plan = rows.plan(closed)

    assert (plan.owner, plan.issue) == ("Mei", "Another case")


def test_a_session_stopped_in_the_lobby_keeps_the_prepared_statement_back(closed):
    closed["session"]["stopped"] = True
    for time in closed["session"]["steps"][1:]:
        time["used_s"] = None

    plan = rows.plan(closed)

    assert plan.stopped
    assert plan.issue == ""


def test_an_empty_session_makes_an_empty_plan(closed):
    closed["items"] = {}
    closed["people"] = {}

    plan = rows.plan(closed)

    assert (plan.issue, plan.owner, plan.actions, plan.supporters) == ("", "", (), ())
