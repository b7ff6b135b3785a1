"""The moderator's pages before a session: the list, the plan, the invitation."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts import links
from app.accounts.auth import Answer, moderator_only
from app.addresses import public_url
from app.archive import search
from app.database import begin_write, fold_journal
from app.extensions import db
from app.lessons import shared
from app.lessons.shared import Lesson
from app.privacy import audit
from app.refusals import refuse
from app.sessions import invitations, minutes, names
from app.sessions.commands import erasing
from app.sessions.commands import planning as planning_commands
from app.sessions.exports import dates
from app.sessions.models import Intervision, Seat, Visibility
from app.sessions.phases import MINUTES, Role
from app.sessions.planning_forms import NarrowForm, PlanForm, filled
from app.sessions.room import Room
from app.sessions.rules import Refused, is_live
from app.sessions.sessions_found import ahead_of, planned_by
from app.teams.models import MemberKind, Team
from app.times import now

sessions = Blueprint("sessions", __name__, url_prefix="/sessions")
sessions.add_app_template_global(invitations.when, "when")
sessions.add_app_template_global(names.isolated, "isolated")
sessions.add_app_template_global(invitations.what_stays, "what_stays")
sessions.add_app_template_global(invitations.who_reads, "who_reads")
sessions.add_app_template_global(invitations.kept_for, "kept_for")
sessions.add_app_template_global(minutes.slot_title, "slot_title")
sessions.add_app_template_global(minutes.phase_of_slot, "phase_of_slot")

LATEST = 5
"""Past sessions on the first page; the archive has them all."""

OWNER_LINK_HOURS = 24
"""How long an owner's link lives at least, and beyond the start of the session."""


@sessions.get("/")
@moderator_only
def index() -> Answer:
    ahead = ahead_of(g.account)
    return render_template(
        "sessions/index.html",
        live=[it for it in ahead if is_live(it.step)],
        planned=[it for it in ahead if it.step == "planned"],
        past=search.find(g.account, search.Wanted(moderator=g.account.id), size=LATEST),
        now=now(),
        dates=dates,
        language=str(get_locale()),
    )


@sessions.route("/new", methods=["GET", "POST"])
@moderator_only
def new() -> Answer:
    form = PlanForm()
    if form.validate_on_submit():
        try:
            it = planning_commands.plan(g.account, form.fields())
        except Refused as refused:
            _mark(form, refused)
        else:
            return redirect(url_for("sessions.invitation", code=it.code))
    return _plan_page(form, None)


@sessions.route("/<code>/edit", methods=["GET", "POST"])
@moderator_only
def edit(code: str) -> Answer:
    it = _still_planned(code)
    owner = _owner(it)
    theme = next(iter(Room(db.session, it).themes), "")
    form = PlanForm(data=filled(it, owner.name if owner else "", theme))
    if form.validate_on_submit():
        try:
            planning_commands.replan(it.id, form.fields())
        except Refused as refused:
            _mark(form, refused)
        else:
            return redirect(url_for("sessions.invitation", code=it.code))
    return _plan_page(form, it)


@sessions.get("/<code>")
@moderator_only
def invitation(code: str) -> Answer:
    it = planned_by(g.account, code)
    if it.step == "closed":
        return redirect(url_for("sessions.record", code=it.code))
    return _invitation_page(it)


@sessions.get("/<code>/calendar.ics")
@moderator_only
def calendar(code: str) -> Answer:
    it = planned_by(g.account, code)
    response = make_response(invitations.calendar(it))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = f'attachment; filename="intervision-{it.code}.ics"'
    return response


@sessions.post("/<code>/owner-link")
@moderator_only
def owner_link(code: str) -> Answer:
    """A personal link for the issue owner; it is shown once, on the page that this answers with."""
    it = planned_by(g.account, code)
    owner = _owner(it)
    if owner is None:
        flash(_("Nobody is named as issue owner yet. Name somebody in the plan first."), "error")
        return redirect(url_for("sessions.invitation", code=it.code))
    if owner.account_id:
        refuse(403, _("The issue owner has an account here, and takes the seat by signing in."))
    hours_to_start = max(0.0, (it.starts_at - now()).total_seconds() / 3600)
    it_id, owner_id = it.id, owner.id
    begin_write(db.session)
    if db.session.get(Seat, owner_id) is None:  # named anew in another tab since
        refuse(409, _("The plan has just been changed. Please reload the page."))
    token = links.make("seat", hours=hours_to_start + OWNER_LINK_HOURS, seat_id=owner_id, created_by=g.account.id)
    audit.record("link_made", rows=db.session, intervision_id=it_id, seat_id=owner_id, detail="owner")
    db.session.commit()
    return _invitation_page(it, link_of_owner=public_url("joining.take_seat", token=token))


