"""What is there after sessions: lessons that may be shared, check-ins to bring up, the dashboard's figures."""

from flask import abort, g
from flask_babel import gettext as _

from app.addresses import public_url
from app.api.answers import CheckInDue, CheckInsDue, SharedLesson, SharedLessons
from app.api.asked import Asked
from app.api.paging import following
from app.api.problems import refuse
from app.dashboard import figures
from app.dashboard.quarters import Quarter
from app.extensions import db
from app.followup import due
from app.lessons import shared
from app.times import now


def lessons(asked: Asked) -> SharedLessons:
    """The lessons of the account's teams, as on the page of lessons."""
    number = asked["page"] or 1
    team_id = None
    if asked["team"]:
        team_id = next((id_ for id_, name in shared.teams_of(db.session, g.account) if name == asked["team"]), 0)
    page = shared.find(db.session, g.account, shared.Wanted(asked["q"] or "", team_id, asked["theme"] or ""), number)
    items = tuple(_lesson(found.lesson) for found in page.lessons) if number <= page.last else ()
    return SharedLessons(items, page.count, following(asked, number, page.last))


def _lesson(lesson: shared.Lesson) -> SharedLesson:
    return SharedLesson(
        id=lesson.id,
        text=lesson.text,
        situation=lesson.situation,
        name=lesson.name,
        team=lesson.team,
        language=lesson.language,
        themes=lesson.themes,
        shared_on=lesson.shared_on,
    )


def check_ins(asked: Asked) -> CheckInsDue:
    """What the account should bring up now."""
    return CheckInsDue(tuple(_check_in(each) for each in due.of(g.account)))


def _check_in(each: due.Due) -> CheckInDue:
    return CheckInDue(
        session=each.it.code,
        page=public_url("sessions.record", code=each.it.code),
        title=each.it.title,
        team=each.it.team.name,
        owner=each.owner,
        number=each.number,
        due_on=each.due_on,
    )


def dashboard(asked: Asked) -> figures.Figures:
    """The figures of one team, for four quarters that end with the one that is asked for."""
    team = figures.team_of(g.account, asked["team_id"]) or abort(404)
    today = now().date()
    quarter = Quarter.named(asked["quarter"], today) if asked["quarter"] else Quarter.of(today)
    if quarter is None:
        refuse(400, _("“quarter” is a quarter that has begun, such as 2026-Q3."))
    return figures.of(g.account, team, quarter, today)
