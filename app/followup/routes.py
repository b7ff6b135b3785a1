"""The owner's page after the close, that of whom an action names, and the list of what a moderator brings up."""

import uuid
from collections.abc import Mapping
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

from flask import abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import force_locale, get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.auth import Answer, signed_in
from app.deliveries import mail
from app.extensions import db, limiter
from app.followup import cadence, calendar, commitments, due, mails, personal_links, story  # noqa: F401 - mails registers
from app.followup.models import MailAddress
from app.followup.pages import followup
from app.followup.states import STATES, TOLD
from app.followup.story import Story
from app.privacy import audit
from app.refusals import refuse
from app.sessions import access, commands, forms, once, seats, words
from app.sessions.access import Level
from app.sessions.exports import dates, names
from app.sessions.models import Intervision, Seat
from app.sessions.phases import MOST_STEPS, Role
from app.sessions.room import Room
from app.sessions.rules import Refused
from app.sessions.sessions_found import by_code, find_code
from app.times import now


@followup.app_template_global()
def follow_ups_due() -> int:
    """How many check-ins whoever is signed in should bring up."""
    return due.count()


@followup.app_template_global()
def day_of(it: Intervision) -> str:
    """The day of a session in the reader's language."""
    return dates.day_words(story.held_on(it), str(get_locale()))


@followup.app_template_global()
def story_of(it: Intervision) -> Story:
    """What became of the plan, for a page whose reader may read the whole record."""
    return story.of(Room(db.session, it), now())


OF_ACTION = (("state", "state"), ("word", "text"), ("move_date", "by"))
"""The acts that one form about an action gives, and the field of each."""


@followup.get("/sessions/<code>/follow-up")
def page(code: str) -> Answer:
    it, seat = _asked(code)
    audit.record("follow_up_opened", by_seat=seat.id, intervision_id=it.id)
    return _page(it, seat)


@followup.post("/sessions/<code>/follow-up/action")
@limiter.limit("60 per minute")
def action(code: str) -> Answer:
    """Where an action stands, a word on it, another day: what of these has changed."""
    it, seat = _asked(code)
    item = request.form.get("item", "")
    found = story.of(Room(db.session, it), now()).action(item)
    stands = {"state": found.state, "word": found.word, "move_date": str(found.by or "")} if found else {}
    wanted = [(act, {"item": item, field: _typed(field)}) for act, field in OF_ACTION if field in request.form]
    changed = [(act, data) for act, data in wanted if stands.get(act) != data[dict(OF_ACTION)[act]]]
    return _give(it, seat, changed, f"action-{item}")


@followup.post("/sessions/<code>/follow-up/step")
@limiter.limit("60 per minute")
def step(code: str) -> Answer:
    it, seat = _asked(code)
    return _give(it, seat, [("add_step", {"text": _typed("text"), "by": _typed("by")})], "steps")


@followup.post("/sessions/<code>/follow-up/check-in")
@limiter.limit("60 per minute")
def check_in(code: str) -> Answer:
    it, seat = _asked(code)
    numbers = {name: words.number(request.form.get(name)) or 0 for name in ("number", "helped")}
    answers = {name: _typed(name) for name in ("first", "second")}
    return _give(it, seat, [("check_in", {**numbers, **answers})], "check-ins")


@followup.post("/sessions/<code>/follow-up/tell")
@limiter.limit("60 per minute")
def tell(code: str) -> Answer:
    it, seat = _asked(code)
    return _give(it, seat, [("tell", {"tell": _typed("tell")})], "told")


@followup.post("/sessions/<code>/follow-up/support")
@limiter.limit("60 per minute")
def support(code: str) -> Answer:
    it, seat = _asked(code)
    item = request.form.get("item", "")
    return _give(it, seat, [("support", {"item": item, "text": _typed("text")})], f"action-{item}")


@followup.post("/sessions/<code>/follow-up/address")
@limiter.limit("20 per hour")
def address(code: str) -> Answer:
    """Where to be asked by mail; without an address, nowhere any more."""
    it, seat = _asked(code)
    return _give(it, seat, [("give_address", {"email": _typed("email")})], "mail")


@followup.post("/sessions/<code>/follow-up/link")
@limiter.limit("20 per hour")
def link(code: str) -> Answer:
    """A way back for somebody without an account, to be kept by themselves."""
    it, seat = _asked(code)
    return _page(it, seat, way_back=personal_links.make(it, seat))


