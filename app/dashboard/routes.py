"""The page of the dashboard."""

from datetime import date

from flask import Blueprint, abort, g, render_template, request
from flask_babel import format_date, get_locale

from app.accounts.auth import Answer, signed_in
from app.dashboard import figures
from app.dashboard.quarters import Quarter
from app.dashboard.telling import ANSWERS, SESSIONS
from app.followup.cadence import HELPED
from app.teams.models import Team
from app.times import now

dashboard = Blueprint("dashboard", __name__)


@dashboard.get("/dashboard")
@signed_in
def index() -> Answer:
    """`team`: an id, the first team if nothing is said; `quarter`: such as 2026-Q3, else the one of today."""
    teams = figures.teams_of(g.account)
    if not teams:
        return render_template("dashboard/dashboard.html", team=None)
    wanted = request.args.get("team", "")
    team = next((each for each in teams if str(each.id) == wanted), None) if wanted else teams[0]
    today = now().date()
    quarter = Quarter.named(request.args.get("quarter", ""), today) or Quarter.of(today)
    return _page(teams, team or abort(404), quarter, today)


def _page(teams: list[Team], team: Team, quarter: Quarter, today: date) -> str:
    return render_template(
        "dashboard/dashboard.html",
        teams=teams,
        team=team,
        figures=figures.of(g.account, team, quarter, today),
        quarter=quarter,
        earlier=quarter.after(-1),
        later=quarter.after(1) if quarter < Quarter.of(today) else None,
        answers=ANSWERS,
        sessions=SESSIONS,
        helped=HELPED,
        month=lambda day: format_date(day, "MMMM y"),
        quarter_words=lambda day: format_date(day, "QQQ y"),
        language=str(get_locale()),
    )
