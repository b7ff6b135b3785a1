"""The endpoints of the API, one line each: the routes and the OpenAPI document are both made of this table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.api import actions, after, answers, sessions
from app.api.asked import Asked, Parameter
from app.archive.search import SORTS
from app.dashboard.figures import Figures
from app.sessions.phases import N_
from app.sessions.process import Process


@dataclass(frozen=True)
class Endpoint:
    """`path` is that of the document, below /api/v1. `scope`: what a token must have; "": any token will do.
    `problems`: the statuses that it has beside those that all have.
    """

    method: str
    path: str
    scope: str
    summary: str
    function: Callable[[Asked], Any]
    answer: type
    parameters: Sequence[Parameter] = field(default=())
    body: type | None = None
    status: int = 200
    problems: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.method.lower()}_{self.path.strip('/').replace('/', '_').translate(BARE)}"


BARE = str.maketrans({"{": "", "}": "", "-": "_"})

CODE = Parameter("code", N_("The code of a session, such as KM4YKX."), where="path", longest=8, required=True)
PAGE = Parameter("page", N_("Which page, from 1 on; `next` in the answer has the address of the following one."), int)
TEAM = Parameter("team", N_("Only those of the team of this name."), longest=80)
FIND = (
    Parameter("q", N_("Words that all stand in it, where you may read; accents and case are ignored.")),
    TEAM,
    Parameter("theme", N_("Only those with this theme."), longest=40),
    Parameter("owner", N_("Only the cases of the owner of this name, where you may know it."), longest=40),
    Parameter("since", N_("Held on this day or later."), date),
    Parameter("until", N_("Held on this day or before."), date),
    Parameter("sort", N_("The order; newest if nothing is said."), one_of=SORTS),
    PAGE,
)
KEY = Parameter(
    "Idempotency-Key",
    N_("A text of your own, new for each session. Sent again with the same key, nothing is planned twice."),
    where="header",
    longest=128,
    required=True,
)

ENDPOINTS: Sequence[Endpoint] = (
    Endpoint("GET", "/me", "", N_("Whose token this is, and what it may do"), sessions.me, answers.Me),
    Endpoint("GET", "/teams", "sessions:read", N_("Your teams"), sessions.teams, answers.Teams),
    Endpoint(
        "GET",
        "/sessions",
        "sessions:read",
        N_("Find closed sessions, as in the archive"),
        sessions.past,
        answers.PastSessions,
        FIND,
    ),
    Endpoint(
        "POST",
        "/sessions",
        "sessions:write",
        N_("Plan a session"),
        sessions.plan,
        answers.PlannedSession,
        (KEY,),
        body=answers.NewSession,
        status=201,
        problems=(409, 410, 413, 422),
    ),
    Endpoint(
        "GET",
        "/sessions/planned",
        "sessions:read",
        N_("The sessions that you planned and that are not closed yet"),
        sessions.planned,
        answers.PlannedSessions,
    ),
    Endpoint(
        "GET",
        "/sessions/planned/{code}",
        "sessions:read",
        N_("One session that you planned"),
        sessions.one_planned,
        answers.PlannedSession,
        (CODE,),
        problems=(404, 409),
    ),
    Endpoint(
        "GET",
        "/sessions/{code}/process",
        "sessions:read",
        N_("How a session went: figures of the group, and no word of the case"),
        sessions.how_it_went,
        Process,
        (CODE,),
        problems=(404, 409),
    ),
    Endpoint(
        "GET",
        "/sessions/{code}/record",
        "records:read",
        N_("The record of a session"),
        sessions.record,
        answers.RecordAnswer,
        (CODE,),
        problems=(404, 409),
    ),
    Endpoint(
        "GET",
        "/actions",
        "actions:read",
        N_("Actions that their owners exported"),
        actions.exported,
        answers.ExportedActions,
        (TEAM, Parameter("session", N_("Only those of the session with this code."), longest=8), PAGE),
    ),
    Endpoint(
        "GET",
        "/lessons",
        "lessons:read",
        N_("Lessons that were shared with your teams"),
        after.lessons,
        answers.SharedLessons,
        (
            Parameter("q", N_("Words that all stand in it; accents and case are ignored.")),
            TEAM,
            Parameter("theme", N_("Only those with this theme."), longest=40),
            PAGE,
        ),
    ),
    Endpoint(
        "GET",
        "/check-ins/due",
        "followups:read",
        N_("Check-ins that wait for an answer, in the sessions that you led"),
        after.check_ins,
        answers.CheckInsDue,
    ),
    Endpoint(
        "GET",
        "/figures/{team_id}",
        "figures:read",
        N_("The dashboard of a team"),
        after.dashboard,
        Figures,
        (
            Parameter("team_id", N_("The id of a team of yours."), int, where="path", required=True),
            Parameter(
                "quarter", N_("The last of the four quarters, such as 2026-Q3; the one of today, if nothing is said.")
            ),
        ),
        problems=(404,),
    ),
)
