"""The whole matrix, role × command × step, over real sockets: everybody gets what the table that is written by hand in
tests/sessions/test_rules.py gives them, and whoever forges the rest leaves nothing behind but a line in the trail.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from socketio.exceptions import ConnectionError as NoConnection
from sqlalchemy import select

from app.extensions import db
from app.followup.models import FollowUp
from app.privacy.audit import Line
from app.sessions import forms
from app.sessions.commands import COMMANDS
from app.sessions.models import Contribution, Intervision, Journal, Pulse, Seat, StepTime, Turn
from app.sessions.phases import KIND_OF_ACT, STEPS
from tests.attacks.conftest import Connect, app_beside
from tests.attacks.test_roles import PEOPLE, WORDS, right_fields
from tests.conftest import Server
from tests.sessions.cast import Cast
from tests.sessions.sockets import Person, cookie_of
from tests.sessions.test_rules import MATRIX, WITHOUT_TURNS

NOT_YOURS = {
    "This is not open in the phase that the group is in.",
    "Your role in this session does not do that.",
    "You are listening now. Your turn comes in the owner’s feedback.",
    "You are no longer in this session.",
    "The moderator has not let you in yet.",
    "This session is closed. You can read the record, but not change it.",
}
"""How it is said that the table does not give something. Other refusals are about what was sent."""
BACK_AGAIN = {"advance": "back", "back": "advance"}
ENDINGS = [
    ("planned", "moderator", "open"),
    ("lessons", "moderator", "advance"),
    *((step.name, who, "stop") for step in STEPS[1:-1] for who in ("moderator", "owner")),
]
"""After these the session is not what it was."""
OF_A_SESSION: tuple[Any, ...] = (StepTime, Seat, Contribution, Turn, Pulse, Journal, FollowUp)


@pytest.fixture(scope="module")
def near(_server: Server) -> Iterator[Flask]:
    with app_beside(_server) as app:
        yield app


def staged_at(step: str) -> Cast:
    """A session of its own that was led there. In the two steps with turns Cara has the first; Rob was taken out."""
    cast = Cast()
    if step == "planned":
        cast.come("Cara", "Rob")
        cast.does("Mia", "remove", seat=cast.seats["Rob"])
        return cast
    cast.opened("Cara", "Carl", "Rob")
    cast.does("Mia", "remove", seat=cast.seats["Rob"])
    cast.come("Willi")
    return cast.go_to(step)


def given(step: str, role: str) -> set[str]:
    """What the table written by hand gives this role, as far as it is a command."""
    if role == "waiting":
        return set()
    acts = set(MATRIX[step][role].split()) & set(COMMANDS)
    acts -= {"back"} if step == "lobby" else set()
    return acts if step in ("questions", "recommendations") else acts - WITHOUT_TURNS


def harmless_fields(act: str) -> dict[str, Any]:
    """With these a right that is there changes as little as can be: for nobody, about nothing, without a word."""
    kind, fields = KIND_OF_ACT.get(act), dict(WORDS.get(act, {}))
    for name in forms.FORMS[act].shapes:
        if name == "seat" or (name == "item" and not kind) or (name == "parent" and kind and kind.single):
            fields[name] = "nobody"
        elif name in ("text", "name"):
            fields[name] = ""
        elif name == "on":
            fields[name] = False
    return fields


def rows_of(cast: Cast) -> dict[str, list[Any]]:
    """All that the database holds of this session, but for the trail."""
    db.session.rollback()
    found = {}
    for table, own in [(Intervision, Intervision.id), *((each, each.intervision_id) for each in OF_A_SESSION)]:
        columns = table.__table__
        query = select(*columns.c).where(own == cast.id).order_by(*columns.primary_key)
        found[columns.name] = [tuple(row) for row in db.session.execute(query)]
    return found


@pytest.mark.parametrize("step", [step.name for step in STEPS])
def test_over_the_line_everybody_gets_what_the_table_gives_them_and_nothing_else(
    server: Server, near: Flask, connect: Connect, step: str
) -> None:
    """Every role and every command. Each step has a session of its own, so nobody here sends more than people may."""
    cast, stranger = staged_at(step), Cast()
    for who in ("Rob", "Willi") if step == "closed" else ("Rob",):
        with pytest.raises(NoConnection):
            connect(who, cast)
    with pytest.raises(NoConnection):
        Person(server.url, cast.room().it.code, cookie_of(near, stranger, "Otto"))
    seated = {role: who for role, who in PEOPLE.items() if role != "removed" and who in cast.seats}
    people = {role: connect(who, cast) for role, who in seated.items() if (step, role) != ("closed", "waiting")}

    before = rows_of(cast)
    for role, person in people.items():
        forged = sorted(set(COMMANDS) - given(step, role))
        for act in forged:
            answer = person.command(act, base=step, **right_fields(cast, act))
            code = "archived" if step == "closed" else "forbidden"
            assert (answer["ok"], answer.get("code")) == (False, code), f"{role} {act}"
        # Who tries something in a room that is open is in the trail; a closed one only says that it is closed.
        assert trail_of(cast, seated[role]) == ([] if step == "closed" else forged)
    assert rows_of(cast) == before

    for role, person in people.items():
        acts = given(step, role) - {act for when, who, act in ENDINGS if (when, who) == (step, role)}
        for act in sorted(acts, key=lambda act: (act in BACK_AGAIN, act)):
            answer = person.command(act, base=step, **harmless_fields(act))
            assert answer["ok"] or answer["message"] not in NOT_YOURS, f"{role} {act}: {answer}"
            if other := BACK_AGAIN.get(act):
                assert answer["ok"]
                assert person.command(other, base=cast.step, **WORDS.get(other, {}))["ok"]
                assert cast.step == step


@pytest.mark.parametrize(("step", "role", "act"), ENDINGS)
def test_over_the_line_a_session_is_opened_and_ended_by_whom_the_table_names(
    near: Flask, connect: Connect, step: str, role: str, act: str
) -> None:
    assert act in given(step, role)
    cast = staged_at(step)
    assert connect(PEOPLE[role], cast).command(act, base=step, **WORDS.get(act, {}))["ok"]
    assert cast.step == ("lobby" if act == "open" else "closed")


def trail_of(cast: Cast, who: str) -> list[str]:
    """The acts that this person was refused, as the trail has them."""
    db.session.rollback()
    mine = (Line.intervision_id == cast.id, Line.by_seat == cast.seats[who], Line.act == "refused")
    return sorted(db.session.scalars(select(Line.detail).where(*mine)))
