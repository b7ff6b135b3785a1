"""Sessions with people in them, made through the app's own door: joined, agreed, and in the step that is measured."""

import itertools
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import event, insert, update

from app import create_app
from app.accounts.models import Account
from app.database import migrate
from app.demo.cases import HOSPITALS
from app.extensions import db
from app.sessions import forms, minutes, seats
from app.sessions.commands import join, perform, planning
from app.sessions.models import Contribution, Intervision, Journal, Seat, new_id
from app.sessions.room import Room
from app.times import now
from devtools.bench import columns
from devtools.bench.crowd.tally import marked

STEPS = ("brainstorm", "questions")
MODERATOR, OWNER = "Lotte", "Ines"
Plan = list[dict[str, Any]]


@contextmanager
def near(instance: Path, database: str) -> Iterator[Flask]:
    """The app beside the one that is measured, with the same key: to set the stage."""
    os.environ |= columns.APP | {
        "INSTANCE_FOLDER": str(instance),
        "PUBLIC_URL": "http://127.0.0.1",
        "DATABASE_URL": database,
    }
    app = create_app(ASYNC_MODE="threading")
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            # Nothing that is staged needs to survive a power cut.
            event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
        yield app
        db.session.rollback()
        db.engine.dispose()


def stage(app: Flask, rooms: int, seats_each: int, steps: Sequence[str] = STEPS, said: int = 0) -> Plan:
    """Make `rooms` sessions, one step after the other, with `said` contributions each; returns the plan for the crowd.

    Everything is in the database of `app`, whose context is pushed.
    """
    migrate(app, db.engine)
    account = Account(email=f"{uuid.uuid4()}@example.org", name=MODERATOR, password_hash="-")  # noqa: S106 - opens nothing
    db.session.add(account)
    db.session.commit()
    return [_room(app, account, seats_each, step, said) for step in itertools.islice(itertools.cycle(steps), rooms)]


def _room(app: Flask, account: Account, seats_each: int, step: str, said: int) -> dict[str, Any]:
    fields = {"title": "Lost in the hospital group", "team": f"Team {account.id}", "language": "en", "call_url": "",
              "starts_at": now(), "timezone": "Europe/Brussels", "expected": seats_each, "length": 90,
              "minutes": minutes.usual(90), "move_on": False, "owner_name": OWNER}  # fmt: skip
    id_ = planning.plan(account, fields).id
    moderator, owner = (seat.id for seat in _fresh(id_).seats)
    _does(id_, moderator, "open")
    people = [moderator, owner, *(join(id_, f"Sam {letter}").id for letter in _letters(seats_each - 2))]
    for seat_id in people:
        _does(id_, seat_id, "accept")
    while (at := _fresh(id_).it.step) != step:
        if at == "statement":
            _does(id_, owner, "statement", **HOSPITALS.statement)
        if at == "ask":
            _does(id_, owner, "ask", text=HOSPITALS.ask)
        _does(id_, moderator, "advance", anyway=True)
    if said:
        fill(_fresh(id_), said)
    room = _fresh(id_)
    cookies = [[seat.id, _cookie(app, seat)] for seat in room.seats]
    return {"code": room.it.code, "step": step, "turns": step == "questions", "seats": cookies}


def _letters(count: int) -> list[str]:
    return ["".join(pair) for pair in itertools.islice(itertools.product("ABCDEFGHJK", "abcdefghjk"), count)]


def _fresh(id_: int) -> Room:
    db.session.rollback()
    db.session.expire_all()
    return Room(db.session, db.session.get_one(Intervision, id_))


def _does(id_: int, seat_id: str, act: str, **data: Any) -> None:
    base = _fresh(id_).it.step
    perform(id_, seat_id, act, forms.check(act, data), command_id=str(uuid.uuid4()), base=base)


def fill(room: Room, said: int) -> None:
    """What would take hours to say: ideas with their lines of the journal, straight into the tables."""
    consultants = itertools.cycle(seat.id for seat in room.seats[2:])
    first = room.it.version + 1
    ideas = [
        {"id": new_id(), "intervision_id": room.it.id, "seat_id": next(consultants), "kind": "idea",
         "place": 1_000_000 + version, "text": marked(0), "data": {}}
        for version in range(first, first + said)
    ]  # fmt: skip
    journal = [
        {"intervision_id": room.it.id, "version": version, "command_id": str(uuid.uuid4()), "act": "idea",
         "seat_id": idea["seat_id"], "step": room.it.step, "at": now(), "item_id": idea["id"]}
        for version, idea in enumerate(ideas, first)
    ]  # fmt: skip
    db.session.execute(insert(Contribution), ideas)
    db.session.execute(insert(Journal), journal)
    db.session.execute(update(Intervision).where(Intervision.id == room.it.id).values(version=first + said - 1))
    db.session.commit()


def _cookie(app: Flask, seat: Seat) -> str:
    """The cookie of a browser that holds this seat."""
    with app.test_request_context() as context:
        seats.hold(seat)
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer
        assert context.session is not None
        return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps(dict(context.session))}"
