"""The page that lists every room and every role of the demo, each one button away. Without a demo there is none."""

from flask import Blueprint, abort, g, redirect, render_template, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import auth
from app.accounts.auth import Answer
from app.accounts.models import Account
from app.demo import fill
from app.demo.scenes import SCENES, Scene
from app.extensions import db
from app.refusals import refuse
from app.sessions import join_links, seats
from app.sessions.models import Intervision, Seat
from app.sessions.phases import PHASES, STEP

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.before_request
def only_in_a_demo() -> None:
    if not fill.is_demo():
        abort(404)


@demo.get("")
def index() -> str:
    return render_template(
        "demo.html",
        live=[scene for scene in SCENES.values() if scene.is_live],
        closed=[scene for scene in SCENES.values() if not scene.is_live],
        accounts=fill.ACCOUNTS,
        email=fill.email,
        password=fill.password(),
        number_of=lambda scene: STEP[scene.step].phase,
        phase_of=_phase,
    )


@demo.post("/rooms/<name>/<part>")
def enter(name: str, part: str) -> Answer:
    """Take a seat in this browser, by its role or by the name of whoever has it, or come as a newcomer."""
    scene = SCENES.get(name) or abort(404)
    who = _cast(scene).get(part)
    if who is None and part != "newcomer":
        abort(404)
    it = fill.ready(scene)
    # An account goes before the seats that a browser holds: its own would be in the way.
    session.pop("account", None)
    g.account = None
    if who is None:
        seats.let_go(it.id)
        return redirect(url_for("joining.by_link", token=join_links.token(it)))
    seats.hold(_seat(it, who))
    return redirect(url_for("sessions.room" if scene.is_live else "sessions.record", code=it.code))


@demo.post("/accounts/<name>")
def sign_in(name: str) -> Answer:
    """Sign in as one of the demo's accounts, with its rooms made ready."""
    account = db.session.scalar(select(Account).where(Account.email == fill.email(name))) or abort(404)
    for scene in SCENES.values():
        if scene.case.moderator == name:
            fill.ready(scene)
    auth.sign_in(account)
    return redirect(url_for("sessions.index" if account.plans else "archive.index"))


def _phase(scene: Scene) -> str:
    phase = STEP[scene.step].phase
    return _(PHASES[phase] if phase else STEP[scene.step].title)


def _cast(scene: Scene) -> dict[str, str]:
    roles = {"moderator": scene.case.moderator, "owner": scene.case.owner, "consultant": scene.consultant}
    return {name: name for name in scene.case.people} | roles


def _seat(it: Intervision, who: str) -> Seat:
    wanted = (Seat.intervision_id == it.id, Seat.name == who, Seat.status != "removed")
    return db.session.scalar(select(Seat).where(*wanted)) or refuse(
        409, _("%(name)s is not in this room any more. A minute after everybody has left, it starts afresh.", name=who)
    )
