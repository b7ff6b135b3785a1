"""The style guide: the whole design language and all components in all their states, for those who develop Intervise.

It exists outside production only (app/__init__.py). Nothing on it is a copy: the tokens are read from the style sheets
in the browser, the components are the room's own views and the pages' own macros, in sample states. The samples' words
and the page's explanations are English alone, because developers read them; what the components say by themselves goes
through gettext there.
"""

from datetime import date
from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import get_locale
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.archive.search import Found
from app.catalogue import browser_messages
from app.libraries import ICONS
from app.sessions import minutes
from app.sessions.exports import dates
from app.sessions.phases import STEPS
from app.sessions.room_page import method

styleguide = Blueprint("styleguide", __name__)

LENGTH = 60
LENGTHS = [SelectChoice(length, f"{length} minutes") for length in ("45", "60", "75")]


class SampleForm(FlaskForm):
    """A field of each sort, and of each state."""

    class Meta:
        csrf = False

    empty = StringField("Empty")
    filled = StringField("Filled")
    hinted = StringField("With a hint", description="What it is for, or an example of it.")
    wrong = StringField("With an error", [InputRequired("Please give the session a title.")])
    off = StringField("Disabled", render_kw={"disabled": True})
    long = TextAreaField("Several lines", render_kw={"rows": 3})
    choice = SelectField("Select", choices=LENGTHS)
    day = DateField("Date")
    length = RadioField("Radio buttons", choices=LENGTHS)
    checked = BooleanField("Checkbox, on")
    unchecked = BooleanField("Checkbox, off")


@styleguide.get("/styleguide")
def index() -> str:
    return render_template(
        "styleguide.html",
        data=_data(),
        form=_filled_form(),
        found=[_found_session()],
        dates=dates,
        language=str(get_locale()),
    )


def _data() -> dict[str, Any]:
    """What the room's modules find in a page (app/sessions/room_page.py), for a room that does not exist."""
    here = url_for("styleguide.index")
    return {
        "code": "styleguide",
        "locale": str(get_locale()),
        "messages": browser_messages(str(get_locale())),
        "csrf": "",
        "urls": {
            "home": url_for("pages.home"),
            "record": here,
            "follow_up": here,
            "plan": [],
            "take_along": here,
            "seat_link": here,
        },
        "method": method(),
        "themes": ["Hand-overs", "No decision"],
        "seconds": _seconds(),
        "icons": sorted(ICONS),
    }


def _seconds() -> dict[str, int]:
    """How long each step of a usual session is."""
    usual = minutes.usual(LENGTH)
    return {step.name: round(60 * usual[step.slot] * step.share) for step in STEPS if step.slot}


def _filled_form() -> SampleForm:
    words = "Nobody will name a decider"
    sent = {"filled": words, "off": words, "long": words, "choice": "60", "day": "2026-03-05", "length": "60"}
    sent["checked"] = "y"
    form = SampleForm(MultiDict({f"sample-{name}": value for name, value in sent.items()}), prefix="sample")
    form.validate()
    return form


def _found_session() -> Found:
    """A past session as the search shows it, with its hits."""
    return Found(
        code="ABCDEF",
        language="en",
        full=True,
        title=[("Lost in the ", False), ("hospital", True), (" group", False)],
        excerpt=[("A group of five ", False), ("hospitals", True), (" looks at our maintenance software.", False)],
        team="Team Health",
        held_on=date(2026, 3, 5),
        moderator="",
        owner="Otto",
        actions=3,
        themes=([("Hand-overs", False)],),
    )
