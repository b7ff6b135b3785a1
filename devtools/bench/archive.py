"""The archive with thousands of sessions: how long a search takes, alone and with its page, over queries of all kinds.

In milliseconds of the processor, which say the same on a machine that others use meanwhile, and by the clock.
"""

import argparse
import gc
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from devtools.bench import kept
from devtools.bench.tables import table

SEED = 7
TEXTS = 60
"""Contributions of one session, of the length of those in the demo."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench archive", description=__doc__)
    parser.add_argument("--sessions", type=int, default=2000, help="how many there are; default: 2000")
    parser.add_argument("--rounds", type=int, default=20, help="how often each query is asked; default: 20")
    parser.add_argument("--save", action="store_true", help="keep the tables in docs/performance.md")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"INSTANCE_FOLDER": folder, "DATABASE_URL": "", "REDIS_URL": "", "INTERVISE_ENV": "development"}
        from app import create_app
        from app.database import migrate
        from app.demo import fill
        from app.demo.__main__ import hurry
        from app.extensions import db

        app = create_app(ASYNC_MODE="threading", RATELIMIT_ENABLED=False)
        with app.app_context():
            hurry(db.engine)
            migrate(app, db.engine)
            fill.fill()
            note(f"adding sessions up to {options.sessions}")
            add_sessions(options.sessions)
            db.session.rollback()
            gc.collect()
            gc.freeze()  # what was left over from adding is not the server's to look through
            report = "\n".join(measure(app, options.rounds))
            db.engine.dispose()
    report = f"{report}\n`python3 dev.py bench archive`, {options.sessions} sessions, SQLite, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("archive", f"## The archive with {options.sessions} sessions\n\n{report}")
    return 0


# --- Thousands of sessions, made of the demo's ---


def add_sessions(wanted: int) -> None:
    """Copies of the demo's closed sessions with other words, days, people and themes: always the same ones."""
    from app.extensions import db
    from app.sessions.models import Archived, Intervision

    chance = random.Random(SEED)  # noqa: S311 - not for secrets
    originals = [Original.of(it) for it in db.session.scalars(select(Intervision).join(Archived))]
    texts = _texts()
    for number in range(wanted - len(originals)):
        Copy(originals[number % len(originals)], number, texts, chance).write()
    db.session.commit()


def _texts() -> list[str]:
    from app.extensions import db
    from app.sessions.models import Contribution

    return [text for text in db.session.scalars(select(Contribution.text)) if text]


@dataclass(frozen=True)
class Original:
    """The rows of a session of the demo that are copied as they are."""

    it: dict[str, Any]
    seats: list[dict[str, Any]]
    times: list[dict[str, Any]]

    @classmethod
    def of(cls, it: Any) -> "Original":
        return cls(columns(it), list(map(columns, it.seats)), list(map(columns, it.times)))


@dataclass
class Copy:
    """One session more, like `original`, some days earlier."""

    original: Original
    number: int
    texts: Sequence[str]
    chance: random.Random

    def write(self) -> None:
        from app.extensions import db
        from app.sessions.commands import archiving
        from app.sessions.models import Contribution, Intervision, IntervisionTheme, Seat, StepTime
        from app.sessions.room import Room
        from app.teams.models import Theme

        it, earlier = self.original.it, timedelta(days=self.number % 1500)
        unique = {"code": f"B{self.number:05}", "join_code": f"B{self.number:05}", "join_hash": f"bench {self.number}",
                  "title": f"{it['title']}, {self.number}", "sealed": False}  # fmt: skip
        moved = {name: it[name] - earlier for name in ("starts_at", "started_at", "closed_at", "created_at")}
        values = {name: value for name, value in (it | unique | moved).items() if name != "id"}
        new = db.session.scalar(insert(Intervision).values(values).returning(Intervision.id))
        mine = {"intervision_id": new}
        seats = [seat | mine | {"id": f"{self.number}s{index}"} for index, seat in enumerate(self.original.seats)]
        db.session.execute(insert(Seat), seats)
        db.session.execute(insert(StepTime), [time | mine for time in self.original.times])
        db.session.execute(insert(Contribution), list(self._contributions(new, [seat["id"] for seat in seats])))
        themes = db.session.scalars(select(Theme.id).where(Theme.team_id == it["team_id"])).all()
        for theme in self.chance.sample(list(themes), 2):
            db.session.execute(insert(IntervisionTheme).values(intervision_id=new, theme_id=theme))
        archiving.archive(Room(db.session, db.session.get_one(Intervision, new)))
        db.session.flush()
        db.session.expunge_all()

    def _contributions(self, new: int | None, seats: Sequence[str]) -> Iterator[dict[str, Any]]:
        kinds = ("question", "idea", "recommendation", "answer", "lesson", "reaction", "action")
        for place in range(TEXTS):
            kind = kinds[place % len(kinds)] if place % 20 < 19 else "action"
            words = self.chance.sample(list(self.texts), 2)
            yield {
                "id": f"{self.number}c{place}",
                "intervision_id": new,
                "seat_id": self.chance.choice(list(seats)),
                "noted_by": None,
                "kind": kind,
                "parent_id": None,
                "place": place,
                "text": f"{words[0]} {words[1]} case{self.number}",
                "data": {"share": place % 2 == 0, "named": False} if kind == "lesson" else {},
                "due": None,
                "aloud": False,
                "erased": False,
            }


def columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


# --- The queries ---


def queries() -> dict[str, dict[str, str]]:
    """What is asked, from nothing to as much as there is."""
    today = datetime.now(UTC).date()
    month, year = ((today - timedelta(days=days)).isoformat() for days in (30, 365))
    return {
        "all of them": {},
        "a word in nearly all": {"q": "the"},
        "a rare word": {"q": "case1234"},
        "no such word": {"q": "unicorn"},
        "three words": {"q": "nurses budget decider"},
        "ten words": {"q": "the a of to is it in we case what"},
        "accents and case": {"q": "AÏCHA café"},
        "a theme": {"theme": "No decision"},
        "a theme and a word": {"theme": "No decision", "q": "ward"},
        "a year": {"since": year},
        "a month and a word": {"since": month, "q": "ward"},
        "an owner": {"owner": "Sam"},
        "a team and a word": {"team": "Team Health", "q": "price"},
        "open actions": {"still_open": "yes"},
        "open actions and a word": {"still_open": "yes", "q": "price"},
        "check-in due": {"due": "yes"},
        "by title": {"sort": "title"},
        "by title, a word": {"sort": "title", "q": "the"},
        "the last page": {"page": "9999"},
        "everything at once": {"q": "the ward price", "team": "Team Health", "theme": "Pilot", "owner": "Sam",
                               "since": year, "still_open": "yes", "sort": "title"},
    }  # fmt: skip


READERS = ("Femke", "Lotte")
"""A facilitator of all teams, and a moderator who led most of the sessions."""


def measure(app: Flask, rounds: int) -> Iterator[str]:
    from app.demo import fill
    from app.extensions import db

    every: list[Times] = []
    for reader in READERS:
        client = app.test_client()
        sign_in(client, fill.email(reader))
        rows = []
        for name, asked in queries().items():
            alone, page = (timed(call, rounds) for call in calls(app, client, reader, asked))
            db.session.rollback()
            every += page
            rows.append([name, *figures([used for used, _ in alone]), *figures([used for used, _ in page]),
                         *figures([clock for _, clock in page])])  # fmt: skip
        head = ["ms", "search, median", "p95", "its page, median", "p95", "by the clock, median", "p95"]
        yield table(f"{reader}, {rounds} rounds", head, rows)
    all_pages = [["processor", *figures([used for used, _ in every])], ["clock", *figures([each for _, each in every])]]
    yield table("All pages", ["ms", "median", "p95"], all_pages)


def calls(app: Flask, client: FlaskClient, reader: str, asked: dict[str, str]) -> tuple[Callable[[], Any], ...]:
    from werkzeug.datastructures import MultiDict

    from app.accounts.models import Account
    from app.archive import search
    from app.archive.form import ArchiveForm
    from app.demo import fill
    from app.extensions import db

    def alone() -> Any:
        db.session.rollback()
        account = db.session.scalars(select(Account).where(Account.email == fill.email(reader))).one()
        return search.find(account, wanted, int(asked.get("page", 1)))

    def page() -> Any:
        answer = client.get("/archive", query_string=asked)
        assert answer.status_code == 200, answer.status

    with app.test_request_context():
        wanted = ArchiveForm(MultiDict(asked)).wanted()
    return alone, page


def sign_in(client: FlaskClient, email: str) -> None:
    from app.accounts.models import Account
    from app.extensions import db

    account = db.session.scalars(select(Account).where(Account.email == email)).one()
    with client.session_transaction() as session:
        session["account"] = [account.id, account.key_turn]


Times = tuple[float, float]
"""Milliseconds of the processor, and by the clock."""


def timed(call: Callable[[], Any], rounds: int) -> list[Times]:
    call()
    found = []
    for _round in range(rounds):
        used, clock = time.process_time(), time.perf_counter()
        call()
        found.append((1000 * (time.process_time() - used), 1000 * (time.perf_counter() - clock)))
    return found


def figures(times: Sequence[float]) -> list[str]:
    """Median and p95."""
    ordered = sorted(times)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return [f"{value:.1f}" for value in (statistics.median(ordered), p95)]


def note(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)
