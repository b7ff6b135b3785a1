"""The personal links to the page after the close: one in each mail, and one that a person makes to come back later.

That in the first mail only says that the address is right: who typed it may have mistyped it, and whoever reads there
then is to hold nobody's seat.

Each works once, and only its hash is stored; a press of a button uses it, not a preview of it in a chat.
"""

from datetime import datetime, timedelta
from typing import NoReturn

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import links
from app.accounts.auth import Answer
from app.accounts.models import Link
from app.addresses import public_url
from app.database import begin_write
from app.extensions import db
from app.followup import cadence
from app.followup.pages import followup
from app.privacy import audit
from app.refusals import refuse
from app.sessions import seats
from app.sessions.commands import mailing
from app.sessions.joining_forms import SeatForm
from app.sessions.models import Intervision, Seat
from app.sessions.rules import Refused
from app.times import now

LEAST = timedelta(days=14)
PURPOSES = (*mailing.LINKS, "follow_up")


def until(it: Intervision) -> datetime:
    """How long a link to come back works: until nothing is asked any more, and some time at least."""
    assert it.closed_at
    return max(it.closed_at + cadence.AFTER[3] + cadence.LAST_STAYS, now() + LEAST)


def make(it: Intervision, seat: Seat) -> str:
    """A link by which this person comes back, on any device."""
    hours = (until(it) - now()) / timedelta(hours=1)
    seat_id, intervision_id = seat.id, it.id
    begin_write(db.session)
    token = links.make("follow_up", hours=hours, seat_id=seat_id)
    audit.record("link_made", rows=db.session, intervision_id=intervision_id, seat_id=seat_id, detail="follow_up")
    db.session.commit()
    return public_url("followup.by_link", token=token)


@followup.get("/follow-up/<token>")
def by_link(token: str) -> Answer:
    """Swap the link for a mark in the cookie, so that it does not stay in the address bar."""
    return redirect(url_for("followup.own_page")) if links.open_up(token, *PURPOSES) else _too_old()


@followup.route("/follow-up", methods=["GET", "POST"])
def own_page() -> Answer:
    """Only the button uses the link up."""
    link = links.carried(*PURPOSES)
    seat = db.session.get(Seat, link.seat_id) if link else None
    if link is None or seat is None or seat.status == "removed" or seat.erased:
        _too_old()
    form = SeatForm()
    held = seats.current_seat(seat.intervision)
    confirms = link.purpose == "confirm"
    if confirms and form.validate_on_submit():
        return _confirm(link, seat, held)
    signed_in = held is not None and g.account is not None and held.account_id == g.account.id and held.id != seat.id
    if not signed_in and form.validate_on_submit():
        return _open(link, seat)
    shown = {"it": seat.intervision, "seat": seat, "held": held, "signed_in": signed_in, "confirms": confirms}
    return render_template("followup/by_link.html", form=form, **shown)


def _confirm(link: Link, seat: Seat, held: Seat | None) -> Answer:
    """Only whoever holds the seat in this browser already goes on to their page."""
    it_id, holds = seat.intervision_id, held is not None and held.id == seat.id
    seat = _use_up(link, seat)
    audit.record("link_used", by_seat=seat.id, intervision_id=it_id, detail="address")
    it = db.session.get_one(Intervision, it_id)
    if not holds:
        return render_template("followup/by_link.html", it=it, confirms=True, confirmed=True)
    flash(_("Saved."))
    return redirect(url_for("followup.page", code=it.code))


def _use_up(link: Link, seat: Seat) -> Seat:
    try:
        return mailing.open_mail(seat.intervision_id, seat.id, link)
    except Refused:
        _too_old()


def _open(link: Link, seat: Seat) -> Response:
    it_id, code, has_account = seat.intervision_id, seat.intervision.code, seat.account_id is not None
    if link.purpose == "mail":
        seat = _use_up(link, seat)
    else:
        link_id, seat_id = link.id, seat.id
        begin_write(db.session)
        found = db.session.get(Link, link_id)
        if found is None or db.session.get(Seat, seat_id) is None or not links.use(found):  # used up in another tab
            _too_old()
        db.session.commit()
    if not has_account:  # somebody with an account signs in: their seat opens more than this page
        seats.hold(seat)
    audit.record("link_used", by_seat=seat.id, intervision_id=it_id, detail="follow_up")
    page = url_for("followup.page", code=code)
    return redirect(url_for("accounts.sign_in", next=page) if has_account and not g.account else page)


def _too_old() -> NoReturn:
    refuse(404, _("This link has been used, or it is too old. Open the one in the newest mail, or ask your moderator."))
