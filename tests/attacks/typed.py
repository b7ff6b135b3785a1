"""A session into which people type a mark wherever there is room for words, by the commands of the room."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.accounts.models import Account
from app.extensions import db
from app.sessions import forms
from app.sessions.commands import join
from app.sessions.models import Contribution, Intervision
from app.sessions.phases import STEPS
from app.sessions.shapes import Fields, OneOf, Several, Text, Whole, Yes
from app.times import now
from tests.attacks.corpus import NAME, TEXT
from tests.sessions.cast import START, Cast

IDS = 16
"""Characters of an id; no field for words is as short."""
SAID = {
    "offer_case": ("lobby", "Otto"), "rename": ("lobby", "Mia"), "statement": ("statement", "Otto"),
    "note": ("statement", "Cara"), "park": ("questions", "Cara"), "question": ("questions", ""),
    "answer": ("questions", "Otto"), "ask": ("ask", "Otto"), "idea": ("silent_brainstorm", "Cara"),
    "fact": ("silent_brainstorm", "Otto"), "recommend": ("recommendations", ""), "sort": ("feedback", "Otto"),
    "plan": ("feedback", "Otto"), "reaction": ("reactions", "Cara"), "lesson": ("lessons", "Cara"),
    "process": ("lessons", "Cara"), "themes": ("lessons", "Mia"),
}  # fmt: skip
"""In which step each command with words in it is given, and by whom; "": by whoever has the turn."""
BY_FORM = {"word", "add_step", "check_in", "support", "give_address"}
"""Those that come by a form, after the close."""


def has_words(shape: Any) -> bool:
    """Whether there is room for words in what this shape takes."""
    match shape:
        case Fields(shapes):
            return any(map(has_words, shapes.values()))
        case Several(entry):
            return has_words(entry)
    return isinstance(shape, Text) and shape.longest != IDS


def typed(shape: Any) -> Any:
    """What a browser sends when the mark stands wherever there is room for words."""
    match shape:
        case Fields(shapes):
            return {name: typed(each) for name, each in shapes.items()}
        case Several(entry):
            return [typed(entry)]
        case OneOf(values):
            return min(value for value in values if value)
        case Whole(least):
            return least
        case Yes():
            return True
    return TEXT if has_words(shape) else shape.missing


class Typed(Cast):
    """A session that was planned by a form."""

    def __init__(self, account: Account, code: str) -> None:
        self.now, self.recipe, self.account = START, None, account
        self.id = db.session.scalars(select(Intervision.id).where(Intervision.code == code)).one()
        self.code = code
        roles = {"moderator": "Mia", "owner": "Otto"}
        self.seats = {roles[seat.role]: seat.id for seat in self.room().seats}

    def last(self, kind: str) -> str:
        db.session.rollback()  # what was read before may be old by now
        mine = (Contribution.intervision_id == self.id, Contribution.kind == kind)
        return db.session.scalars(select(Contribution.id).where(*mine).order_by(Contribution.place.desc())).all()[0]

    def hold(self) -> None:
        """From the lobby to the close, and everybody types whatever they can."""
        self.does("Mia", "open")
        for who, letter in (("Cara", "c"), ("Carl", "k")):
            self.seats[who] = join(self.id, f"{NAME} {letter}").id
        for who in self.seats:
            self.does(who, "accept")
        for step in STEPS[1:-1]:
            self.go_to(step.name)
            for act in [act for act, (when, _who) in SAID.items() if when == step.name]:
                self.does(SAID[act][1] or self.whose_turn(), act, **typed(forms.FORMS[act]) | self.about(act))
        self.go_to("closed")

    def about(self, act: str) -> dict[str, Any]:
        """What a command is about; and names, where it takes any."""
        match act:
            case "rename":
                return {"seat": self.seats["Carl"], "name": f"{NAME} k"}
            case "answer":
                return {"parent": self.last("question"), "how": "written"}
            case "recommend":
                return {"parent": self.last("idea")}
            case "sort":
                return {"parent": self.last("recommendation")}
            case "plan":
                day = (now() + timedelta(days=40)).date().isoformat()
                return {"parent": self.last("recommendation"), "who": f"{TEXT} {NAME} c", "by": day}
        return {}
