"""JSON Schema from classes."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import pytest

from app.api.schemas import Components


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    """A `leaf`
    of a tree.
    """

    colour: Colour
    fell_on: date | None
    size: Annotated[int, {"minimum": 1}] = 1


@dataclass(frozen=True)
class Tree:
    """A tree."""

    leaves: tuple[Leaf, ...]
    marks: dict[str, float] = field(default_factory=dict)
    grafted: "Tree | None" = None


def test_a_class_is_described_once_with_all_that_it_holds() -> None:
    components = Components()
    assert components.of(tuple[Tree, ...]) == {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
    assert components.schemas == {
        "Leaf": {
            "type": "object",
            "description": "A leaf of a tree.",
            "properties": {
                "colour": {"type": "string", "enum": ["red", "blue"]},
                "fell_on": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                "size": {"type": "integer", "minimum": 1},
            },
            "required": ["colour", "fell_on"],
        },
        "Tree": {
            "type": "object",
            "description": "A tree.",
            "properties": {
                "leaves": {"type": "array", "items": {"$ref": "#/components/schemas/Leaf"}},
                "marks": {"type": "object", "additionalProperties": {"type": "number"}},
                "grafted": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]},
            },
            "required": ["leaves"],
        },
    }


def test_two_classes_of_one_name_are_two_schemas() -> None:
    other: Any = dataclass(type("Leaf", (), {"__annotations__": {"page": int}, "__module__": "book.pages"}))
    components = Components()
    first, second = components.of(Leaf), components.of(other)
    assert first != second
    assert components.of(other) == second == {"$ref": "#/components/schemas/PagesLeaf"}


def test_what_json_does_not_know_is_an_error_of_ours() -> None:
    with pytest.raises(TypeError):
        Components().of(set[int])
