"""Every reader of every kind of session, on every page, file and route of the API: who gets what, and not a word more.

A new route that takes a session's code, or that lists sessions, has to have a row here.
"""

import io
import zipfile
from collections.abc import Iterator
from enum import IntEnum
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.accounts.models import Link
from app.api.models import ApiPlan
from app.extensions import db
from app.followup.models import FollowUp, MailAddress
from app.sessions.models import Contribution, Intervision, IntervisionTheme, Seat
from app.teams.models import Team
from tests.api.conftest import Tool
from tests.permissions.conftest import ACCOUNTS, KEPT, READERS, Session, Stage


class Level(IntEnum):
    NONE = 0
    PROCESS = 1
    FULL = 2


NONE, PROCESS, FULL = Level


def level(who: str, visibility: str, transcript: bool) -> Level:
    """The rule in words, written a second time."""
    if who in ("Mia", "Otto"):
        return FULL
    if who == "Cara":
        return FULL if transcript else NONE
    if who == "Fay":
        if visibility == "facilitators":
            return FULL if transcript else PROCESS
        return {"room": NONE, "process": PROCESS}[visibility]
    return NONE


def may_read_lesson(who: str, session: Session) -> bool:
    """Shared lessons go to the whole team, unless they stay in the room; and to whoever reads the record."""
    if who in ("Fay", "Max"):
        return session.visibility != "room"
    return who == "Cara" or level(who, session.visibility, session.transcript) == FULL


# --- One session: a page, a file, an answer of the API ---

SIGN_IN, HERE, GONE = 302, 200, 404

Row = dict[str, int]


def reads(least: Level) -> Any:
    """Whoever reads at least so much; everybody else is told that there is none."""
    return lambda who, session: HERE if level(who, session.visibility, session.transcript) >= least else GONE


def by_token(least: Level) -> Any:
    """The same for a tool; guests have no token."""
    page = reads(least)
    return lambda who, session: page(who, session) if who in ACCOUNTS else 401


def these(row: Row, otherwise: int = GONE, guests: int | None = None) -> Any:
    """By name; `guests`: what those without an account are answered."""
    return lambda who, _session: row.get(who, guests if guests is not None and who not in ACCOUNTS else otherwise)


IN_THE_ROOM = {"Mia": HERE, "Otto": HERE, "Cara": HERE}
NOT_FOR_FACILITATORS = {"Fay": 403, "Fred": 403}
"""Pages of planning: they say so before they look for a session."""

PAGES: dict[str, Any] = {
    "/sessions/<code>": these({"Mia": 302, **NOT_FOR_FACILITATORS}, guests=SIGN_IN),
    "/sessions/<code>/calendar.ics": these({"Mia": HERE, **NOT_FOR_FACILITATORS}, guests=SIGN_IN),
    "/sessions/<code>/edit": these({"Mia": 409, **NOT_FOR_FACILITATORS}, guests=SIGN_IN),
    "/sessions/<code>/delete": these({"Mia": HERE, **NOT_FOR_FACILITATORS}, guests=SIGN_IN),
    "/sessions/<code>/record": reads(PROCESS),
    "/sessions/<code>/process": reads(PROCESS),
    "/sessions/<code>/replay": reads(FULL),
    "/sessions/<code>/plan.md": reads(FULL),
    "/sessions/<code>/plan.csv": reads(FULL),
    "/sessions/<code>/record.json": reads(FULL),
    "/sessions/<code>/lessons.md": reads(PROCESS),
    "/sessions/<code>/process.md": reads(PROCESS),
    "/sessions/<code>/room": these(IN_THE_ROOM, otherwise=302),
    "/sessions/<code>/join": these({}, otherwise=302),
    "/sessions/<code>/mine": these(IN_THE_ROOM),
    "/sessions/<code>/mine.zip": these(IN_THE_ROOM),
    "/sessions/<code>/people": these({"Mia": HERE, "Ada": HERE}, guests=SIGN_IN),
    "/sessions/<code>/people/<seat_id>": these({"Mia": HERE, "Ada": HERE}, guests=SIGN_IN),
    "/sessions/<code>/themes": these({"Mia": HERE}),
    "/sessions/<code>/commitments": these(IN_THE_ROOM),
    "/sessions/<code>/follow-up": these({"Otto": HERE}),
    "/sessions/<code>/follow-up.ics": these({"Otto": HERE}),
    "/api/v1/sessions/<code>/record": by_token(FULL),
    "/api/v1/sessions/<code>/process": by_token(PROCESS),
    "/api/v1/sessions/planned/<code>": these({"Mia": 409}, guests=401),
}
OF_ONE_S_OWN = {f"/sessions/<code>/{page}" for page in ("room", "mine", "mine.zip", "follow-up")}
"""Where those who were there find their own words, the title and who else was there, whatever the record says."""

