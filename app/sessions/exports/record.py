"""The whole session as minutes: in the group's words, phase by phase, unattributed where it was unattributed.

Nobody's private notes are in it, not even the reader's own: a record is handed on.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.sessions.deal import INFLUENCES, STAGES
from app.sessions.exports.rows import Plan, Voice, plan, reactions, voice
from app.sessions.exports.sheet import Item, Sheet, clean, field, text
from app.sessions.phases import N_, PHASES, STEP

STATEMENT_PARTS = {
    "situation": N_("The situation"),
    "tried": N_("What was tried"),
    "stakes": N_("What is at stake"),
    "customer": N_("The customer"),
    "offer": N_("What is offered"),
    "size": N_("Size of the deal"),
    "key_date": N_("The date that matters"),
    "decide": N_("How they will decide this time"),
    "nothing": N_("If they do nothing"),
}
VERDICTS = {"helps": N_("Helps"), "maybe": N_("Maybe"), "not_now": N_("Not now")}


@dataclass(frozen=True)
class Phase:
    """The time of one of the six phases, in seconds; `used_s` is None for a phase that the session did not reach."""

    number: int
    title: str
    planned_s: float
    used_s: float | None


@dataclass(frozen=True)
class Contact:
    """Somebody at the customer's: `influence` and `stage` are keys of INFLUENCES and STAGES, or ""."""

    name: str
    role: str
    influence: str
    stage: str


@dataclass(frozen=True)
class Case:
    """A case that somebody offered in the lobby."""

    name: str
    title: str
    text: str


@dataclass(frozen=True)
class Question:
    """A question; `answer` is None where there was none, `passed` where the owner passed."""

    asked: Voice
    answer: Voice | None
    passed: bool


@dataclass(frozen=True)
class Idea:
    """An idea, its author unknown, and those that build on it."""

    text: str
    noted: bool
    built: tuple["Idea", ...] = ()


@dataclass(frozen=True)
class Recommendation:
    """`verdict` is a key of VERDICTS, or "" where the owner did not sort it; `word` is the owner's word on it."""

    said: Voice
    first_step: str
    reason: str
    idea: str
    verdict: str
    word: str


@dataclass(frozen=True)
class Lesson:
    """`said.name` is "" unless its author agreed to be named."""

    said: Voice
    situation: str
    share: bool
    named: bool


@dataclass(frozen=True)
class Record:
    """The minutes of one session, the plan among them. The keys of `statement` are those of STATEMENT_PARTS."""

    plan: Plan
    code: str
    began_at: datetime | None
    ended_at: datetime | None
    phases: dict[int, Phase]
    overridden: bool
    cases: tuple[Case, ...]
    statement: dict[str, str]
    contacts: tuple[Contact, ...]
    questions: tuple[Question, ...]
    ideas: tuple[Idea, ...]
    recommendations: tuple[Recommendation, ...]
    strengths: tuple[Voice, ...]
    risks: tuple[Voice, ...]
    lessons: tuple[Lesson, ...]
    process: tuple[Voice, ...]

    @property
    def title(self) -> str:
        return self.plan.title


def record(snapshot: dict[str, Any]) -> Record:
    """The minutes, from a snapshot of a closed session."""
    sheet = Sheet(snapshot)
    statement = sheet.one("statement")
    return Record(
        plan=plan(snapshot),
        code=sheet.session["code"],
        began_at=sheet.moment("started_at"),
        ended_at=sheet.moment("closed_at"),
        phases=_phases(sheet),
        overridden=sheet.session["overridden"],
        cases=tuple(Case(sheet.name(item), field(item, "title"), text(item)) for item in sheet.all("case")),
        statement={part: words for part in STATEMENT_PARTS if (words := field(statement, part))},
        contacts=tuple(_contacts(statement)),
        questions=tuple(_question(sheet, item) for item in sheet.all("question")),
        ideas=_ideas(sheet),
        recommendations=tuple(_recommendation(sheet, item) for item in sheet.all("recommendation")),
        strengths=reactions(sheet, "strength"),
        risks=reactions(sheet, "risk"),
        lessons=tuple(_lesson(sheet, item) for item in sheet.all("lesson")),
        process=tuple(voice(sheet, item) for item in sheet.all("process")),
    )


def _phases(sheet: Sheet) -> dict[int, Phase]:
    found = {}
    for number, title in PHASES.items():
        times = [time for time in sheet.session["steps"] if STEP[time["name"]].phase == number]
        used = [time["used_s"] for time in times if time["used_s"] is not None]
        planned_s = sum(time["planned_s"] for time in times)
        found[number] = Phase(number, title, planned_s, sum(used) if used else None)
    return found


def _contacts(statement: Item | None) -> list[Contact]:
    people = ((statement or {}).get("data") or {}).get("people") or []
    contacts = [
        Contact(
            clean(person.get("name")),
            clean(person.get("role")),
            _known(INFLUENCES, person.get("influence")),
            _known(STAGES, person.get("stage")),
        )
        for person in people
    ]
    return [contact for contact in contacts if contact.name or contact.role]


def _known(table: dict[str, str], key: str | None) -> str:
    return key if key and key in table else ""


def _question(sheet: Sheet, item: Item) -> Question:
    answer = sheet.one("answer", item["id"])
    how = field(answer, "how")
    heard = Voice(sheet.name(answer), text(answer), bool(answer.get("noted")), how == "aloud") if answer else None
    return Question(voice(sheet, item), heard, how == "passed")


def _ideas(sheet: Sheet) -> tuple[Idea, ...]:
    """Never with a name, whatever the snapshot holds: not to be known is not to be passed on."""
    return tuple(
        _idea(item, tuple(_idea(child) for child in sheet.all("idea", item["id"])))
        for item in sheet.all("idea")
        if not _builds(sheet, item)
    )


def _builds(sheet: Sheet, item: Item) -> bool:
    return sheet.item(item["parent"]) is not None


def _idea(item: Item, built: tuple[Idea, ...] = ()) -> Idea:
    return Idea(text(item), bool(item.get("noted")), built)


def _recommendation(sheet: Sheet, item: Item) -> Recommendation:
    verdict = sheet.one("verdict", item["id"])
    return Recommendation(
        voice(sheet, item),
        field(item, "first_step"),
        field(item, "reason"),
        text(sheet.item(item["parent"])),
        _known(VERDICTS, field(verdict, "verdict")),
        text(verdict),
    )


def _lesson(sheet: Sheet, item: Item) -> Lesson:
    named = bool(item["data"].get("named"))
    said = voice(sheet, item)
    if not named:
        said = replace(said, name="")
    return Lesson(said, field(item, "situation"), bool(item["data"].get("share")), named)
