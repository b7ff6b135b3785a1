"""The action plan as rows: read once from what a person may see, and laid out by each format in its own way."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.followup import cadence
from app.sessions.exports.sheet import Item, Sheet, clean, day, field, text
from app.sessions.names import named
from app.sessions.phases import Role

ORIGIN_LENGTH_MAX = 90
"""Characters of a recommendation that an action quotes; the record has it whole."""


@dataclass(frozen=True)
class Voice:
    """Something said, and by whom ("" where that is not to be known)."""

    name: str
    text: str
    noted: bool = False
    aloud: bool = False


@dataclass(frozen=True)
class Action:
    """One action of the owner's plan; every text may be empty, `by` may be None. `id` is the contribution's."""

    id: str
    what: str
    who: str
    by: date | None
    trigger: str
    first_step: str
    sign: str
    origin: Voice | None


@dataclass(frozen=True)
class Help:
    """A recommendation that the owner found helpful, and the owner's word on it, if any."""

    recommendation: Voice
    word: str


@dataclass(frozen=True)
class Plan:
    """What the owner takes away. `held_at` is on the clock of the session's time zone, and so are the days.

    Without `transcript` nothing but the actions has been kept of what was said; without `names`, not who said it.
    """

    title: str
    team: str
    language: str
    held_at: datetime
    closed_at: datetime | None
    stopped: bool
    transcript: bool
    names: bool
    issue: str
    owner: str
    ask: str
    not_needed: str
    actions: tuple[Action, ...]
    helps: tuple[Help, ...]
    supporters: tuple[str, ...]
    strengths: tuple[Voice, ...]
    risks: tuple[Voice, ...]
    check_ins: tuple[date, ...]
    moderators: tuple[str, ...]
    consultants: tuple[str, ...]
    themes: tuple[str, ...]

    @property
    def dated(self) -> tuple[Action, ...]:
        return tuple(action for action in self.actions if action.by)


def plan(snapshot: dict[str, Any]) -> Plan:
    """The plan, from a snapshot of a closed session."""
    sheet = Sheet(snapshot)
    transcript, names = sheet.session["transcript"], sheet.session["names"]
    owner = sheet.name_of(sheet.owner)
    ask = sheet.one("ask")
    actions = tuple(_action(sheet, item) for item in sheet.all("action"))
    held_at = sheet.moment("started_at") or sheet.moment("starts_at")
    assert held_at is not None
    return Plan(
        title=clean(sheet.session["title"]),
        team=clean(sheet.session["team"]),
        language=sheet.session["language"],
        held_at=held_at,
        closed_at=sheet.moment("closed_at"),
        stopped=sheet.session["stopped"],
        transcript=transcript,
        names=names,
        issue=text(sheet.one("statement")),
        owner=owner if names else "",
        ask=text(ask),
        not_needed=field(ask, "not_needed"),
        actions=actions,
        helps=tuple(_helps(sheet)),
        supporters=_supporters(sheet, owner, actions),
        strengths=reactions(sheet, "strength"),
        risks=reactions(sheet, "risk"),
        check_ins=_check_ins(sheet.moment("closed_at")) if actions else (),
        moderators=sheet.names(Role.MODERATOR),
        # Without a transcript only those are still known who put their name to a lesson: not who was there.
        consultants=sheet.names(Role.CONSULTANT) if transcript and names else (),
        themes=tuple(clean(theme) for theme in sheet.session["themes"]),
    )


def voice(sheet: Sheet, item: Item) -> Voice:
    return Voice(sheet.name(item), text(item), bool(item.get("noted")), bool(item.get("aloud")))


def reactions(sheet: Sheet, sort: str) -> tuple[Voice, ...]:
    return tuple(voice(sheet, item) for item in sheet.all("reaction") if field(item, "sort") == sort)


def _action(sheet: Sheet, item: Item) -> Action:
    origin = sheet.item(item["parent"])
    return Action(
        id=item["id"],
        what=text(item),
        who=field(item, "who"),
        by=day(item, "by"),
        trigger=field(item, "trigger"),
        first_step=field(item, "first_step"),
        sign=field(item, "sign"),
        origin=Voice(sheet.name(origin), shortened(text(origin))) if origin else None,
    )


def _check_ins(closed_at: datetime | None) -> tuple[date, ...]:
    return tuple(cadence.days(closed_at).values()) if closed_at else ()


def _helps(sheet: Sheet) -> list[Help]:
    found = []
    for recommendation in sheet.all("recommendation"):
        verdict = sheet.one("verdict", recommendation["id"])
        if field(verdict, "verdict") == "helps":
            found.append(Help(voice(sheet, recommendation), text(verdict)))
    return found


def _supporters(sheet: Sheet, owner: str, actions: tuple[Action, ...]) -> tuple[str, ...]:
    """Who stands beside the owner: people whom an action names, and authors of the recommendations it came from."""
    room = [clean(person["name"]) for person in sheet.people.values()]
    found: dict[str, None] = {}
    for action in actions:
        named_here = named(action.who, room)
        helpers = [name for name in room if name in named_here] or [action.who]
        author = [action.origin.name] if action.origin else []
        found |= dict.fromkeys(helpers + author)
    return tuple(name for name in found if name and name.casefold() != owner.casefold())


def shortened(long: str, length: int = ORIGIN_LENGTH_MAX) -> str:
    """`long` on one line, cut at a word."""
    line = " ".join(long.split())
    if len(line) <= length:
        return line
    cut = line[:length].rstrip()
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"
