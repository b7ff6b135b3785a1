"""The shape of every command's data: types and lengths, never rules. A table of WTForms, one for each act.

Data comes as JSON, not as a form post, so types are checked before WTForms sees them: nothing is coerced, nothing
ignored.
"""

from datetime import date
from functools import cache
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, FormField, IntegerField, StringField, ValidationError
from wtforms.validators import AnyOf, NumberRange

from app.followup.states import State, Told
from app.sessions import words
from app.sessions.phases import KIND_OF_ACT, MOST_THEMES, N_, Role
from app.sessions.rules import Refused
from app.teams.models import THEME_LONGEST

LONGEST = 4000
SHORT = 200

_TYPES: dict[type[Field], type] = {StringField: str, BooleanField: bool, IntegerField: int, FieldList: list}


class _Text:
    """Longest length for a text; a class, so that the browser can be told."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: Form, field: Field) -> None:
        if len(field.data or "") > self.longest:
            raise ValidationError("too_long")


def text(longest: int = LONGEST) -> Any:
    return StringField(default="", validators=[_Text(longest)])


def ref() -> Any:
    """The id of a seat or a contribution, or nothing."""
    return StringField(default="", validators=[_Text(16)])


def yes(default: bool = False) -> Any:
    return BooleanField(default=default)


def number(least: int, most: int) -> Any:
    return IntegerField(validators=[NumberRange(least, most)])


def one_of(*values: str) -> Any:
    return StringField(default="", validators=[AnyOf(values)])


def _is_date(form: Form, field: Field) -> None:
    if field.data:
        try:
            date.fromisoformat(field.data)
        except ValueError:
            raise ValidationError("invalid") from None


def day() -> Any:
    """A day after ISO 8601, or nothing."""
    return StringField(default="", validators=[_is_date])


def form(**fields: Any) -> type[Form]:
    return type("Command", (Form,), fields)


PERSON = form(
    name=text(SHORT),
    role=text(SHORT),
    influence=one_of("", "low", "medium", "high"),
    stage=one_of("", "not_aware", "interested", "decided", "choosing", "negotiating"),
)

NOTHING = form()
NOTED = {"item": ref(), "aloud": yes(), "for": ref()}

FORMS: dict[str, type[Form]] = {
    **dict.fromkeys(("open", "back", "time_up", "pause", "resume", "share_out", "pass_turn"), NOTHING),
    **dict.fromkeys(("accept", "stop", "take_back"), NOTHING),
    **dict.fromkeys(("admit", "remove", "give_turn", "skip_turn"), form(seat=ref())),
    **dict.fromkeys(("move_on", "consult", "present", "export_actions"), form(on=yes(True))),
    **dict.fromkeys(("interest", "star"), form(parent=ref(), on=yes(True))),
    **dict.fromkeys(("note", "park"), form(text=text(), item=ref())),
    **dict.fromkeys(("fact", "process"), form(text=text())),
    "advance": form(anyway=yes()),
    "extend": form(seconds=number(-3600, 3600)),
    "set_time": form(seconds=number(10, 86_400)),
    "set_role": form(seat=ref(), role=one_of(*Role)),
    "rename": form(seat=ref(), name=text(80)),
    "offer_case": form(title=text(SHORT), text=text(), on=yes(True)),
    "statement": form(
        issue=text(300),
        situation=text(),
        tried=text(),
        stakes=text(),
        customer=text(SHORT),
        offer=text(SHORT),
        size=text(SHORT),
        key_date=text(SHORT),
        decide=text(),
        nothing=text(),
        people=FieldList(FormField(PERSON), max_entries=10),
        **{"for": ref()},
    ),
    "question": form(text=text(), **NOTED, **{"from": ref()}),
    "answer": form(parent=ref(), text=text(), how=one_of("written", "aloud", "passed"), **{"for": ref()}),
    "ask": form(text=text(), not_needed=text()),
    "idea": form(text=text(), item=ref(), parent=ref(), **{"from": ref()}),
    "recommend": form(text=text(), first_step=text(), reason=text(), parent=ref(), **NOTED),
    "sort": form(parent=ref(), verdict=one_of("helps", "maybe", "not_now"), text=text()),
    "plan": form(
        text=text(),
        who=text(SHORT),
        by=day(),
        trigger=text(),
        first_step=text(),
        sign=text(),
        parent=ref(),
        item=ref(),
    ),
    "reaction": form(sort=one_of("strength", "risk"), text=text(), **NOTED),
    "lesson": form(text=text(), situation=text(SHORT), share=yes(), named=yes(), item=ref(), **{"for": ref()}),
    "themes": form(themes=FieldList(text(THEME_LONGEST), max_entries=MOST_THEMES)),
    "pulse": form(useful=number(1, 5), safe=number(1, 5)),
    "withdraw": form(item=ref()),
    "state": form(item=ref(), state=one_of(*State)),
    "word": form(item=ref(), text=text()),
    "move_date": form(item=ref(), by=day()),
    "add_step": form(text=text(SHORT), by=day()),
    "check_in": form(number=number(1, 3), first=text(), second=text(), helped=number(0, 5)),
    "tell": form(tell=one_of(*Told)),
    "support": form(item=ref(), text=text()),
    "give_address": form(email=text(254)),
}


def check(act: object, data: object) -> dict[str, Any]:
    """The fields of a command, complete and clean. Raises Refused with `unknown_event`, `invalid`, `empty` or
    `too_long`.
    """
    form_class = FORMS.get(act) if isinstance(act, str) else None
    if form_class is None:
        raise Refused("unknown_event", N_("This page is out of date. Please reload it."))
    if not isinstance(data, dict):
        raise _invalid()
    return _checked(form_class, data)


def _checked(form_class: type[Form], data: dict[Any, Any]) -> dict[str, Any]:
    fields = _fields(form_class)  # type: ignore[arg-type, unused-ignore]  # a class can be hashed
    if not data.keys() <= fields.keys():
        raise _invalid()
    given = {name: _typed(fields[name], value) for name, value in data.items()}
    checked = form_class(data=given)
    if not checked.validate():
        raise _refusal(checked.errors)
    return dict(checked.data)


@cache
def _fields(form_class: type[Form]) -> dict[str, Field]:
    """The fields that a form has, for their types."""
    return dict(form_class()._fields)


def _typed(field: Field, value: object) -> Any:
    """`value`, if it is of the field's own type; texts cleaned."""
    expected = _TYPES[type(field)]
    if type(value) is not expected:
        raise _invalid()
    if isinstance(value, str):
        return words.clean(value)
    if isinstance(value, list):
        if len(value) > field.max_entries:
            raise _invalid()
        return [_entry(field, entry) for entry in value]
    return value


def _entry(field: FieldList, value: object) -> Any:
    """One entry of a list: fields of their own, or a text on one line."""
    if field.unbound_field.field_class is FormField:
        if not isinstance(value, dict):
            raise _invalid()
        return _checked(field.unbound_field.args[0], value)
    if not isinstance(value, str):
        raise _invalid()
    return words.one_line(value)


def _refusal(errors: Any) -> Refused:
    if "too_long" in str(errors):
        return Refused("too_long", N_("This text is too long. Please shorten it; nothing is lost."))
    return _invalid()


def _invalid() -> Refused:
    return Refused("invalid", N_("Something is missing in what your browser sent. Please reload the page."))


assert FORMS.keys() >= KIND_OF_ACT.keys()
