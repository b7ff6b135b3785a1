"""Every role, every command, every step, forged: what the tables do not give, nobody gets."""

import itertools
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.privacy.audit import Line
from app.sessions import forms, rules
from app.sessions.commands import COMMANDS, NEEDS_BASE, Refused, perform
from app.sessions.models import Contribution, Intervision, Pulse, Seat, Turn
from app.sessions.phases import STEPS, Role
from tests.attacks.conftest import Connect, app_beside
from tests.conftest import Server
from tests.sessions.cast import Cast

PEOPLE = {"moderator": "Mia", "owner": "Otto", "consultant": "Cara", "waiting": "Willi", "removed": "Rob"}
WORDS: dict[str, dict[str, Any]] = {
    "rename": {"name": "Somebody else"},
    "set_role": {"role": "moderator"},
    "sort": {"verdict": "helps"},
    "answer": {"how": "written", "text": "x"},
    "reaction": {"sort": "risk", "text": "x"},
    "pulse": {"useful": 5, "safe": 5},
    "extend": {"seconds": 60},
    "set_time": {"seconds": 60},
    "advance": {"anyway": True},
    "state": {"state": "done"},
    "check_in": {"number": 1, "helped": 5},
    "tell": {"tell": "words"},
}


@pytest.fixture(scope="module")
def near(_server: Server) -> Iterator[Flask]:
    with app_beside(_server) as app:
        yield app


@pytest.fixture(scope="module")
def cast(near: Flask) -> Cast:
    """A session that is put into any step by hand: people in it, removed from it, and waiting; and a stranger."""
    stranger = Cast().seats["Otto"]
    cast = Cast().opened("Cara", "Carl", "Rob")
    cast.does("Mia", "remove", seat=cast.seats["Rob"])
    cast.does("Mia", "advance")
    cast.come("Willi")
    cast.seats["Stan"] = stranger
    return cast


def put_into(cast: Cast, step: str) -> int:
    """Put the session into `step`; returns its version."""
    db.session.rollback()
    it = db.session.get_one(Intervision, cast.id, populate_existing=True)
    it.step = step
    db.session.commit()
    return it.version


def right_fields(cast: Cast, act: str) -> dict[str, Any]:
    """As far as there are any: what is refused is refused for who sends it, and when."""
    fields, shapes = WORDS.get(act, {}), forms.FORMS[act].shapes
    if "seat" in shapes:
        fields = fields | {"seat": cast.seats["Cara"]}
    return {"text": "forged"} | fields if "text" in shapes else fields


def forge(cast: Cast, who: str, act: str, step: str) -> str:
    """Give the command, with fields that are right; returns the code of the refusal, or "ok"."""
    data = forms.check(act, right_fields(cast, act))
    base = step if act in NEEDS_BASE else None
    try:
        perform(cast.id, cast.seats[who], act, data, command_id=str(uuid.uuid4()), base=base)
    except Refused as refused:
        return refused.code
    return "ok"


def is_given(role: str, act: str, step: str) -> bool:
    given = rules.allowed_roles(next(each for each in STEPS if each.name == step), act)
    return Role(role) in given


@pytest.mark.parametrize("step", [step.name for step in STEPS])
@pytest.mark.parametrize("who", [*PEOPLE, "stranger"])
def test_what_the_tables_do_not_give_nobody_gets(cast: Cast, who: str, step: str) -> None:
    # Whether what the tables give is given is told by the other tests. Who is early has a consultant's rights.
    role = "consultant" if who == "waiting" and step == "planned" else who
    version = put_into(cast, step)
    for act in COMMANDS:
        if role in list(Role) and is_given(role, act, step):
            continue
        code = forge(cast, PEOPLE.get(who, "Stan"), act, step)
        assert code in ("forbidden", "archived", "not_your_turn"), f"{who} {act} in {step}: {code}"
    assert cast.room().it.version == version


def test_the_matrix_is_whole() -> None:
    assert set(COMMANDS) == set(forms.FORMS)
    assert len(list(itertools.product(COMMANDS, STEPS, [*PEOPLE, "stranger"]))) > 3_000


@pytest.mark.parametrize("act", ["idea", "build", "recommend", "note", "statement", "answer", "question", "lesson"])
def test_the_owner_posts_nothing_in_the_brainstorm_and_the_trail_says_who_tried(
    connect: Connect, near: Flask, act: str
) -> None:
    staged = Cast().go_to("brainstorm")
    otto = connect("Otto", staged)
    fields = {"parent": "x", "how": "written"} if act == "answer" else {}
    answer = otto.command(act, text="Psst", **fields) if act != "statement" else otto.command(act, issue="Psst")
    if act == "note":  # a private note is theirs to write, and nobody else sees it
        assert answer["ok"]
        assert staged.sees_kind("Mia", "note") == []
        return
    assert answer["code"] == ("unknown_event" if act == "build" else "forbidden")
    if act != "build":
        staged.room()
        lines = db.session.scalars(select(Line).where(Line.by_seat == staged.seats["Otto"], Line.act == "refused"))
        assert [line.detail for line in lines] == [act]
    assert staged.sees_kind("Mia", act) == []


