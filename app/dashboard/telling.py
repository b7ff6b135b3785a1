"""From how many on a figure is told at all, so that none is about one person. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")

ANSWERS = 5
"""Answers to a question that nobody's name is on."""

SESSIONS = 3
"""Sessions behind a figure of what owners did: of one or two it would be known whose."""


def settled(batches: Iterable[Sequence[T]]) -> list[T]:
    """The answers that are told, out of those that came in `batches`, the first first: only ever ANSWERS more at once.

    Whoever looks before and after one more answer came learns nothing of it: it waits for company. That holds while
    batches are only added at the end, and none of them changes, moves or goes.
    """
    told: list[T] = []
    waiting: list[T] = []
    for batch in batches:
        waiting += batch
        if len(waiting) >= ANSWERS:
            told += waiting
            waiting = []
    return told
