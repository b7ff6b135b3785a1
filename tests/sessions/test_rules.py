"""The whole matrix, role × step × act, written out by hand: a change of the tables in phases.py has to be meant."""

from dataclasses import replace

import pytest

from app.sessions import rules
from app.sessions.phases import KIND_OF_ACT, LIVE_ACTS, STEPS, Role
from app.sessions.rules import Situation, may, why_not

MODERATES = (
    "admit advance back extend give_turn move_on pause remove rename resume set_role set_time share_out skip_turn stop "
    "time_up withdraw"
)
OWNS = "stop time_up withdraw"
CONSULTS = "pass_turn time_up withdraw"

MATRIX: dict[str, dict[str, str]] = {
    "planned": {
        "moderator": "choose_owner open remove rename set_role",
        "owner": "rename statement",
        "consultant": "rename",
    },
    "lobby": {
        "moderator": f"{MODERATES} accept choose_owner consult interest",
        "owner": f"{OWNS} accept interest offer_case rename statement",
        "consultant": f"{CONSULTS} accept interest offer_case rename",
    },
    "statement": {
        "moderator": f"{MODERATES} accept choose_owner consult note",
        "owner": f"{OWNS} accept note statement",
        "consultant": f"{CONSULTS} accept note",
    },
    "silent_questions": {
        "moderator": f"{MODERATES} accept note",
        "owner": f"{OWNS} accept note",
        "consultant": f"{CONSULTS} accept note park",
    },
    "questions": {
        "moderator": f"{MODERATES} accept answer note",
        "owner": f"{OWNS} accept answer note",
        "consultant": f"{CONSULTS} accept note park question",
    },
    "ask": {
        "moderator": f"{MODERATES} accept answer note",
        "owner": f"{OWNS} accept answer ask note",
        "consultant": f"{CONSULTS} accept note park",
    },
    "silent_brainstorm": {
        "moderator": f"{MODERATES} accept idea note",
        "owner": f"{OWNS} fact note star",
        "consultant": f"{CONSULTS} accept idea note",
    },
    "brainstorm": {
        "moderator": f"{MODERATES} accept build idea note",
        "owner": f"{OWNS} fact note star",
        "consultant": f"{CONSULTS} accept build idea note",
    },
    "recommendations": {
        "moderator": f"{MODERATES} accept note",
        "owner": f"{OWNS} accept note",
        "consultant": f"{CONSULTS} accept note recommend",
    },
    "feedback": {
        "moderator": f"{MODERATES} accept note",
        "owner": f"{OWNS} accept note plan present sort",
        "consultant": f"{CONSULTS} accept note",
    },
    "reactions": {
        "moderator": f"{MODERATES} accept note",
        "owner": f"{OWNS} accept note plan sort",
        "consultant": f"{CONSULTS} accept note reaction",
    },
    "lessons": {
        "moderator": f"{MODERATES} accept lesson note process pulse themes",
        "owner": f"{OWNS} accept lesson note process pulse",
        "consultant": f"{CONSULTS} accept lesson note process pulse",
    },
    "closed": {
        "moderator": "give_address support themes",
        "owner": "add_step check_in export_actions give_address move_date state tell word",
        "consultant": "give_address support",
    },
}
WITHOUT_TURNS = {"give_turn", "skip_turn"}


@pytest.mark.parametrize("step", [step.name for step in STEPS])
@pytest.mark.parametrize("role", list(Role))
def test_the_matrix_of_role_and_step_and_act(step: str, role: Role) -> None:
    someone = Situation(step, role, my_turn=True, has_turn=True, small=True)
    expected = set(MATRIX[step][role].split())
    if step == "lobby":
        expected -= {"back"}
    if step not in ("questions", "recommendations"):
        expected -= WITHOUT_TURNS
    assert {act for act in rules.ACTS if may(someone, act)} == expected


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_whoever_planned_the_session_can_take_it_back_while_it_runs(step: str) -> None:
    planner = Situation(step, Role.CONSULTANT, planner=True)
    assert may(planner, "take_back") == (step not in ("planned", "closed"))
    assert not may(replace(planner, planner=False), "take_back")
    assert not may(replace(planner, role=Role.MODERATOR), "take_back")


@pytest.mark.parametrize("act", sorted(set(KIND_OF_ACT) - {"star", "fact", "note"}))
@pytest.mark.parametrize("step", ["silent_brainstorm", "brainstorm"])
def test_the_owner_adds_nothing_that_the_group_sees_in_the_brainstorm(step: str, act: str) -> None:
    assert not may(Situation(step, Role.OWNER), act)


@pytest.mark.parametrize("role", list(Role))
def test_in_a_closed_session_only_themes_are_given_and_what_comes_after_it_is_said(role: Role) -> None:
    for act in rules.ACTS - set(MATRIX["closed"][role].split()):
        refusal = why_not(Situation("closed", role), act)
        assert refusal
        assert refusal.code == "archived"


@pytest.mark.parametrize("status", ["waiting", "removed"])
@pytest.mark.parametrize("role", list(Role))
def test_who_is_not_in_does_nothing_in_an_open_room(status: str, role: Role) -> None:
    for act in rules.ACTS:
        assert not may(Situation("questions", role, status=status, my_turn=True, has_turn=True), act)


def test_a_consultant_asks_only_on_their_turn_and_once() -> None:
    cara = Situation("questions", Role.CONSULTANT)
    on_turn = replace(cara, my_turn=True, has_turn=True)
    refusal = why_not(cara, "question")
    assert refusal
    assert refusal.code == "not_your_turn"
    assert may(on_turn, "question")
    assert not may(replace(on_turn, said=True), "question")


def test_what_one_has_said_may_be_put_right_without_a_turn() -> None:
    cara = Situation("questions", Role.CONSULTANT)
    assert why_not(cara, "question", editing=True) is None
    assert why_not(replace(cara, step="ask"), "question", editing=True)


def test_words_for_the_group_need_the_agreement_and_private_notes_do_not() -> None:
    cara = Situation("silent_brainstorm", Role.CONSULTANT, accepted=False)
    assert not may(cara, "idea")
    assert may(cara, "note")
    assert may(cara, "accept")


def test_a_moderator_consults_only_in_a_small_group() -> None:
    mia = Situation("lobby", Role.MODERATOR)
    assert not may(mia, "consult")
    assert may(replace(mia, small=True), "consult")
    assert may(replace(mia, step="silent_brainstorm", consults=True), "pass_turn") is False
    assert may(replace(mia, step="reactions", consults=True), "reaction")


def test_the_tables_name_only_acts_that_there_are() -> None:
    from app.sessions.commands import COMMANDS
    from app.sessions.forms import FORMS

    assert set(COMMANDS) == set(FORMS) == rules.ACTS - {"build", "choose_owner"}
    assert set(LIVE_ACTS) <= set(COMMANDS)