@pytest.mark.parametrize(
    ("who", "act", "fields"),
    [
        ("Cara", "advance", {"anyway": True}),
        ("Cara", "stop", {}),
        ("Cara", "remove", {"seat": "Carl"}),
        ("Cara", "set_role", {"seat": "Cara", "role": "moderator"}),
        ("Cara", "rename", {"seat": "Carl", "name": "Fool"}),
        ("Cara", "take_back", {}),
        ("Otto", "back", {}),
        ("Otto", "set_time", {"seconds": 60}),
        ("Cleo", "idea", {"text": "Let me in"}),
        ("Cleo", "admit", {"seat": "Cleo"}),
    ],
)
def test_over_the_line_too_nobody_gets_what_is_not_theirs(
    connect: Connect, near: Flask, who: str, act: str, fields: dict[str, Any]
) -> None:
    staged = Cast().go_to("brainstorm")
    staged.come("Cleo")
    person, version = connect(who, staged), staged.room().it.version
    named = {name: staged.seats.get(str(value), value) if name == "seat" else value for name, value in fields.items()}
    answer = person.command(act, base="brainstorm", **named)
    assert answer["code"] == "forbidden"
    assert staged.room().it.version == version


def test_a_step_that_was_left_already_is_left_once(connect: Connect, near: Flask) -> None:
    staged = Cast().go_to("brainstorm")
    mia = connect("Mia", staged)
    assert mia.command("advance", base="statement")["code"] == "stale"
    assert mia.command("advance", base="closed")["code"] == "stale"
    assert mia.command("advance", base="no step")["code"] == "stale"
    assert mia.command("advance")["code"] == "invalid"
    assert mia.command("open", base="brainstorm")["code"] == "forbidden"
    assert staged.step == "brainstorm"


def test_the_same_command_played_again_changes_nothing(connect: Connect, near: Flask) -> None:
    staged = Cast().go_to("brainstorm")
    mia, packet = connect("Mia", staged), {"id": str(uuid.uuid4()), "name": "advance", "base": "brainstorm"}
    first = mia.send("command", packet | {"data": {"anyway": True}})
    assert mia.send("command", packet | {"data": {"anyway": True}}) == first
    assert staged.step == "recommendations"
    assert connect("Carl", staged).send("command", packet | {"data": {"anyway": True}})["ok"] is False


# --- A closed session ---


@pytest.fixture
def closed(near: Flask) -> Cast:
    cast = Cast().run_up_to("lessons")
    cast.does("Cara", "pulse", useful=4, safe=5)
    cast.does("Mia", "advance")
    return cast


def test_nobody_writes_to_a_closed_session_or_opens_it_again(connect: Connect, closed: Cast) -> None:
    for who in ("Mia", "Otto", "Cara"):
        person = connect(who, closed)
        for act, fields in (("idea", {"text": "late"}), ("withdraw", {"item": "x"}), ("lesson", {"text": "late"})):
            assert person.command(act, **fields)["code"] == "archived"
        for act in ("open", "back", "advance", "resume"):
            assert person.command(act, base="closed")["code"] == "archived"
    assert closed.step == "closed"


SEALED = {
    "a new contribution": "INSERT INTO contributions (id, intervision_id, kind, place, text, data, aloud) "
    "VALUES ('forged', :it, 'idea', 1, 'forged', '{}', FALSE)",
    "another text": "UPDATE contributions SET text = 'forged' WHERE intervision_id = :it",
    "another author": "UPDATE contributions SET seat_id = NULL WHERE intervision_id = :it",
    "a deletion": "DELETE FROM contributions WHERE intervision_id = :it",
    "a turn": "DELETE FROM turns WHERE intervision_id = :it",
    "a pulse": "UPDATE pulses SET useful = 1 WHERE intervision_id = :it",
    "a name": "UPDATE seats SET name = 'Forged' WHERE intervision_id = :it",
}


@pytest.mark.parametrize("what", SEALED)
def test_the_database_itself_keeps_a_closed_session_as_it_is(closed: Cast, what: str) -> None:
    closed.room()
    with pytest.raises(DBAPIError, match="its words are sealed"):
        db.session.execute(text(SEALED[what]), {"it": closed.id})
    db.session.rollback()
    assert closed.sees_kind("Cara", "action")[0]["text"] == "Draw the map"


def test_the_seal_is_on_every_kind_of_row_that_was_tried(closed: Cast) -> None:
    for table in (Contribution, Turn, Pulse, Seat):
        own = table.intervision_id == closed.id
        assert db.session.scalar(select(func.count()).select_from(table).where(own)), table.__tablename__