SENT: dict[str, set[str]] = {
    "/sessions/<code>/delete": {"Mia"},
    "/sessions/<code>/edit": set(),
    "/sessions/<code>/owner-link": {"Mia"},
    "/sessions/<code>/rotate": {"Mia"},
    "/sessions/<code>/visibility": {"Mia"},
    "/sessions/<code>/mine": {"Mia", "Otto", "Cara"},
    "/sessions/<code>/people/<seat_id>": {"Mia", "Ada"},
    "/sessions/<code>/seat-link": {"Mia"},
    "/sessions/<code>/take-along": {"Mia", "Otto", "Cara"},
    "/sessions/<code>/themes": {"Mia"},
    "/sessions/<code>/notes": {"Fay"},
    "/sessions/<code>/export-actions": {"Otto"},
    "/sessions/<code>/follow-up/action": {"Otto"},
    "/sessions/<code>/follow-up/address": {"Otto"},
    "/sessions/<code>/follow-up/check-in": {"Otto"},
    "/sessions/<code>/follow-up/link": {"Otto"},
    "/sessions/<code>/follow-up/step": {"Otto"},
    "/sessions/<code>/follow-up/support": {"Otto"},
    "/sessions/<code>/follow-up/tell": {"Otto"},
    "/join/<code>/name": set(READERS),
}
"""Who may send a form there; everybody else changes nothing by it."""

# --- Lists: of sessions, of what was said in them, of figures made from them ---

LISTS = {
    "/",
    "/sessions/",
    "/sessions/new",
    "/archive",
    "/archive?q=wombat",
    "/archive?q=quokka",
    "/lessons",
    "/lessons?q=quokka",
    "/lessons/today",
    "/lessons/earlier.json?theme=x",
    "/lessons/feeds",
    "/dashboard",
    "/follow-ups",
    "/follow-up",
    "/audit",
    "/account",
    "/account/tokens",
    "/account/data.zip",
    "/account/erase",
    "/teams",
    "/teams/1",
    "/teams/1/news",
    "/sessions/past",
    "/api/v1/me",
    "/api/v1/teams",
    "/api/v1/sessions",
    "/api/v1/sessions?q=wombat",
    "/api/v1/sessions/planned",
    "/api/v1/actions",
    "/api/v1/lessons",
    "/api/v1/check-ins/due",
    "/api/v1/figures/1",
}
TAKEN = ("records", "actions", "lessons")
"""What /archive/… packs of the sessions that are ticked."""

ELSEWHERE = {
    # Nothing of a past session is there: doors, links that are worth what they open, one's account, forms and files.
    "/account/invitation", "/account/new", "/account/new/<token>", "/account/password", "/account/password-link",
    "/account/password/<token>", "/account/password/new", "/account/tokens/<int:token_id>/end", "/api",
    "/api/v1/openapi.json", "/demo", "/demo/accounts/<name>", "/demo/rooms/<name>/<part>", "/feeds/<token>.atom",
    "/follow-up/<token>", "/join", "/join/<token>", "/lessons/feeds/<int:team_id>",
    "/lessons/feeds/<int:team_id>/close", "/manifest.webmanifest", "/seat", "/seat/<token>", "/sign-in", "/sign-out",
    "/static/<path:filename>", "/styleguide", "/teams/<int:team_id>/members", "/teams/<int:team_id>/members/leave",
    "/teams/<int:team_id>/news/<int:webhook_id>/delete", "/teams/<int:team_id>/news/<int:webhook_id>/test",
}  # fmt: skip
OF_FILES = "/sessions/<code>/<any(plan, record, lessons, process):document>.<extension>"


def test_every_route_has_a_row(stage: Stage) -> None:
    known = set(PAGES) | set(SENT) | {each.partition("?")[0] for each in LISTS} | ELSEWHERE
    known |= {OF_FILES, "/archive/<any(records, actions, lessons):what>", "/teams/<int:team_id>"}
    known |= {"/teams/<int:team_id>/news", "/api/v1/figures/<team_id>"}
    rules = list(stage.app.url_map.iter_rules())
    assert {rule.rule for rule in rules} - known == set(), "a new route: give it a row in the matrix"
    takes_code = {rule.rule for rule in rules if "code" in rule.arguments}
    for method, rows in (("GET", PAGES), ("POST", SENT)):
        routes = {rule.rule for rule in rules if "code" in rule.arguments and method in (rule.methods or ())}
        missing = routes - set(rows) - {OF_FILES} - ({"/join/<code>/name"} if method == "GET" else set())
        assert missing == set(), f"{method} without a row"
    assert not takes_code & ELSEWHERE


def address(page: str, session: Session) -> str:
    return page.replace("<code>", session.code).replace("<seat_id>", session.otto)


