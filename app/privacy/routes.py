"""The pages of privacy: one's own data, erasing it, who was in a session, the audit trail."""

from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts import auth, passwords
from app.accounts.auth import Answer, signed_in
from app.accounts.failures import address, count_failure, limit_failures
from app.extensions import db, limiter
from app.privacy import audit, erasure, own_data, readers, retention, trail
from app.privacy.forms import EraseAccountForm, EraseForm
from app.refusals import refuse
from app.sessions import rules, seats
from app.sessions.exports import dates
from app.sessions.models import Contribution, Intervision, Seat
from app.sessions.planning_forms import NarrowForm
from app.sessions.sessions_found import by_code

privacy = Blueprint("privacy", __name__)


@privacy.route("/sessions/<code>/mine", methods=["GET", "POST"])
def mine(code: str) -> Answer:
    """What a person of the session can do with their own words: take them along, or have them erased."""
    it, seat = _own_seat(code)
    form = EraseForm()
    if not form.validate_on_submit():
        return render_template("privacy/mine.html", it=it, seat=seat, form=form, is_live=rules.is_live(it.step))
    _erase(it, seat.id, form)
    seats.let_go(it.id)
    flash(_("You are erased from the session, as you wished."))
    return redirect(url_for("pages.home"))


@privacy.get("/sessions/<code>/mine.zip")
@limiter.limit("300 per hour")
def my_data(code: str) -> Response:
    it, seat = _own_seat(code)
    packed = own_data.of_seat(seat)
    audit.record("own_data", by_seat=seat.id, intervision_id=it.id)
    return _zip(packed, f"my-data-{it.code}.zip")


@privacy.get("/sessions/<code>/people")
@signed_in
def people(code: str) -> Answer:
    """Who was in a session, to erase somebody who asks for it."""
    it = _looked_after(code)
    goes_at = retention.goes_at(it, None, it.team.retention_days).astimezone(ZoneInfo(it.timezone))
    language = str(get_locale())
    were_there, others = _people(it)
    return render_template(
        "privacy/people.html",
        it=it,
        were_there=were_there,
        others=others,
        is_live=rules.is_live(it.step),
        goes_on=dates.day_words(goes_at.date(), language),
        readings=readers.of(it) if it.step == "closed" else [],
        planned_it=it.account_id == g.account.id,
        narrowing=NarrowForm.of(it) if it.account_id == g.account.id and it.step != "planned" else None,
        dates=dates,
        language=language,
    )


@privacy.route("/sessions/<code>/people/<seat_id>", methods=["GET", "POST"])
@signed_in
def erase_somebody(code: str, seat_id: str) -> Answer:
    it = _looked_after(code)
    seat = next((seat for seat in it.seats if seat.id == seat_id), None) or abort(404)
    form = EraseForm()
    if not form.validate_on_submit():
        return render_template("privacy/somebody.html", it=it, seat=seat, form=form)
    _erase(it, seat.id, form)
    flash(_("That person is erased from the session."))
    return redirect(url_for("privacy.people", code=code))


@privacy.get("/account/data.zip")
@signed_in
@limiter.limit("300 per hour")
def account_data() -> Response:
    packed = own_data.of_account(g.account)
    audit.record("own_data", account_id=g.account.id)
    return _zip(packed, "my-data.zip")


@privacy.route("/account/erase", methods=["GET", "POST"])
@signed_in
@limit_failures("10 per 15 minutes", address)
def erase_account() -> Answer:
    form = EraseAccountForm()
    if form.validate_on_submit():
        if passwords.is_right(form.password.data, g.account.password_hash):
            erasure.erase_account(g.account.id, words=form.words)
            auth.sign_out()
            flash(_("Your account is erased. Thank you for the sessions that you led."))
            return redirect(url_for("pages.home"))
        count_failure()
        form.password.errors = [_("That is not your password. Please try again.")]
    planned = select(Intervision).where(Intervision.account_id == g.account.id, Intervision.step == "planned")
    return render_template("privacy/erase_account.html", form=form, planned=db.session.scalars(planned).all())


@privacy.get("/audit")
@signed_in
def audit_trail() -> Answer:
    if not g.account.admin:
        abort(404)
    page = trail.find(request.args.get("act", ""), request.args.get("page", 1, type=int))
    return render_template("privacy/audit.html", page=page, acts=audit.ACTS)


def _own_seat(code: str) -> tuple[Intervision, Seat]:
    """A session and the seat that this browser holds in it; 404 for a stranger, as for a session that is not there."""
    it = by_code(code)
    return it, seats.current_seat(it) or abort(404)


def _looked_after(code: str) -> Intervision:
    """A session that this account planned, or any for an administrator, who sees names and not a word more."""
    it = by_code(code)
    return it if g.account.admin or it.account_id == g.account.id else abort(404)


def _people(it: Intervision) -> tuple[list[Seat], list[Seat]]:
    """Who was there: who was in, or has said something before they were taken out. And who is kept by name beside
    them: they can ask to be erased, too.
    """
    said = set(db.session.scalars(select(Contribution.seat_id).where(Contribution.intervision_id == it.id).distinct()))
    there = [seat for seat in it.seats if seat.status == "in" or seat.id in said]
    return there, [seat for seat in it.seats if seat not in there and not seat.erased]


def _erase(it: Intervision, seat_id: str, form: EraseForm) -> None:
    if rules.is_live(it.step):
        refuse(409, _("The session is open at the moment. When it is closed, this can be done."))
    erasure.erase_seat(seat_id, words=form.words)


def _zip(packed: bytes, name: str) -> Response:
    response = make_response(packed)
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
