"""The start page, and the word to a monitor that all is well."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.demo.fill import is_demo
from app.extensions import db
from app.sessions import minutes
from app.sessions.joining_forms import CodeForm
from app.sessions.phases import N_, PHASES

pages = Blueprint("pages", __name__)

EXAMPLE_LENGTH = 60

WHAT_HAPPENS = {
    1: N_("One of you tells what is stuck."),
    2: N_("The others ask for facts, one question each."),
    3: N_("They collect ideas; the owner only listens."),
    4: N_("Each gives one recommendation."),
    5: N_("The owner chooses, and writes a plan."),
    6: N_("Everybody keeps what they learned."),
}


@dataclass(frozen=True)
class Phase:
    """A phase as the start page shows it; `start` is the minute of the session in which it begins."""

    number: int
    title: str
    words: str
    start: int
    minutes: int


@pages.get("/")
def home() -> str:
    form = CodeForm(formdata=None)
    return render_template("home.html", form=form, phases=_phases(), length=EXAMPLE_LENGTH, demo=is_demo())


def _phases() -> list[Phase]:
    spans = minutes.spans(EXAMPLE_LENGTH)
    return [Phase(number, PHASES[number], WHAT_HAPPENS[number], *spans[number]) for number in PHASES]


@pages.get("/healthz")
def healthz() -> tuple[str, int, dict[str, str]]:
    """200 "ok" while the database answers, else 503."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return "the database does not answer\n", 503, {"Content-Type": "text/plain"}
    return "ok\n", 200, {"Content-Type": "text/plain"}
