"""One corpus of hostile text through every text field of every command: it is kept clean, and everybody sees the same
words again. test_words_in_forms types it into every form, …_in_pages and …_in_exports read it everywhere.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from app.extensions import db
from app.sessions import forms, names, words
from app.sessions.commands import archiving
from app.sessions.commands.door import change
from app.sessions.models import Contribution
from app.sessions.phases import KIND_OF_ACT
from app.sessions.rules import Refused
from app.sessions.shapes import UNCLEAN, Fields, OneOf, Several, Text, Whole
from tests.attacks.corpus import HOSTILE
from tests.sessions.cast import Cast
from tests.sessions.conftest import make_cast  # noqa: F401 - a fixture
from tests.sessions.doors import mias_browser

NOT_WORDS = {"by", "how", "sort", "verdict", "influence", "stage"}
HARMLESS = "Plain words"
Where = tuple[str | int, ...]
"""The names, and the 0 of a list, that lead to a text in the data of a command."""


@pytest.fixture
def cast(app: Flask, make_cast: Callable[..., Cast]) -> Cast:  # noqa: F811
    """A closed session with something of every kind in it."""
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    db.engine.dispose()
    return make_cast().run_up_to("lessons").go_to("closed")


def fill(cast: Cast, text: str) -> None:
    """Put `text` into every text of the session that people can type."""
    kept = words.clean(text) or "-"
    line = " ".join(kept.split())
    with change(cast.id, "corpus") as under_way:
        under_way.unseal()
        it = under_way.it
        it.title, it.team.name = line[:120], line[:80]
        for number, seat in enumerate(under_way.room.seats):
            seat.name = f"{names.clean_name(line[:36])[:36]} {number}"
        for item in under_way.room.contributions():
            item.text = kept
            item.data = {name: filled(name, value, kept) for name, value in item.data.items()}
        archiving.archive(under_way.room)


def filled(name: str, value: Any, text: str) -> Any:
    if name == "people":
        return [{"name": text[:200], "role": text[:200], "influence": "high", "stage": "decided"}]
    return text[:200] if name == "who" else text if isinstance(value, str) and name not in NOT_WORDS else value


def text_fields(shape: Any, path: Where = ()) -> Iterator[tuple[Where, Text]]:
    """Where words may stand in what this shape takes."""
    if isinstance(shape, Text):
        yield path, shape
    elif isinstance(shape, Several):
        yield from text_fields(shape.entry, (*path, 0))
    elif isinstance(shape, Fields):
        for name, inner in shape.shapes.items():
            yield from text_fields(inner, (*path, name))


def needed(form: Fields) -> dict[str, Any]:
    """What has to be sent, whatever it is about: a number, or one of several words."""
    least = {name: shape.least for name, shape in form.shapes.items() if isinstance(shape, Whole)}
    return least | {name: min(shape.values) for name, shape in form.shapes.items() if isinstance(shape, OneOf)}


def put(fields: dict[str, Any], path: Where, text: str) -> dict[str, Any]:
    """The fields with `text` where `path` leads."""
    inner: Any = text
    for step in reversed(path[1:]):
        inner = [inner] if step == 0 else {step: inner}
    return fields | {str(path[0]): inner}


FIELDS = [
    pytest.param(act, path, text, id=f"{act} {path[-1] if path[-1] else path[0]}")
    for act, form in forms.FORMS.items()
    for path, text in text_fields(form)
]


@pytest.mark.parametrize(("act", "path", "shape"), FIELDS)
def test_every_text_field_of_every_command_takes_it_clean(act: str, path: Where, shape: Text) -> None:
    taken = 0
    for text in HOSTILE.values():
        kept = words.one_line(text) if shape.one_line else words.clean(text)
        fields = put(needed(forms.FORMS[act]), path, text)
        if len(kept) > shape.longest or len(text) > UNCLEAN * shape.longest:
            with pytest.raises(Refused) as refused:
                forms.check(act, fields)
            assert refused.value.code == "too_long"
            continue
        found: Any = forms.check(act, fields)
        for step in path:
            found = found[step]
        assert found == kept
        assert not set(found) & set("\x00\x07\x1b\x7f\x85\ud83d")
        taken += 1
    assert taken


def test_no_text_field_is_left_out() -> None:
    assert len(FIELDS) > 60
    tried = {act for act, _path, _shape in (each.values for each in FIELDS)}
    assert {"answer", "sort", "reaction", "check_in", "set_role", "statement", "themes"} <= tried


def test_what_people_see_of_it_is_the_same_words_again(app: Flask, make_cast: Callable[..., Cast]) -> None:  # noqa: F811
    cast = make_cast().go_to("brainstorm")
    for text in HOSTILE.values():
        item = cast.does("Cara", "idea", text=text).item
        for who in ("Mia", "Otto", "Carl"):
            assert cast.sees(who)["items"][item]["text"] == words.clean(text)


def test_titles_teams_and_names_are_one_line_without_what_nobody_sees(staged: Cast, app: Flask) -> None:
    mia, code = mias_browser(app, staged), staged.room().it.code
    for text in HOSTILE.values():
        typed = text.encode("utf-8", "ignore").decode()[:70]
        for name in ("title", "team", "owner_name"):
            mia.send(f"/sessions/{code}/edit", **plan_fields() | {name: typed})
        it = staged.room().it
        for kept in (it.title, it.team.name, *(seat.name for seat in staged.room().seats)):
            assert kept == kept.strip()
            assert not set(kept) & set("\x00\x07\x1b\r\n")


@pytest.fixture
def staged(make_cast: Callable[..., Cast]) -> Cast:  # noqa: F811
    """A session that is still planned."""
    return make_cast()


def plan_fields() -> dict[str, str]:
    day = {"date": "2026-07-01", "time": "10:30", "timezone": "Europe/Amsterdam", "language": "en"}
    return day | {"title": "A title", "team": "North", "length": "60", "expected": "6", "readable_days": "90"}


def test_every_kind_has_been_filled(cast: Cast) -> None:
    fill(cast, HARMLESS)
    kinds = set(db.session.scalars(select(Contribution.kind).where(Contribution.intervision_id == cast.id)))
    assert len(kinds) >= 10
    assert kinds <= {kind.name for kind in KIND_OF_ACT.values()}
