"""A session with eleven consultants: ten who write, each over a web socket of their own, and one who reads."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import socketio

from app.accounts.models import Account
from app.demo import fill, staging
from app.demo.cases import ENERGY, HOSPITALS
from app.extensions import db
from app.sessions import forms, minutes
from app.sessions.commands import join, perform, planning
from app.sessions.models import Intervision
from app.sessions.room import Room
from app.times import now
from devtools.bench.app import Running

MODERATOR, OWNER, READER = "Lotte", "Ines", "Zoë"
WRITERS = ("Pieter", "Sam", "Aïcha", "Jonas", "Mei", "Tess", "Ruben", "Sofie", "Bram", "Yusuf")
PATIENCE_S = 10

IDEAS = [idea.text for case in (HOSPITALS, ENERGY) for idea in case.ideas]
QUESTIONS = [question for case in (HOSPITALS, ENERGY) for question in case.questions]
REACTIONS = [(sort, text) for case in (HOSPITALS, ENERGY) for _, sort, text in case.reactions]
LESSONS = [lesson.text for case in (HOSPITALS, ENERGY) for lesson in case.lessons]


class Person:
    """Somebody with a web socket: gives commands and waits for their answers."""

    def __init__(self, app: Running, code: str, who: str) -> None:
        name = app.near.config["SESSION_COOKIE_NAME"]
        self.socket = socketio.Client(reconnection=False, websocket_extra_options={"suppress_origin": True})
        self.snapshot: dict[str, Any] = {}
        self.socket.on("snapshot", self._take)
        headers = {"Cookie": f"{name}={app.seat_cookie(code, who)}", "Origin": app.url}
        self.socket.connect(f"{app.url}?room={code}", headers=headers, transports=["websocket"])

    def _take(self, snapshot: dict[str, Any]) -> None:
        self.snapshot = snapshot

    def does(self, act: str, base: str, **data: Any) -> Any:
        """Give a command; AssertionError when it is refused. Returns the id of what was made."""
        command = {"id": str(uuid.uuid4()), "name": act, "base": base, "data": data}
        answer = self.socket.call("command", command, timeout=PATIENCE_S)
        assert answer["ok"], f"{act}: {answer}"
        return answer["item"]


class Company:
    """The session in one step, with everybody but the reader connected."""

    def __init__(self, app: Running, step: str) -> None:
        self.step = step
        account = db.session.query(Account).filter_by(email=fill.email(MODERATOR)).one()
        self.id = planning.plan(account, self._fields()).id
        self.seats = {seat.name: seat.id for seat in self.room().seats}
        self._perform("open")
        for name in (*WRITERS, READER):
            self.seats[name] = join(self.id, name).id
        self._go_to(step)
        self.code = self.room().it.code
        self.people = {name: Person(app, self.code, name) for name in (MODERATOR, OWNER, *WRITERS)}
        self.said = 0

    def _fields(self) -> dict[str, Any]:
        return {"title": "Lost in the hospital group", "team": "Team Health", "language": "en", "call_url": "",
                "starts_at": now(), "timezone": staging.ZONE, "expected": 13, "length": 90,
                "minutes": minutes.usual(90), "move_on": False, "owner_name": OWNER}  # fmt: skip

    def room(self) -> Room:
        db.session.rollback()
        db.session.expire_all()
        return Room(db.session, db.session.get_one(Intervision, self.id))

    def _perform(self, act: str, by: str = MODERATOR, **data: Any) -> None:
        checked = forms.check(act, data)
        perform(self.id, self.seats[by], act, checked, command_id=str(uuid.uuid4()), base=self.room().it.step)

    def _go_to(self, step: str) -> None:
        for name in self.seats:
            self._perform("accept", name)
        while (at := self.room().it.step) != step:
            if at == "statement":
                self._perform("statement", OWNER, **HOSPITALS.statement)
            if at == "ask":
                self._perform("ask", OWNER, text=HOSPITALS.ask)
            if at == "feedback":
                for action in HOSPITALS.actions:
                    self._perform("plan", OWNER, text=action.what, who=action.who)
            self._perform("advance", anyway=True)

    def say(self) -> None:
        """The next contribution, by whoever of the ten comes next."""
        number, writer = self.said, self.people[WRITERS[self.said % len(WRITERS)]]
        self.said += 1
        match self.step:
            case "brainstorm":
                writer.does("idea", self.step, text=IDEAS[number % len(IDEAS)])
            case "questions":
                asked = QUESTIONS[number % len(QUESTIONS)]
                item = writer.does("question", self.step, text=asked.text)
                self.people[OWNER].does("answer", self.step, parent=item, text=asked.answer, how="written")
            case "reactions":
                sort, text = REACTIONS[number % len(REACTIONS)]
                writer.does("reaction", self.step, sort=sort, text=text)
            case "lessons":
                writer.does("lesson", self.step, text=LESSONS[number % len(LESSONS)], share=True, named=True)

    def leave(self) -> None:
        for person in self.people.values():
            person.socket.disconnect()


@contextmanager
def company(app: Running, step: str) -> Iterator[Company]:
    everybody = Company(app, step)
    yield everybody
    everybody.leave()
