"""What a request asks for: parameters and body, of the types that the table says, or one sentence."""

from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from datetime import date
from typing import Any, get_args, get_origin, get_type_hints

import orjson
from flask import request
from flask_babel import gettext as _

from app.api.problems import refuse
from app.sessions.words import number

BODY_BYTES_MAX = 64 * 1024
DAYS = 10
"""Characters of a day: 2026-03-02."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of an address or a header. `kind` is str, int (from 1 on) or date; `one_of`: the values there are."""

    name: str
    description: str
    kind: type = str
    where: str = "query"
    one_of: Sequence[str] = ()
    longest: int = 200
    required: bool = False


@dataclass(frozen=True)
class Asked:
    """The parameters by name, None where nothing was given; and the body, by field."""

    given: dict[str, Any]
    body: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.given[name]


def read(parameters: Sequence[Parameter], path: dict[str, str], body: type | None) -> Asked:
    """What was asked. Ends the request with a problem for what the table does not know."""
    known = {each.name for each in parameters if each.where == "query"}
    if unknown := sorted(set(request.args) - known):
        refuse(400, _("There is no parameter “%(name)s” here.", name=unknown[0][:60]))
    given = {each.name: _parameter(each, path) for each in parameters}
    return Asked(given, _body(body) if body else {})


def _parameter(it: Parameter, path: dict[str, str]) -> Any:
    values: Any = {"path": path, "query": request.args, "header": request.headers}[it.where]
    typed = values.get(it.name)
    if not typed:
        if it.required:
            refuse(400, _("“%(name)s” is missing: %(what)s", name=it.name, what=it.description))
        return None
    if len(typed) > it.longest or "\x00" in typed:
        refuse(400, _("“%(name)s” is longer than it can be, or holds what is no text.", name=it.name))
    if it.one_of and typed not in it.one_of:
        refuse(400, _("“%(name)s” is one of: %(values)s.", name=it.name, values=", ".join(it.one_of)))
    return _typed(it, typed)


def _typed(it: Parameter, typed: str) -> Any:
    if it.kind is int:
        return number(typed) or refuse(400, _("“%(name)s” is a whole number from 1 on.", name=it.name))
    if it.kind is date:
        try:
            return date.fromisoformat(typed if len(typed) == DAYS else "")
        except ValueError:
            refuse(400, _("“%(name)s” is a day such as 2026-03-02.", name=it.name))
    return typed


def _body(wanted: type) -> dict[str, Any]:
    """The fields of the body with those that were left out as they are by default."""
    request.max_content_length = BODY_BYTES_MAX
    try:
        body = orjson.loads(request.get_data())
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        refuse(400, _("The body is no JSON object. Send one, as the document of the API describes it."))
    hints = get_type_hints(wanted)
    if unknown := sorted(set(body) - set(hints)):
        _wrong(unknown[0][:60], _("There is no such field."))
    for each in fields(wanted):  # type: ignore[arg-type, unused-ignore]
        if each.name not in body and each.default is MISSING and each.default_factory is MISSING:
            _wrong(each.name, _("This field is missing."))
    for name, value in body.items():
        if not _is_of(hints[name], value):
            _wrong(name, _("This field has another type in the document of the API."))
    return _defaults(wanted) | body


def _wrong(name: str, sentence: str) -> None:
    refuse(400, f"{name}: {sentence}", {name: sentence})


def _is_of(hint: Any, value: Any) -> bool:
    """Whether a value of JSON is of this type; true and false are no numbers."""
    if get_origin(hint) is dict:
        of = get_args(hint)[1]
        return isinstance(value, dict) and all(_is_of(of, each) for each in value.values())
    base = str if isinstance(hint, type) and issubclass(hint, str) else hint
    return type(value) is base


def _defaults(wanted: type) -> dict[str, Any]:
    found = {}
    for each in fields(wanted):  # type: ignore[arg-type, unused-ignore]
        if each.default is not MISSING:
            found[each.name] = each.default
        elif each.default_factory is not MISSING:
            found[each.name] = each.default_factory()
    return found
