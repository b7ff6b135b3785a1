"""How people come in: by link or code and a name, or by a one-time link to a seat that is theirs already."""

from typing import Any, NoReturn

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import links
from app.accounts.auth import Answer
from app.accounts.failures import address, count_failure, limit_failures
from app.accounts.models import Link
from app.addresses import public_url
from app.database import begin_write
from app.extensions import db, limiter
from app.privacy import audit
from app.refusals import refuse
from app.sessions import commands, invitations, join_links, seats
from app.sessions.joining_forms import CodeForm, NameForm, SeatForm
from app.sessions.models import Intervision, Seat
from app.sessions.phases import Role
from app.sessions.planning import sessions
from app.sessions.rules import Refused
from app.sessions.sessions_found import by_code as session_at
from app.sessions.sessions_found import find_code, find_join_code

joining = Blueprint("joining", __name__)

SEAT_LINK_MINUTES = 10
MOST_GRANTS = 12


@joining.route("/join", methods=["GET", "POST"])
@limit_failures("60 per 15 minutes", address)
def by_code() -> Answer:
    """Type the short code."""
    form = CodeForm(code=request.args.get("code", ""))
    if form.validate_on_submit():
        it = find_join_code(form.code.data)
        if it:
            return _let_ask(it)
        count_failure()
        form.code.errors = [_("There is no session with this code. Check it with the person who gave it to you.")]
    return render_template("sessions/join.html", form=form)


@sessions.get("/<code>/join")
def join_by_code(code: str) -> Answer:
    """For somebody without a seat: the code is filled in, and looked up only when it is sent."""
    return redirect(url_for("joining.by_code", code=code))


@joining.get("/join/<token>")
def by_link(token: str) -> Answer:
    """Swap the link for a mark in the cookie, so that it does not stay in the address bar."""
    it = join_links.find(token)
    if it is None:
        refuse(404, _("This link leads nowhere any more. Ask the person who sent it for the new one."))
    return _let_ask(it)


@joining.route("/join/<code>/name", methods=["GET", "POST"])
def name(code: str) -> Answer:
    """Say who you are, and come in."""
    it = find_code(code)
    grant = [it.id, it.join_turn] if it else []  # as it is now: commands.join asks again, under the lock
    if it is None or grant not in _grants():
        return redirect(url_for("joining.by_code", code=code))
    if seats.current_seat(it):
        return redirect(url_for("sessions.room", code=it.code))
    form = NameForm()
    if form.validate_on_submit():
        try:
            seats.hold(commands.join(it.id, form.name.data or "", turn=grant[1]))
        except Refused as refused:
            form.name.errors = [refused.sentence()]
        else:
            return redirect(url_for("sessions.room", code=it.code))
    return render_template("sessions/name.html", form=form, it=it, moderators=_moderators(it))


@joining.get("/seat/<token>")
def take_seat(token: str) -> Answer:
    """Swap the link for a mark in the cookie, so that it does not stay in the address bar."""
    return redirect(url_for("joining.own_seat")) if links.open_up(token, *links.TO_SEATS) else _no_seat()


@joining.route("/seat", methods=["GET", "POST"])
def own_seat() -> Answer:
    """Take one's own seat on this device. Only the button uses the link up; a preview of it in a chat does not."""
    link = links.carried(*links.TO_SEATS)
    seat = db.session.get(Seat, link.seat_id) if link else None
    if link is None or seat is None or seat.status == "removed":
        _no_seat()
    held = seats.current_seat(seat.intervision)
    form = SeatForm()
    signed_in = held is not None and g.account is not None and held.account_id == g.account.id
    if not signed_in and form.validate_on_submit():
        return _take(link, seat)
    return render_template(
        "sessions/take_seat.html", form=form, it=seat.intervision, seat=seat, held=held, signed_in=signed_in
    )


@sessions.post("/<code>/take-along")
@limiter.limit("300 per hour")
def take_along(code: str) -> dict[str, Any]:
    """A link by which a person takes their own seat along to another device."""
    seat = seats.current_seat(session_at(code))
    if seat is None:
        abort(404)
    return _seat_link(seat, "device")


@sessions.post("/<code>/seat-link")
@limiter.limit("300 per hour")
def seat_link(code: str) -> dict[str, Any]:
    """For a moderator: a link by which somebody who lost their seat gets it back."""
    it = session_at(code)
    own = seats.current_seat(it)
    if own is None:
        abort(404)
    # Whoever planned the session may always, so that no room is left without a moderator.
    if own.account_id is None and (own.role != Role.MODERATOR or own.status != "in"):
        refuse(403, _("Only the moderator makes links for other people."))
    seat = db.session.get(Seat, request.form.get("seat", "").replace("\x00", ""))
    if seat is None or seat.intervision_id != it.id or seat.status == "removed" or seat.erased:
        refuse(404, _("That person is not here any more."))
    if seat.account_id and seat is not own:
        refuse(403, _("This person has an account, and comes back by signing in."))
    return _seat_link(seat, "device" if seat is own else "seat")


def _let_ask(it: Intervision) -> Answer:
    """This browser may ask for a seat in the session; next it says its name, unless it has a seat already."""
    if seats.current_seat(it):
        return redirect(url_for("sessions.room", code=it.code))
    if it.step == "closed":
        refuse(410, _("This session is closed. Ask its moderator for the record."))
    grant = [it.id, it.join_turn]
    session["joining"] = [*(other for other in _grants() if other[0] != it.id), grant][-MOST_GRANTS:]
    return redirect(url_for("joining.name", code=it.code))


def _grants() -> list[list[int]]:
    grants = session.get("joining")
    return grants if isinstance(grants, list) else []


def _take(link: Link, seat: Seat) -> Answer:
    code = seat.intervision.code
    if link.purpose == "seat":
        seat = commands.take_seat(seat.intervision_id, seat.id, link)
    else:
        link_id, seat_id = link.id, seat.id
        begin_write(db.session)
        found, sat = db.session.get(Link, link_id), db.session.get(Seat, seat_id)  # both may have gone meanwhile
        if found is None or sat is None or not links.use(found):
            _no_seat()
        db.session.commit()
    seats.hold(seat)
    audit.record("link_used", by_seat=seat.id, intervision_id=seat.intervision_id, detail="seat")
    return redirect(url_for("sessions.room", code=code))


def _no_seat() -> NoReturn:
    refuse(404, _("This link has been used, or it is too old. Ask the moderator for a new one."))


def _seat_link(seat: Seat, purpose: str) -> dict[str, Any]:
    seat_id, intervision_id = seat.id, seat.intervision_id
    begin_write(db.session)
    if db.session.get(Seat, seat_id) is None:
        refuse(404, _("That person is not here any more."))
    token = links.make(purpose, hours=SEAT_LINK_MINUTES / 60, seat_id=seat_id)
    audit.record("link_made", rows=db.session, intervision_id=intervision_id, seat_id=seat_id, detail=purpose)
    db.session.commit()
    link = public_url("joining.take_seat", token=token)
    return {"link": link, "qr": invitations.qr_image(link), "minutes": SEAT_LINK_MINUTES}


def _moderators(it: Intervision) -> list[str]:
    wanted = (Seat.intervision_id == it.id, Seat.role == Role.MODERATOR, Seat.status == "in")
    return list(db.session.scalars(select(Seat.name).where(*wanted).order_by(Seat.number)))