def ask(stage: Stage, who: str, session: Session, path: str) -> TestResponse:
    if path.startswith("/api/"):
        return Tool(stage.app, stage.tokens.get(who)).get(path.removeprefix("/api/v1"))
    return stage.browser(who, session).get(path)


def words_in(answer: TestResponse) -> str:
    if answer.mimetype != "application/zip":
        return answer.text
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        return "\n".join(f"{name}\n{packed.read(name).decode('utf-8', 'replace')}" for name in packed.namelist())


@pytest.mark.parametrize(("visibility", "transcript"), KEPT, ids=str)
@pytest.mark.parametrize("who", READERS)
def test_who_gets_which_page_and_which_words(stage: Stage, who: str, visibility: str, transcript: bool) -> None:
    session = stage.sessions[visibility, transcript]
    answers = {page: ask(stage, who, session, address(page, session)) for page in PAGES}
    assert {page: answer.status_code for page, answer in answers.items()} == {
        page: row(who, session) for page, row in PAGES.items()
    }
    for page, answer in answers.items():
        if page not in OF_ONE_S_OWN:
            assert leaks(who, session, words_in(answer)) == [], page


def leaks(who: str, session: Session, text: str) -> list[str]:
    """What stands in `text` and is not for this reader."""
    found = [session.secret] if level(who, session.visibility, session.transcript) < FULL else []
    found += [] if may_read_lesson(who, session) else [session.lesson]
    return [each for each in found if each.casefold() in text.casefold()]


def test_what_may_be_read_is_there(stage: Stage) -> None:
    """Without this the test above would be content with empty pages."""
    open_one, process, room = (stage.sessions[kind, True] for kind in ("facilitators", "process", "room"))
    for who, session, page, word in (
        ("Mia", room, "/sessions/<code>/record", room.secret),
        ("Otto", room, "/sessions/<code>/record.json", room.secret),
        ("Fay", open_one, "/sessions/<code>/record", open_one.secret),
        ("Fay", open_one, "/sessions/<code>/replay", open_one.secret),
        ("Fay", open_one, "/api/v1/sessions/<code>/record", open_one.secret),
        ("Fay", open_one, "/api/v1/actions", open_one.secret),
        ("Fay", process, "/sessions/<code>/record", process.lesson),
        ("Fay", process, "/api/v1/sessions/<code>/process", process.lesson),
        ("Fay", process, "/lessons", process.lesson),
        ("Max", process, "/api/v1/lessons", process.lesson),
        ("Mia", room, "/api/v1/actions", room.secret),
    ):
        assert word in words_in(ask(stage, who, session, address(page, session))), (who, page)


@pytest.mark.parametrize("who", READERS)
def test_no_list_says_more_than_the_pages(stage: Stage, who: str) -> None:
    some = stage.sessions["room", True]
    for path, answer in lists(stage, who, some):
        assert answer.status_code < 500, path
        text = words_in(answer)
        for session in stage.sessions.values():
            own = who in ("Cara", "Otto") and session is some
            assert own or leaks(who, session, text) == [], (path, session)
            known = level(who, session.visibility, session.transcript) or path == "/audit"
            if not known and who in ACCOUNTS:
                assert session.code not in text, (path, session)


def lists(stage: Stage, who: str, some: Session) -> Iterator[tuple[str, TestResponse]]:
    for path in sorted(LISTS):
        yield path, ask(stage, who, some, path)
    browser = stage.browser(who, some)
    codes = [session.code for session in stage.sessions.values()]
    for what in TAKEN:
        yield f"/archive/{what}", browser.send(f"/archive/{what}", session=codes)
        yield f"/archive/{what} all", browser.send(f"/archive/{what}", all="yes")


@pytest.mark.parametrize(("visibility", "transcript"), KEPT, ids=str)
@pytest.mark.parametrize("page", SENT)
def test_nobody_else_changes_anything(stage: Stage, page: str, visibility: str, transcript: bool) -> None:
    session = stage.sessions[visibility, transcript]
    before = everything()
    for who in READERS:
        may = who in SENT[page] and not (who == "Fay" and not level(who, visibility, transcript))
        if not may:
            answer = stage.browser(who, session).send(
                address(page, session), how="words", sure="y", on="yes", text="x", tell="words", visibility="room",
                theme="x", email="x@example.org", number="1", first="x", name="Zoe",
            )  # fmt: skip
            assert answer.status_code in (302, 303, 403, 404, 409), (who, page)
            assert everything() == before, (who, page)


def everything() -> Any:
    """What is kept, as far as a form could change it."""
    db.session.rollback()
    tables = [each.__table__ for each in (Intervision, Seat, Team)]
    found = [db.session.execute(select(*table.c).order_by(*table.primary_key)).all() for table in tables]
    counted = (Contribution, FollowUp, IntervisionTheme, Link, MailAddress, ApiPlan)
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in counted]
    db.session.rollback()
    return found, counts
