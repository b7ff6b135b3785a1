"""JSON Schema from dataclasses: what the API takes and answers is described by the very classes it is made of. Pure."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

Schema = dict[str, Any]

PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
    datetime: {"type": "string", "format": "date-time"},
}


class Components:
    """The schemas of a document by name; each class is described once, and referred to."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}
        self._classes: dict[str, type] = {}

    def of(self, hint: Any) -> Schema:
        """The schema of a type. `Annotated[T, {…}]` adds words of JSON Schema to that of T."""
        if get_origin(hint):
            return self._of_generic(get_origin(hint), get_args(hint))
        if is_dataclass(hint):
            return self._of_class(hint)
        if issubclass(hint, Enum):
            return {"type": "string", "enum": [str(each.value) for each in hint]}
        return dict(PLAIN[hint])

    def _of_generic(self, origin: Any, arguments: tuple[Any, ...]) -> Schema:
        if origin is Annotated:
            return self.of(arguments[0]) | arguments[1]
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(each) for each in arguments]}
        if origin in (tuple, list):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"no schema for {origin}")

    def _of_class(self, cls: Any) -> Schema:
        name = cls.__name__
        if self._classes.setdefault(name, cls) is not cls:
            name = f"{cls.__module__.rpartition('.')[2].title()}{name}"
        if name not in self.schemas:
            self.schemas[name] = {}  # a class may hold itself
            self._classes[name] = cls
            hints = get_type_hints(cls, include_extras=True)
            described = [each for each in fields(cls) if not each.name.startswith("_")]
            self.schemas[name] = {
                "type": "object",
                "description": " ".join((cls.__doc__ or "").replace("`", "").split()),
                "properties": {each.name: self.of(hints[each.name]) for each in described},
                "required": [each.name for each in described if _is_required(each)],
            }
        return {"$ref": f"#/components/schemas/{name}"}


def _is_required(field: Any) -> bool:
    return field.default is MISSING and field.default_factory is MISSING
