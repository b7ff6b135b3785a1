"""Does the plan leave enough time? Pure: sums, suggestions and warnings over the tables of `phases`.

The planning form shows the same in the browser (static/js/plan.js), from the numbers that `tables` hands to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.sessions.phases import LENGTHS, MINUTES, N_, SECONDS_EACH, SMALL_GROUP, STEP, STEPS

FEWEST, MOST = 3, 12
LONGEST_SLOT = 60
FOR_EVERYBODY = ("lessons",)

SUGGESTED: Mapping[int, int] = {4: 45, 8: 60, 10: 75, 12: 90}
"""Up to so many people: a session of so many minutes."""


@dataclass(frozen=True)
class Shortage:
    """A slot with fewer minutes than its people need."""

    slot: str
    minutes: int
    needed: int
    people: int


def suggested_length(people: int) -> int:
    """The length in minutes for a group of `people`, moderator and owner included."""
    return next((length for most, length in SUGGESTED.items() if people <= most), max(LENGTHS))


def usual(length: int) -> dict[str, int]:
    """The usual minutes of each slot for a session of this length."""
    return {slot: row[LENGTHS.index(length)] for slot, row in MINUTES.items()}


def spans(length: int) -> dict[int, tuple[int, int]]:
    """In a session of this length, by phase: the minute in which it begins, and how many minutes it has."""
    found: dict[int, tuple[int, int]] = {}
    passed = 0
    for slot, count in usual(length).items():
        phase = phase_of_slot(slot)
        if phase:
            start, so_far = found.get(phase, (passed, 0))
            found[phase] = (start, so_far + count)
        passed += count
    return found


def speakers(slot: str, people: int) -> int:
    """How many of `people` have a moment of their own in a slot."""
    if slot in FOR_EVERYBODY:
        return people
    # Everybody but owner and moderator; in a small group the moderator may consult too.
    return people - 1 if people <= SMALL_GROUP else people - 2


def shortages(minutes: Mapping[str, int], people: int) -> list[Shortage]:
    """The slots that are too short for so many people."""
    short = []
    for slot, seconds_each in SECONDS_EACH.items():
        speaking = speakers(slot, people)
        needed = -(-speaking * seconds_each // 60)
        if minutes[slot] * 60 < speaking * seconds_each:
            short.append(Shortage(slot, minutes[slot], needed, speaking))
    return short


def long_enough(people: int, after: int) -> int | None:
    """The shortest length above `after` whose usual minutes leave nobody out; None if there is none."""
    return next((length for length in LENGTHS if length > after and not shortages(usual(length), people)), None)


def phase_of_slot(slot: str) -> int | None:
    return next((step.phase for step in STEPS if step.slot == slot), None)


def slot_title(slot: str) -> str:
    """The name of a slot, to be translated."""
    return STEP[slot].title if slot in STEP else N_("Spare minutes")


def tables() -> dict[str, Any]:
    """What the planning form needs to count along."""
    return {
        "minutes": {str(length): usual(length) for length in LENGTHS},
        "suggested": list(SUGGESTED.items()),
        "seconds_each": dict(SECONDS_EACH),
        "for_everybody": FOR_EVERYBODY,
        "small_group": SMALL_GROUP,
    }
