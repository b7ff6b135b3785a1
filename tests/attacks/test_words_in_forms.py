"""Hostile text in every field of every form, and of the API: it is kept clean, or shown again as text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, get_type_hints

import pytest
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField

from app.api.answers import NewSession
from app.database import Base
from app.extensions import db
from app.sessions import forms, names, words
from app.sessions.rules import Refused
from app.times import now
from tests.attacks.corpus import HOSTILE
from tests.attacks.everything import Everything, everything  # noqa: F401 - a fixture
from tests.attacks.marks import strings
from tests.attacks.pages import Shape, squeezed
from tests.attacks.test_words_in_pages import ASKED, BROUGHT
from tests.attacks.typed import BY_FORM, has_words
from tests.visitor import PASSWORD, Visitor

DAY = (now() + timedelta(days=4)).date().isoformat()
PLAN = {"title": "A title", "team": "North", "date": DAY, "time": "10:30", "timezone": "UTC", "language": "en",
        "length": "60", "expected": "6", "readable_days": "90"}  # fmt: skip
NEW = {"name": "Nora", "email": "nora@example.org", "password": PASSWORD, "repeated": PASSWORD}
TOKEN = {"name": "A tool", "scopes": ["records:read"], "days": "30", "password": PASSWORD}


@dataclass(frozen=True)
class Door:
    """Where `who` types into a field, with what stands in the others. `kept`: the column that it comes to, if any;
    `of`: the session that it is about; `before`: what is typed in front of it.
    """

    rule: str
    who: str
    kept: str = ""
    rest: dict[str, Any] = field(default_factory=dict)
    of: str = "closed"
    before: str = ""


EDIT, AFTER = "/sessions/<code>/edit", "/sessions/<code>/follow-up"
DOORS = {
    "PlanForm.title": Door(EDIT, "Mia", "intervisions.title", PLAN, of="planned"),
    "PlanForm.team": Door(EDIT, "Mia", "teams.name", PLAN, of="planned"),
    "PlanForm.owner_name": Door(EDIT, "Mia", "seats.name", PLAN, of="planned"),
    "PlanForm.theme": Door(EDIT, "Mia", "themes.name", PLAN, of="planned"),
    "PlanForm.call_url": Door(
        EDIT, "Mia", "intervisions.call_url", PLAN, of="planned", before="https://meet.example/?"
    ),
    "NewTeamForm.name": Door("/teams", "Mia", "teams.name"),
    "TokenForm.name": Door("/account/tokens", "Mia", "api_tokens.name", TOKEN),
    "WebhookForm.address": Door(
        "/teams/<int:team_id>/news", "Mia", "webhooks.url", {"format": "slack"}, before="https://hooks.example/?"
    ),
    "NameForm.name": Door("/join/<code>/name", "Gast", "seats.name", of="planned"),
    "NewAccountForm.email": Door("/account/new", "Invited", "accounts.email", NEW),
    "NewAccountForm.name": Door("/account/new", "Invited", "accounts.name", NEW),
    "SignInForm.email": Door("/sign-in", "Stan", rest={"password": "x"}),
    "CodeForm.code": Door("/join", "Stan"),
    "word.text": Door(f"{AFTER}/action", "Otto", "follow_ups.text", {"item": "action"}),
    "add_step.text": Door(f"{AFTER}/step", "Otto", "follow_ups.text", {"by": DAY, "new": "yes"}),
    "check_in.first": Door(f"{AFTER}/check-in", "Otto", "follow_ups.data", {"number": "2", "second": "x"}),
    "check_in.second": Door(f"{AFTER}/check-in", "Otto", "follow_ups.data", {"number": "2", "first": "x"}),
    "support.text": Door(f"{AFTER}/support", "Cara", "follow_ups.text", {"item": "action"}),
    "give_address.email": Door(f"{AFTER}/address", "Cara", "mail_addresses.email"),
    "feed_forward.text": Door("/sessions/<code>/notes", "Fay", "follow_ups.text"),
}
NOT_KEPT = {
    "LeaveForm.account": Door("/teams/<int:team_id>/members/leave", "Mia", rest={"kind": "moderator"}),
    "LeaveForm.kind": Door("/teams/<int:team_id>/members/leave", "Mia", rest={"account": "1"}),
    "archive.q": Door("/archive/<any(records, actions, lessons):what>", "Mia"),
    "themes.more": Door("/sessions/<code>/themes", "Mia"),
    "seat-link.seat": Door("/sessions/<code>/seat-link", "Mia"),
}
"""What is looked for, or taken to pieces: it does no harm, and need not be seen again."""
BY_ADDRESS = {"ArchiveForm.q": "/archive?q={0}", "LessonsForm.q": "/lessons?q={0}"}
"""They are sent by GET; test_words_in_pages asks for them."""
SECRET = {
    "SignInForm.password": Door("/sign-in", "Stan", rest={"email": "nora@example.org"}),
    "NewAccountForm.password": Door("/account/new", "Invited", rest=NEW),
    "NewAccountForm.repeated": Door("/account/new", "Invited", rest=NEW),
    "PasswordForm.current": Door("/account/password", "Mia", rest={"password": PASSWORD, "repeated": PASSWORD}),
    "PasswordForm.password": Door("/account/password", "Mia", rest={"current": PASSWORD, "repeated": PASSWORD}),
    "PasswordForm.repeated": Door("/account/password", "Mia", rest={"current": PASSWORD, "password": PASSWORD}),
    "NewPasswordForm.password": Door("/account/password/new", "Forgetful", rest={"repeated": PASSWORD}),
    "NewPasswordForm.repeated": Door("/account/password/new", "Forgetful", rest={"password": PASSWORD}),
    "EraseAccountForm.password": Door("/account/erase", "Mia", rest={"how": "words", "sure": "y"}),
    "TokenForm.password": Door("/account/tokens", "Mia", rest=TOKEN),
}
"""Passwords: no page shows them again, whatever is wrong with them."""
CHOICES = {
    "/account/invitation", "/account/password-link", "/account/tokens/<int:token_id>/end",
    "/demo/accounts/<name>", "/demo/rooms/<name>/<part>", "/follow-up", "/lessons/feeds/<int:team_id>",
    "/lessons/feeds/<int:team_id>/close", "/seat", "/sessions/<code>/delete", "/sessions/<code>/export-actions",
    "/sessions/<code>/follow-up/link", "/sessions/<code>/follow-up/tell", "/sessions/<code>/mine",
    "/sessions/<code>/owner-link", "/sessions/<code>/people/<seat_id>", "/sessions/<code>/rotate",
    "/sessions/<code>/take-along", "/sessions/<code>/visibility", "/sessions/new", "/sign-out",
    "/teams/<int:team_id>", "/teams/<int:team_id>/members", "/teams/<int:team_id>/news/<int:webhook_id>/delete",
    "/teams/<int:team_id>/news/<int:webhook_id>/test",
}  # fmt: skip
"""Forms without a field for words: a button, a box, a list to choose from; and /sessions/new, which is that of edit."""


def test_every_field_has_a_row(everything: Everything) -> None:  # noqa: F811
    of_forms = {
        f"{form.__name__}.{name}"
        for form in all_forms(FlaskForm)
        if form.__module__.startswith("app.") and form.__name__ != "SampleForm"  # of the style guide, and never sent
        for name in dir(form)
        if issubclass(getattr(getattr(form, name), "field_class", object), StringField)
    }
    after = {f"{act}.{name}" for act in BY_FORM for name, shape in forms.FORMS[act].shapes.items() if has_words(shape)}
    rows = DOORS | NOT_KEPT | SECRET
    assert (of_forms | after) - {*rows, *BY_ADDRESS} == set(), "a new field: give it a row"
    assert set(BY_ADDRESS.values()) <= set(ASKED)
    posts = {rule.rule for rule in everything.app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts - {door.rule for door in rows.values()} - CHOICES == {"/api/v1/sessions"}, "a new form"


def all_forms(form: type[FlaskForm]) -> Iterator[type[FlaskForm]]:
    for each in form.__subclasses__():
        yield each
        yield from all_forms(each)


def send(it: Everything, name: str, door: Door, text: str) -> Any:
    """Type it, and nothing else that is new."""
    address = door.rule.replace("<code>", it.codes[door.of]).replace("<int:team_id>", str(it.team_id))
    address = address.replace("<any(records, actions, lessons):what>", "records")
    item = {"item": it.closed.last("action")} if "item" in door.rest else {}
    return fresh(it, door.who).send(address, **door.rest | item | {name.rpartition(".")[2]: door.before + text})


def fresh(it: Everything, who: str) -> Visitor:
    """Who comes by a one-time link has not used it yet."""
    opens = {"Invited": f"/account/new/{it.tokens['account']}", "Gast": f"/join/{it.tokens['join']}", "Stan": "/"}
    if who not in opens:
        return it.browsers[who]
    browser = Visitor(it.app)
    browser.get(opens[who])
    return browser


def read(answer: Any, name: str) -> str:
    """All that stands on the page that comes back."""
    assert answer.status_code in (200, 302, 303, 400, 404, 409), f"{name}: {answer.status_code}"
    where = answer.headers.get("Location", "/")
    assert where.startswith("/"), name
    assert not where.startswith("//"), name
    if answer.mimetype != "text/html":
        return ""
    shape = Shape(answer.text)
    assert shape.alive == [], name
    assert not shape.elements.keys() & BROUGHT, name
    return shape.words


def cleaned(text: str) -> set[str]:
    """What may be kept of it: several lines, one, or a name."""
    found = {words.clean(text), words.one_line(text)}
    try:
        return found | {names.clean_name(words.one_line(text))}
    except Refused:
        return found


def in_column(name: str) -> Counter[str]:
    """Every text that stands there, and how often."""
    table, _dot, column = name.partition(".")
    db.session.rollback()
    values = db.session.scalars(select(Base.metadata.tables[table].c[column])).all() if name else []
    return Counter(text for value in values for text in strings(value))


@pytest.mark.parametrize("text_name", HOSTILE)
def test_every_field_of_every_form_keeps_it_clean_or_shows_it_again_as_text(
    everything: Everything,  # noqa: F811
    text_name: str,
) -> None:
    text, kept = sent(text_name), 0
    for name, door in (DOORS | NOT_KEPT).items():
        # An address has no blanks: with them it would be refused, and nothing would be tried.
        typed = squeezed(text) if door.before else text
        before = in_column(door.kept)
        shown = read(send(everything, name, door, typed), name)
        expected = {door.before + each for each in cleaned(typed)}
        if (in_column(door.kept) - before).keys() & expected:
            kept += 1
        elif name in DOORS:
            again = {squeezed(each).casefold() for each in (door.before + typed, *expected)}
            assert any(each in shown.casefold() for each in again), f"{name} is gone"
    assert kept >= 5, "hardly anything was taken"


@pytest.mark.parametrize("text_name", ["html", "attribute", "end of script"])
def test_what_is_too_long_comes_back_as_text(everything: Everything, text_name: str) -> None:  # noqa: F811
    text = sent(text_name)
    long = text * (4000 // len(text) + 1)
    for name, door in DOORS.items():
        shown = read(send(everything, name, door, squeezed(long) if door.before else long), name)
        assert squeezed(long).casefold() in shown.casefold(), f"{name} is gone"


def sent(name: str) -> str:
    """As a browser can send it."""
    return HOSTILE[name].encode("utf-8", "ignore").decode()


@pytest.mark.parametrize("name", SECRET)
def test_a_password_is_never_shown_again(everything: Everything, name: str) -> None:  # noqa: F811
    text = sent("attribute")
    answer = send(everything, name, SECRET[name], text)
    assert answer.status_code == 200, "it is wrong, and the page says so"
    assert squeezed(text) not in read(answer, name)
    assert text[:30] not in answer.text


API = {"title": "A title", "team": "North", "starts_at": f"{DAY}T10:00"}
TEXTS_OF_API = [
    name for name, hint in get_type_hints(NewSession).items() if isinstance(hint, type) and issubclass(hint, str)
]


@pytest.mark.parametrize("text_name", HOSTILE)
def test_every_field_of_the_api_keeps_it_clean_or_says_what_is_wrong(everything: Everything, text_name: str) -> None:  # noqa: F811
    text, taken = sent(text_name), 0
    assert {"title", "team", "owner_name", "call_url", "starts_at", "timezone"} <= set(TEXTS_OF_API)
    for name in TEXTS_OF_API:
        key = f"{name} {''.join(char for char in text if char.isascii() and char.isprintable())}"[:128]
        headers = {"Authorization": f"Bearer {everything.tokens['api']}", "Idempotency-Key": key}
        answer: Any = Visitor(everything.app)._ask("POST", "/api/v1/sessions", json=API | {name: text}, headers=headers)
        assert answer.status_code in (201, 400, 409, 422), name
        assert answer.mimetype == ("application/json" if answer.status_code == 201 else "application/problem+json")
        if answer.status_code == 201:
            assert answer.json[name] in cleaned(text)
            taken += 1
    assert taken or text_name == "long word"
