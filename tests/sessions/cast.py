"""The cast: Mia moderates, Otto owns, Cara and Carl consult, Stan is a stranger."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.sessions import forms, view
from app.sessions.access import Reader
from app.sessions.commands import Done, join, perform, planning
from app.sessions.models import Intervision
from app.sessions.phases import MINUTES, POSITION, STEPS
from app.sessions.room import Room
from app.teams.models import MemberKind, Membership, Team
from tests.sessions import shelf

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIELDS: dict[str, Any] = {
    "title": "Nine contacts, no decider",
    "team": "North",
    "language": "en",
    "call_url": "https://meet.example/room",
    "starts_at": START,
    "timezone": "Europe/Brussels",
    "expected": 5,
    "length": 60,
    "minutes": {slot: minutes[1] for slot, minutes in MINUTES.items()},
    "move_on": False,
    "owner_name": "Otto",
}


def planned(account: Account, fields: dict[str, Any]) -> Intervision:
    """A session planned for a team that the account moderates, whoever made the team."""
    team = db.session.scalar(select(Team).where(Team.name == fields["team"]))
    if team and not db.session.get(Membership, (account.id, team.id, MemberKind.MODERATOR)):
        db.session.add(Membership(account_id=account.id, team_id=team.id, kind=MemberKind.MODERATOR))
        db.session.commit()
    db.session.rollback()
    return planning.plan(account, fields)


class Cast:
    """A session with people in it, and a clock that stands where the test puts it."""

    def __init__(self, account: Account | None = None, **fields: Any) -> None:
        self.now = START
        self.recipe = None if account else repr(fields)
        if account is None:
            db.session.rollback()  # what was read before may be old by now, and SQLite lets only the newest write
        self.account = account or Account(email=f"mia-{uuid.uuid4()}@example.org", name="Mia", password_hash="-")
        db.session.add(self.account)
        db.session.commit()
        self.id = planned(self.account, FIELDS | fields).id
        self.seats = {seat.name: seat.id for seat in self.room().seats}

    def room(self) -> Room:
        """The session as it is in the database now."""
        db.session.rollback()
        db.session.expire_all()
        it = db.session.get(Intervision, self.id)
        assert it
        return Room(db.session, it)

    @property
    def step(self) -> str:
        db.session.rollback()
        return db.session.scalars(select(Intervision.step).where(Intervision.id == self.id)).one()

    def come(self, *names: str) -> None:
        for name in names:
            self.seats[name] = join(self.id, name).id

    def does(
        self, actor: str, act: str, /, *, command_id: str | None = None, base: str | None = None, **data: Any
    ) -> Done:
        """`actor` gives a command, through shape and rule as over the socket. Keyword `for_`/`from_` stand for
        `for`/`from`.
        """
        fields = {name.rstrip("_"): value for name, value in data.items()}
        return perform(
            self.id,
            self.seats[actor],
            act,
            forms.check(act, fields),
            command_id=command_id or str(uuid.uuid4()),
            base=base or self.step,
        )

    def sees(self, who: str) -> view.View:
        """The snapshot that `who` would get now."""
        room = self.room()
        seat = room.seat(self.seats[who])
        assert seat
        return view.snapshot(room, Reader(seat), self.now)

    def sees_kind(self, who: str, kind: str) -> list[view.View]:
        return [item for item in self.sees(who)["items"].values() if item["kind"] == kind]

    def wait(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def opened(self, *names: str) -> "Cast":
        """Open the room, with these consultants, and everybody has accepted."""
        self.does("Mia", "open")
        self.come(*names)
        for name in self.seats:
            self.does(name, "accept")
        return self

    def go_to(self, step: str) -> "Cast":
        """Walk on, step by step, whatever is missing."""
        while POSITION[self.step] < POSITION[step]:
            if self.step == "planned":
                self.opened("Cara", "Carl")
            else:
                self.does("Mia", "advance", anyway=True)
        return self

    def run_up_to(self, step: str) -> "Cast":
        """The same, with something said in every step on the way."""
        with shelf.walked(self, step) as walked:
            if not walked:
                for each in STEPS[POSITION[self.step] : POSITION[step]]:
                    self.go_to(each.name)
                    self._say_something(each.name)
                self.go_to(step)
        return self

    def _say_something(self, step: str) -> None:
        match step:
            case "statement":
                self.does("Otto", "statement", issue="Nobody will name a decider", situation="Nine contacts")
                self.does("Cara", "note", text="Ask about finance")
            case "questions":
                for _ in range(2):
                    who = self.whose_turn()
                    question = self.does(who, "question", text=f"Who asked, {who}?").item
                    self.does("Otto", "answer", parent=question, text="The technical manager", how="written")
            case "ask":
                self.does("Otto", "ask", text="Help me find who decides", not_needed="Product arguments")
            case "silent_brainstorm":
                self.does("Cara", "idea", text="Map the contacts")
                self.does("Carl", "idea", text="Ask Karim")
            case "recommendations":
                for _ in range(2):
                    who = self.whose_turn()
                    self.does(
                        who, "recommend", text=f"{who} would draw the map", first_step="Call Karim", reason="Trust"
                    )
            case "feedback":
                for item in self.sees_kind("Otto", "recommendation"):
                    self.does("Otto", "sort", parent=item["id"], verdict="helps")
                self.does(
                    "Otto", "plan", text="Draw the map", who="Otto", by="2026-03-05", trigger="When I call, I will ask"
                )
                self.does("Otto", "present", on=True)
            case "reactions":
                self.does("Cara", "reaction", sort="strength", text="A strong first step")
            case "lessons":
                self.does("Cara", "lesson", text="Count roles, not contacts", share=True, named=True)

    def whose_turn(self) -> str:
        turn = self.sees("Mia")["session"]["turn"]
        return next(name for name, seat in self.seats.items() if turn and seat == turn["seat"])