@followup.get("/sessions/<code>/follow-up.ics")
@limiter.limit("300 per hour")
def entries(code: str) -> Response:
    it, seat = _asked(code)
    if seat.role != Role.OWNER:
        abort(404)
    with force_locale(str(dates.locale_of(it.language))):
        response = make_response(calendar.render(story.of(Room(db.session, it), now()), it))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = names.content_disposition("follow-up", it.title, "ics")
    return response


@followup.get("/sessions/<code>/commitments")
def last_commitments(code: str) -> dict[str, Any]:
    """For the lobby, and whoever was let in there: the last commitments of the team; {} when nothing is told."""
    it = by_code(code)
    if not seats.reader(it).is_in:
        abort(404)
    found = commitments.before(it) if it.step == "lobby" else None
    if found is None:
        return {}
    return {
        "owner": found.owner,
        "day": dates.day_words(found.held_on, str(get_locale())),
        "actions": [
            {"text": each.what, "state": _(STATES[each.state]), "word": each.word if found.words else ""}
            for each in found.actions
        ],
    }


@followup.get("/follow-ups")
@signed_in
def due_now() -> Answer:
    """What a moderator brings up."""
    return render_template(
        "followup/due.html", found=due.of(g.account), dates=dates, language=str(get_locale()), mails=mail.is_on()
    )


def _asked(code: str) -> tuple[Intervision, Seat]:
    """A closed session, and the seat of its owner, or of somebody whom an action names.

    Ends the request for everybody else alike, whether there is such a session or not. It does not ask `access`: the
    plan stays its owner's when the record cannot be read any more, until the session is deleted.
    """
    it = find_code(code)
    seat = seats.current_seat(it) if it else None
    if it is None or seat is None or seat.status != "in" or seat.erased:
        _not_here()
    if it.step != "closed":
        abort(redirect(url_for("sessions.room", code=it.code)))
    if seat.role != Role.OWNER and not _named(it, seat):
        _not_here()
    return it, seat


def _named(it: Intervision, seat: Seat) -> bool:
    return bool(story.of(Room(db.session, it), now()).naming(seat.name))


def _not_here() -> NoReturn:
    refuse(404, _("This page is for whoever the plan belongs to. Open your own link, or ask your moderator for one."))


def _give(it: Intervision, seat: Seat, given: list[tuple[str, dict[str, Any]]], anchor: str) -> Answer:
    """Carry out what a form says; when it is refused, the page comes back with what was typed."""
    code, it_id, seat_id = it.code, it.id, seat.id
    try:
        for act, data in given:
            commands.perform(it_id, seat_id, act, forms.check(act, data), command_id=once.command_id(act, data))
    except Refused as refused:
        db.session.rollback()
        it, seat = _asked(code)  # looked for anew: it may be gone by now, and that is why
        return _page(it, seat, refused=refused.sentence(), typed=request.form), 409
    if any(act == "give_address" for act, _data in given):
        audit.record("mail_address", by_seat=seat_id, intervision_id=it_id)
    flash(_("Saved."))
    return redirect(url_for("followup.page", code=code, _anchor=anchor))


def _typed(name: str) -> str:
    return words.clean(request.form.get(name, ""))


def _page(
    it: Intervision, seat: Seat, *, refused: str = "", typed: Mapping[str, str] | None = None, way_back: str = ""
) -> str:
    is_owner = seat.role == Role.OWNER
    found = story.of(Room(db.session, it), now())
    return render_template(
        "followup/plan.html" if is_owner else "followup/support.html",
        it=it,
        seat=seat,
        story=found if is_owner else _for_supporter(found, seat),
        states=STATES,
        told=TOLD,
        helped=cadence.HELPED,
        most_steps=MOST_STEPS,
        reads_record=access.level(seats.reader(it), it, now()) == Level.FULL,
        mails=mail.is_on(),
        address=db.session.get(MailAddress, seat.id),
        command=lambda: str(uuid.uuid4()),
        refused=refused,
        typed=typed or {},
        way_back=way_back,
        way_back_until=personal_links.until(it).astimezone(ZoneInfo(it.timezone)),
        dates=dates,
        language=str(get_locale()),
    )


def _for_supporter(found: Story, seat: Seat) -> Story:
    """The actions that name them, and of the rest nothing."""
    return Story(actions=found.naming(seat.name), check_ins=(), told=found.told)
