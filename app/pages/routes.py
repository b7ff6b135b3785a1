"""The start page, and what makes the app installable."""

from dataclasses import dataclass

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from app.assets import asset
from app.demo.fill import is_demo
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


@pages.get("/manifest.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the app on its home screen (W3C Web Application Manifest)."""
    home = url_for("pages.home")
    ground = "#f5f3ee"
    answer = jsonify(
        id=home,
        start_url=home,
        scope=home,
        name="Intervise",
        short_name="Intervise",
        description=_("Think along with a colleague, in six short phases"),
        display="standalone",
        background_color=ground,
        theme_color=ground,
        icons=[
            _app_icon("icon-192.png", "192x192"),
            _app_icon("icon-512.png", "512x512"),
            _app_icon("icon-maskable-512.png", "512x512", purpose="maskable"),
        ],
    )
    answer.mimetype = "application/manifest+json"
    return answer


def _app_icon(name: str, sizes: str, purpose: str = "any") -> dict[str, str]:
    return {"src": asset(f"img/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