@sessions.post("/<code>/rotate")
@moderator_only
def rotate(code: str) -> Answer:
    it = planned_by(g.account, code)
    planning_commands.rotate_join_link(it.id)
    flash(_("Here is a new link. The old one leads nowhere from now on."))
    return redirect(url_for("sessions.invitation", code=it.code))


@sessions.post("/<code>/visibility")
@moderator_only
def narrow(code: str) -> Answer:
    """Let fewer people read it than was planned."""
    it = planned_by(g.account, code)
    form = NarrowForm.of(it)
    if form.validate_on_submit():
        planning_commands.narrow(it.id, Visibility(form.visibility.data))
        flash(_("Saved. From now on fewer people can read it."))
    return redirect(url_for("privacy.people", code=it.code))


@sessions.route("/<code>/delete", methods=["GET", "POST"])
@moderator_only
def delete(code: str) -> Answer:
    it = planned_by(g.account, code)
    if request.method == "GET":
        return render_template("sessions/delete.html", it=it, is_live=is_live(it.step))
    title, intervision_id = it.title, it.id
    erasing.delete(intervision_id)
    db.session.rollback()  # whoever still reads keeps the journal as it is: ourselves too
    fold_journal(db.engine)
    flash(_("The session “%(title)s” is deleted.", title=title))
    return redirect(url_for("sessions.index"))


@sessions.app_errorhandler(Refused)
def refused_page(refused: Refused) -> tuple[str, int]:
    """A command that was refused on a plain page, such as "it has been opened already"."""
    code = 503 if refused.retryable else 409
    return render_template("error.html", code=code, sentence=refused.sentence()), code


def _mark(form: PlanForm, refused: Refused) -> None:
    """Show a refusal where it belongs: at the issue owner's name, at the team, or else above the whole form."""
    if refused.code in ("empty", "too_long", "taken"):
        form.owner_name.errors = [refused.sentence()]
    elif refused.code == "team":
        form.team.errors = [refused.sentence()]
    else:
        form.form_errors = [refused.sentence()]


def _plan_page(form: PlanForm, it: Intervision | None) -> str:
    return render_template(
        "sessions/plan.html",
        form=form,
        it=it,
        teams=_known_teams(),
        themes=shared.themes_of(db.session, g.account),
        tables=minutes.tables() | {"texts": _words_of_the_form()},
        **_fit(form.slots(), form.expected.data or form.expected.default, form.length.data),
    )


def _invitation_page(it: Intervision, link_of_owner: str | None = None) -> str:
    link = invitations.join_link(it)
    return render_template(
        "sessions/invitation.html",
        it=it,
        link=link,
        qr=invitations.qr_svg(link),
        code=invitations.spoken_code(it),
        code_page=public_url("joining.by_code"),
        chat_text=invitations.chat_text(it),
        owner=_owner(it),
        link_of_owner=link_of_owner,
        earlier=_earlier(it),
        **_fit({slot: it.minutes[slot] for slot in MINUTES}, it.expected, it.length),
    )


def _earlier(it: Intervision) -> list[Lesson]:
    """What colleagues learned before about what this session is planned on."""
    themes = Room(db.session, it).themes if it.step == "planned" else []
    return [lesson for theme in themes for lesson in shared.earlier(db.session, g.account, theme)]


def _fit(slots: dict[str, int], people: int, length: int) -> dict[str, Any]:
    """How the minutes fit the people: what the plan and the invitation say about it."""
    shortages = minutes.shortages(slots, people)
    longer = minutes.long_enough(people, length) if shortages else None
    return {"slots": slots, "total": sum(slots.values()), "shortages": shortages, "longer": longer}


def _words_of_the_form() -> dict[str, str]:
    """The sentences that the form's script fills in; the page's own are the same ones."""
    return {
        "total": _("%(total)s minutes in all"),
        "short": _("%(people)s people need about %(needed)s minutes here."),
        "tight": _("That is tight for so many people. You can keep it, or take more time."),
        "sum": _("The parts add up to %(total)s minutes, and the session has %(length)s."),
        "longer": _("Make it %(length)s minutes"),
        "suggestion": _("For %(people)s people we suggest %(length)s minutes."),
    }


def _known_teams() -> list[str]:
    """The teams that this account moderates."""
    mine = select(Team.name).where(Team.id.in_(g.account.teams(MemberKind.MODERATOR)))
    return list(db.session.scalars(mine.order_by(Team.name)))


def _still_planned(code: str) -> Intervision:
    it = planned_by(g.account, code)
    if it.step != "planned":
        refuse(409, _("This session has been opened already; its plan stays as it is."))
    return it


def _owner(it: Intervision) -> Seat | None:
    wanted = (Seat.intervision_id == it.id, Seat.role == Role.OWNER, Seat.status != "removed", Seat.name != "")
    return db.session.scalar(select(Seat).where(*wanted))
