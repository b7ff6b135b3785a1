"""What the API answers and takes, as classes: schemas.py describes them, and exports.data writes them as JSON."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated

from app.sessions.exports.record import Record as WholeRecord
from app.sessions.minutes import LONGEST_SLOT
from app.sessions.models import Visibility
from app.sessions.phases import LENGTHS, MINUTES
from app.sessions.planning_forms import LANGUAGES, READABLE_DAYS

Page = Annotated[str | None, {"description": "The address of the following page; null on the last one."}]


@dataclass(frozen=True)
class Problem:
    """What went wrong (RFC 9457): `detail` is one sentence for people; `errors` one for each field that is wrong."""

    type: str
    title: str
    status: int
    detail: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Me:
    """Whose token this is, and what it may do."""

    name: str
    kind: Annotated[str, {"enum": ["moderator", "facilitator"]}]
    token: str
    scopes: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True)
class Team:
    """A team of yours, what you are in it, and the themes of those of its sessions that you may know of, the most
    frequent first.
    """

    id: int
    name: str
    you_are: tuple[Annotated[str, {"enum": ["moderator", "facilitator"]}], ...]
    themes: tuple[str, ...]


@dataclass(frozen=True)
class Teams:
    items: tuple[Team, ...]


@dataclass(frozen=True)
class PastSession:
    """A closed session. Where `reads` is "process" you may know how it went and no word of the case: title, owner and
    actions (how many there are) are null. `owner` is "" where there was none.
    """

    code: str
    page: str
    reads: Annotated[str, {"enum": ["process", "full"]}]
    title: str | None
    team: str
    language: str
    held_on: date
    moderator: str
    owner: str | None
    actions: int | None
    themes: tuple[str, ...]


@dataclass(frozen=True)
class PastSessions:
    """One page of the closed sessions that you find; `count` counts all of them."""

    items: tuple[PastSession, ...]
    count: int
    next: Page


@dataclass(frozen=True)
class PlannedSession:
    """A session that you planned. Whoever has `join_link` can join."""

    code: str
    page: str
    state: Annotated[str, {"enum": ["planned", "open", "closed"]}]
    title: str
    team: str
    language: str
    starts_at: datetime
    timezone: str
    expected: int
    length: int
    minutes: dict[str, int]
    move_on: bool
    call_url: str
    owner_name: str
    transcript: bool
    names: bool
    readable_days: int
    visibility: Visibility
    join_link: str


@dataclass(frozen=True)
class PlannedSessions:
    items: tuple[PlannedSession, ...]


@dataclass(frozen=True)
class NewSession:
    """A session to plan. `starts_at` without an offset is on the clock of `timezone`; `minutes` names only the slots
    that differ from what is usual for the length. A team that there is none of yet is made, and you moderate it.
    """

    title: Annotated[str, {"maxLength": 120}]
    team: Annotated[str, {"maxLength": 80}]
    starts_at: Annotated[str, {"format": "date-time", "examples": ["2026-03-02T10:00", "2026-03-02T10:00:00+01:00"]}]
    timezone: Annotated[str, {"examples": ["Europe/Brussels"], "default": "UTC"}] = "UTC"
    language: Annotated[str, {"enum": [code for code, _ in LANGUAGES], "default": "en"}] = "en"
    owner_name: Annotated[str, {"maxLength": 40}] = ""
    call_url: Annotated[str, {"maxLength": 2000}] = ""
    expected: Annotated[int, {"minimum": 3, "maximum": 12, "default": 6}] = 6
    length: Annotated[int, {"enum": list(LENGTHS), "default": 60}] = 60
    minutes: Annotated[
        dict[str, Annotated[int, {"minimum": 0, "maximum": LONGEST_SLOT}]],
        {"propertyNames": {"enum": list(MINUTES)}},
    ] = field(default_factory=dict)
    move_on: bool = False
    transcript: Annotated[bool, {"default": True}] = True
    names: Annotated[bool, {"default": True}] = True
    readable_days: Annotated[int, {"enum": list(READABLE_DAYS), "default": 90}] = 90
    visibility: Visibility = Visibility.ROOM


@dataclass(frozen=True)
class RecordAnswer:
    """The record. The actions of the plan, and who supports them, are in it only once the issue owner has exported
    them; `actions_exported_at` says since when, or null.
    """

    actions_exported_at: datetime | None
    record: WholeRecord


@dataclass(frozen=True)
class ExportedAction:
    """An action that its owner exported. `by` is the day it is due, after moving it; `state` is what the owner said
    last. A step that was added after the session has only `what`, `by` and `state`.
    """

    id: str
    session: str
    page: str
    title: str
    team: str
    owner: str
    what: str
    who: str
    by: date | None
    trigger: str
    first_step: str
    sign: str
    state: Annotated[str, {"enum": ["not_started", "under_way", "done", "changed_my_mind"]}]
    exported_at: datetime


@dataclass(frozen=True)
class ExportedActions:
    """One page of the exported actions, those of the newest session first; `count` counts the sessions."""

    items: tuple[ExportedAction, ...]
    count: int
    next: Page


@dataclass(frozen=True)
class SharedLesson:
    """A lesson that its author let go to the team. `name` is "" unless the author wants to be named."""

    id: str
    text: str
    situation: str
    name: str
    team: str
    language: str
    themes: tuple[str, ...]
    shared_on: date


@dataclass(frozen=True)
class SharedLessons:
    """One page of the lessons, the newest first; `count` counts all of them."""

    items: tuple[SharedLesson, ...]
    count: int
    next: Page


@dataclass(frozen=True)
class CheckInDue:
    """A check-in that waits for its owner's answer: the first, second or third (`number`). Never what was answered."""

    session: str
    page: str
    title: str
    team: str
    owner: str
    number: int
    due_on: date


@dataclass(frozen=True)
class CheckInsDue:
    items: tuple[CheckInDue, ...]
