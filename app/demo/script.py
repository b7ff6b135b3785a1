"""What happens in each step of a demo session, as a list of acts. Pure: made from a case, carried out by `staging`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from app.demo.cases import Case

TO_SEAT = ("seat",)
TO_ITEM = ("parent", "from", "item")
"""Fields of `Act.data` that name a person, and those that name what an earlier act made."""


@dataclass(frozen=True)
class Act:
    """One command: `who` gives it; `key` names it, and what it makes, for later acts."""

    who: str
    name: str
    key: str = ""
    data: dict[str, Any] = field(default_factory=dict)


def script(case: Case, step: str, day: date) -> list[Act]:
    """What is done in one step of a session that is held on `day`; going on to the next step is not among it."""
    return list(SCENES[step](case, day)) if step in SCENES else []


def lobby(case: Case, _day: date) -> Iterator[Act]:
    *early, last = case.people
    for name in early:
        yield Act(name, "accept")
    yield Act(case.owner, "offer_case", "case", {"title": case.title, "text": case.statement["issue"]})
    for number, name in enumerate(case.consultants[:2], 1):
        yield Act(name, "interest", f"interest {number}", {"parent": "case"})
    yield Act(last, "accept")


def statement(case: Case, _day: date) -> Iterator[Act]:
    yield Act(case.owner, "statement", "statement", case.statement)
    yield _note(case, case.consultants[-1])


def silent_questions(case: Case, _day: date) -> Iterator[Act]:
    for name in case.consultants[:-1]:
        yield _note(case, name)
    for question in case.questions:
        if question.advice:
            yield Act(question.who, "park", data={"text": question.advice})


def _note(case: Case, who: str) -> Act:
    """A consultant notes the first question that they will ask."""
    text = next(question.text for question in case.questions if question.who == who)
    return Act(who, "note", f"note of {who}", {"text": text})


def questions(case: Case, _day: date) -> Iterator[Act]:
    noted = set(case.consultants)
    for number, question in enumerate(case.questions, 1):
        source = {"from": f"note of {question.who}"} if question.who in noted else {}
        noted.discard(question.who)
        yield Act(question.who, "question", f"question {number}", {"text": question.text, **source})
        answer = {"text": question.answer, "how": "aloud" if question.aloud else "written"}
        yield Act(case.owner, "answer", f"answer {number}", {"parent": f"question {number}", **answer})


def ask(case: Case, _day: date) -> Iterator[Act]:
    if case.ask:
        yield Act(case.owner, "ask", "ask", {"text": case.ask, "not_needed": case.not_needed})


def silent_brainstorm(case: Case, _day: date) -> Iterator[Act]:
    for number in range(1, _revealed(case) + 1):
        yield _idea(case, number)


def brainstorm(case: Case, _day: date) -> Iterator[Act]:
    for number in range(_revealed(case) + 1, len(case.ideas) + 1):
        yield _idea(case, number)
        if number == _revealed(case) + 1:
            yield Act(case.owner, "star", data={"parent": "idea 2"})


def _revealed(case: Case) -> int:
    """How many ideas are there when the silence ends: what builds on others comes later."""
    first_built = next(number for number, idea in enumerate(case.ideas, 1) if idea.builds_on)
    return min(first_built - 1, len(case.ideas) * 2 // 3)


def _idea(case: Case, number: int) -> Act:
    idea = case.ideas[number - 1]
    parent = {"parent": f"idea {idea.builds_on}"} if idea.builds_on else {}
    who = case.consultants[number % len(case.consultants)]
    return Act(who, "idea", f"idea {number}", {"text": idea.text, **parent})


def recommendations(case: Case, _day: date) -> Iterator[Act]:
    """Everybody has one turn; for a second recommendation the moderator gives the turn once more."""
    spoken = set()
    for number, each in enumerate(case.recommendations, 1):
        if each.who in spoken:
            yield Act(case.moderator, "give_turn", data={"seat": each.who})
        spoken.add(each.who)
        parent = {"parent": f"idea {each.idea}"} if each.idea else {}
        words = {"text": each.text, "first_step": each.first_step, "reason": each.reason}
        yield Act(each.who, "recommend", f"recommendation {number}", {**words, **parent})


def feedback(case: Case, day: date) -> Iterator[Act]:
    for number, each in enumerate(case.recommendations, 1):
        data = {"parent": f"recommendation {number}", "verdict": each.verdict, "text": each.word}
        yield Act(case.owner, "sort", f"verdict {number}", data)
    for number, action in enumerate(case.actions, 1):
        data = {
            "text": action.what,
            "who": action.who,
            "by": (day + timedelta(days=action.days)).isoformat(),
            "trigger": action.trigger,
            "first_step": action.first_step,
            "sign": action.sign,
            "parent": f"recommendation {action.recommendation}",
        }
        yield Act(case.owner, "plan", f"action {number}", data)
    yield Act(case.owner, "present", "presented")


def reactions(case: Case, _day: date) -> Iterator[Act]:
    for number, (who, sort, text) in enumerate(case.reactions, 1):
        yield Act(who, "reaction", f"reaction {number}", {"sort": sort, "text": text})


def lessons(case: Case, _day: date) -> Iterator[Act]:
    for number, lesson in enumerate(case.lessons, 1):
        data = {"text": lesson.text, "share": lesson.share, "named": lesson.named, "situation": lesson.situation}
        yield Act(lesson.who, "lesson", f"lesson {number}", data)
    who, text = case.process
    yield Act(who, "process", "process", {"text": text})
    for number, name in enumerate(case.people):
        yield Act(name, "pulse", data={"useful": 4 + number % 2, "safe": 5 - number // 4})
    yield Act(case.moderator, "themes", data={"themes": list(case.themes)})


SCENES = {
    scene.__name__: scene
    for scene in (
        lobby,
        statement,
        silent_questions,
        questions,
        ask,
        silent_brainstorm,
        brainstorm,
        recommendations,
        feedback,
        reactions,
        lessons,
    )
}
