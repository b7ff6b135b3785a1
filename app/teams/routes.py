"""The pages of teams: who belongs to them, and how long they keep their sessions."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.auth import Answer, signed_in
from app.accounts.models import Account
from app.database import begin_write
from app.extensions import db
from app.privacy import audit, retention
from app.sessions.invitations import kept_for
from app.sessions.words import clean, number
from app.teams.forms import LeaveForm, MemberForm, NewTeamForm, RetentionForm
from app.teams.models import MemberKind, Membership, Team

teams = Blueprint("teams", __name__)


@teams.route("/teams", methods=["GET", "POST"])
@signed_in
def index() -> Answer:
    """The teams that this account looks after; an administrator makes new ones, too."""
    form = NewTeamForm() if g.account.admin else None
    if form and form.validate_on_submit():
        made = _make(form.name.data)
        if made:
            return redirect(url_for("teams.team", team_id=made))
        form.name.errors = [_("There is a team of this name already.")]
    return render_template("teams/teams.html", teams=_teams(), form=form)


@teams.get("/teams/<int:team_id>")
@signed_in
def team(team_id: int) -> Answer:
    return _team_page(find_team(team_id))


@teams.post("/teams/<int:team_id>")
@signed_in
def keep(team_id: int) -> Answer:
    """How long it keeps its sessions; what would be deleted at once is said before it is."""
    found = find_team(team_id)
    form = RetentionForm()
    if not form.validate():
        return _team_page(found, form)
    going = [] if request.form.get("sure") == "yes" else list(retention.due(found, form.days.data))
    if going:
        return _team_page(found, form, going)
    _keep_for(found.id, form.days.data)
    time = kept_for(form.days.data)
    flash(_("Saved: sessions of %(team)s are kept for %(time)s.", team=found.name, time=time))
    return redirect(url_for("teams.index"))


@teams.post("/teams/<int:team_id>/members")
@signed_in
def add_member(team_id: int) -> Answer:
    found = _team_for_administrator(team_id)
    form = MemberForm.of(_accounts())
    if not form.validate():
        return _team_page(found, member=form)
    _give(found.id, form.account.data, MemberKind(form.kind.data))
    return redirect(url_for("teams.team", team_id=team_id))


@teams.post("/teams/<int:team_id>/members/leave")
@signed_in
def remove_member(team_id: int) -> Answer:
    found = _team_for_administrator(team_id)
    form = LeaveForm()
    if not form.validate():
        abort(400)
    _take(found.id, form.account.data, form.kind.data)
    return redirect(url_for("teams.team", team_id=team_id))


def _teams() -> list[Team]:
    """All of them for an administrator; for everybody else those that they moderate."""
    query = select(Team).order_by(Team.name)
    if not g.account.admin:
        query = query.where(Team.id.in_(g.account.teams(MemberKind.MODERATOR)))
    return list(db.session.scalars(query))


def find_team(team_id: int) -> Team:
    """A team that this account looks after; 404 for any other."""
    return next((each for each in _teams() if each.id == team_id), None) or abort(404)


def _team_for_administrator(team_id: int) -> Team:
    return find_team(team_id) if g.account.admin else abort(404)


def _team_page(
    found: Team, days: RetentionForm | None = None, going: Sequence[object] = (), member: MemberForm | None = None
) -> str:
    form = days or RetentionForm(formdata=None, days=found.retention_days)
    if g.account.admin:
        member = member or MemberForm.of(_accounts(), formdata=None)
    members = _members(found)
    return render_template("teams/team.html", team=found, form=form, going=going, member=member, members=members)


def _members(found: Team) -> list[tuple[Membership, Account]]:
    query = select(Membership, Account).join(Account, Account.id == Membership.account_id)
    rows = db.session.execute(query.where(Membership.team_id == found.id).order_by(Account.name, Membership.kind))
    return [(membership, account) for membership, account in rows]


def _accounts() -> Sequence[Account]:
    return db.session.scalars(select(Account).where(Account.name != "").order_by(Account.name, Account.id)).all()


def _make(name: str) -> int | None:
    """A new team; None if there is one of this name."""
    begin_write(db.session)
    made = Team(name=name)
    db.session.add(made)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        return None
    team_id = made.id
    audit.record("team_made", rows=db.session, team_id=team_id)
    db.session.commit()
    return team_id


def _give(team_id: int, account_id: int, kind: MemberKind) -> None:
    """Once more changes nothing."""
    begin_write(db.session)
    if db.session.get(Membership, (account_id, team_id, kind)) is None:
        db.session.add(Membership(account_id=account_id, team_id=team_id, kind=kind))
        audit.record("membership_given", rows=db.session, team_id=team_id, account_id=account_id, detail=kind)
    db.session.commit()


def _take(team_id: int, account_id: str, kind: str) -> None:
    begin_write(db.session)
    found = db.session.get(Membership, (number(account_id) or 0, team_id, clean(kind)))
    if found:
        db.session.delete(found)
        audit.record(
            "membership_taken", rows=db.session, team_id=team_id, account_id=found.account_id, detail=found.kind
        )
    db.session.commit()


def _keep_for(team_id: int, days: int) -> None:
    begin_write(db.session)
    db.session.get_one(Team, team_id).retention_days = days
    audit.record("retention", rows=db.session, team_id=team_id, detail=str(days))
    db.session.commit()
