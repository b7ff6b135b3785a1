"""What people do in a room: what their screen lets them do, and now and then something that it does not.

A text holds a token that is in no other text, so that a word can be followed wherever it goes.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from devtools.chaos.state import State

FORBIDDEN_SHARE = 0.12
LETTERS = "bcdfghjkmnpqrstvwxz"


@dataclass(frozen=True)
class Act:
    """A command before it has an id. `kept`: the outbox keeps it until there is a final answer."""

    name: str
    data: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    kept: bool = False


def choose(state: State, dice: random.Random) -> Act | None:
    """Something to do now, or nothing."""
    if state.me.get("status") != "in" or state.step == "closed":
        return None
    if dice.random() < FORBIDDEN_SHARE and (bad := _forbidden(state, dice)):
        return bad
    open_acts = [make for name, make in ACTS.items() if name in state.can]
    dice.shuffle(open_acts)
    for make in open_acts:
        if act := make(state, dice):
            return act
    return None


def write(name: str, dice: random.Random, field_: str = "text", **data: Any) -> Act:
    word = token(dice)
    return Act(name, {**data, field_: f"Word {word} of {name}"}, word, kept=True)


def token(dice: random.Random) -> str:
    return "zq" + "".join(dice.choices(LETTERS, k=14))


def _forbidden(state: State, dice: random.Random) -> Act | None:
    """What a forged page could send: the server has to say no."""
    if state.me["role"] == "owner" and state.step in ("silent_brainstorm", "brainstorm"):
        return write("idea", dice)
    if state.me["role"] == "consultant":
        forged = (Act("advance", {"anyway": True}), Act("pause"), Act("extend", {"seconds": 60}), write("fact", dice))
        return dice.choice(forged)
    return None


def _answer(state: State, dice: random.Random) -> Act | None:
    answered = {item["parent"] for item in state.of_kind("answer")}
    waiting = [item["id"] for item in state.of_kind("question") if item["id"] not in answered]
    return write("answer", dice, parent=waiting[0], how="written") if waiting else None


def _star(state: State, dice: random.Random) -> Act | None:
    ideas = state.of_kind("idea")
    return Act("star", {"parent": dice.choice(ideas)["id"], "on": dice.random() < 0.7}) if ideas else None


def _sort(state: State, dice: random.Random) -> Act | None:
    found = state.of_kind("recommendation")
    return write("sort", dice, parent=dice.choice(found)["id"], verdict="helps") if found else None


def _plan(state: State, dice: random.Random) -> Act | None:
    """Some have a day, and come into the calendar."""
    by = dice.choice(["", "2031-04-01"])
    return write("plan", dice, who="Otto", by=by) if len(state.of_kind("action")) < 4 else None


def _idea(state: State, dice: random.Random) -> Act:
    """A new one, or one's own in other words."""
    own = [item["id"] for item in state.of_kind("idea") if item.get("mine")]
    return write("idea", dice, item=dice.choice(own)) if own and dice.random() < 0.15 else write("idea", dice)


def _withdraw(state: State, dice: random.Random) -> Act | None:
    own = [item["id"] for item in state.of_kind("idea", "note") if item.get("mine")]
    if len(own) < 3 or dice.random() > 0.15:
        return None
    return Act("withdraw", {"item": dice.choice(own)}, kept=False)


def _reaction(_state: State, dice: random.Random) -> Act:
    return write("reaction", dice, sort=dice.choice(["strength", "risk"]))


ACTS: dict[str, Callable[[State, random.Random], Act | None]] = {
    "note": lambda _state, dice: write("note", dice),
    "park": lambda _state, dice: write("park", dice),
    "statement": lambda _state, dice: write("statement", dice, "issue"),
    "question": lambda _state, dice: write("question", dice),
    "answer": _answer,
    "ask": lambda _state, dice: write("ask", dice),
    "idea": _idea,
    "star": _star,
    "fact": lambda _state, dice: write("fact", dice),
    "recommend": lambda _state, dice: write("recommend", dice),
    "sort": _sort,
    "plan": _plan,
    "reaction": _reaction,
    "lesson": lambda _state, dice: write("lesson", dice, share=dice.random() < 0.7, named=True),
    "process": lambda _state, dice: write("process", dice),
    "withdraw": _withdraw,
}
