"""The pages of shared lessons: all of them, today's cards, those on a theme, and the feeds. For members of teams."""

from flask import Blueprint, abort, flash, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.wrappers import Response
from wtforms import SearchField, SelectChoice, SelectField
from wtforms.validators import Length

from app.accounts.auth import Answer, signed_in
from app.accounts.models import Account
from app.addresses import public_url
from app.database import begin_write
from app.extensions import db, limiter
from app.lessons import feeds, shared
from app.lessons.models import Feed
from app.lessons.shared import Wanted
from app.privacy import audit
from app.sessions.exports import dates
from app.sessions.words import number, one_line
from app.teams.models import Team
from app.times import now

lessons = Blueprint("lessons", __name__)


class LessonsForm(FlaskForm):
    """What to look for. It only reads, so it is sent by GET, and its address can be kept."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Words in the lessons"),
        [Length(max=200, message=_l("That is long. Please use at most %(max)d characters."))],
        filters=[one_line],
        render_kw={"maxlength": 200, "autocomplete": "off"},
    )
    team = SelectField(_l("Team"), validate_choice=False)
    theme = SelectField(_l("Theme"), filters=[one_line], validate_choice=False)

    def wanted(self) -> Wanted:
        return Wanted(
            words="" if self.q.errors else self.q.data or "",
            team_id=number(self.team.data),
            theme=self.theme.data or "",
        )


@lessons.get("/lessons")
@signed_in
def index() -> Answer:
    form = LessonsForm(request.args)
    teams = [(str(id_), name) for id_, name in shared.teams_of(db.session, g.account)]
    form.team.choices = [SelectChoice("", _l("All teams")), *(SelectChoice(*each) for each in teams)]
    themes = shared.themes_of(db.session, g.account)
    if form.theme.data and form.theme.data not in themes:
        themes.append(form.theme.data)
    form.theme.choices = [SelectChoice("", _l("All themes")), *(SelectChoice(each, each) for each in themes)]
    form.validate()
    return render_template(
        "lessons/lessons.html",
        form=form,
        page=shared.find(db.session, g.account, form.wanted(), request.args.get("page", 1, type=int)),
        asked={name: value for name in form.data if (value := request.args.get(name, ""))},
        due=len(due_cards(g.account)),
        is_member=bool(g.account.memberships),
        dates=dates,
        language=str(get_locale()),
    )


@lessons.get("/lessons/today")
@signed_in
def today() -> Answer:
    """Today's cards, one at a time."""
    cards = due_cards(g.account)
    number = min(max(1, request.args.get("card", 1, type=int)), max(1, len(cards)))
    card = cards[number - 1] if cards else None
    several = len({each.lesson.team_id for each in cards}) > 1
    return render_template("lessons/today.html", card=card, number=number, count=len(cards), several=several)


@lessons.get("/lessons/earlier.json")
@signed_in
def earlier() -> Response:
    """Lessons on a theme, for whoever is planning a session on it."""
    theme = one_line(request.args.get("theme", ""))
    found = shared.earlier(db.session, g.account, theme) if theme else []
    return jsonify([{"text": each.text, "situation": each.situation, "name": each.name} for each in found])


@lessons.get("/lessons/feeds")
@signed_in
def my_feeds() -> Answer:
    return _feeds_page()


@lessons.post("/lessons/feeds/<int:team_id>")
@signed_in
def make_feed(team_id: int) -> Answer:
    """A new address, shown once, on the page that this answers with."""
    team = _my_team(team_id)
    begin_write(db.session)
    token = feeds.make(db.session, g.account.id, team_id)
    audit.record("feed_made", rows=db.session, team_id=team_id)
    db.session.commit()
    return _feeds_page(team, public_url("lessons.feed", token=token))


@lessons.post("/lessons/feeds/<int:team_id>/close")
@signed_in
def close_feed(team_id: int) -> Answer:
    _my_team(team_id)
    begin_write(db.session)
    if feeds.close(db.session, g.account.id, team_id):
        audit.record("feed_closed", rows=db.session, team_id=team_id)
    db.session.commit()
    flash(_("That address leads nowhere from now on."))
    return redirect(url_for("lessons.my_feeds"))


@lessons.get("/feeds/<token>.atom")
@limiter.limit("300 per hour")
def feed(token: str) -> Response:
    account, team = feeds.find(db.session, token) or abort(404)
    response = make_response(feeds.atom(db.session, account, team, now()))
    response.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    response.add_etag()
    return response.make_conditional(request)


@lessons.app_template_global()
def due_today() -> int:
    """How many cards there are today for whoever is signed in; looked for once, however often the page asks."""
    if "due_today" not in g:
        g.due_today = len(due_cards(g.account)) if g.account else 0
    found: int = g.due_today
    return found


def due_cards(account: Account) -> list[shared.Card]:
    return shared.due_today(db.session, account, now())


def _feeds_page(made: Team | None = None, address: str = "") -> str:
    has = set(db.session.scalars(select(Feed.team_id).where(Feed.account_id == g.account.id)))
    return render_template("lessons/feeds.html", teams=_my_teams(), has=has, made=made, address=address)


def _my_teams() -> list[Team]:
    teams = {each.team_id: each.team for each in g.account.memberships}
    return sorted(teams.values(), key=lambda team: team.name)


def _my_team(team_id: int) -> Team:
    return next((each for each in _my_teams() if each.id == team_id), None) or abort(404)
