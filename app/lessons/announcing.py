"""What a team's webhooks are told: lessons that were shared, and that a check-in is due. Of a session nothing else."""

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.addresses import public_url
from app.deliveries import Delivery, put
from app.deliveries.formats import News, Point
from app.deliveries.webhooks import CHANNEL, tells
from app.followup import cadence, due
from app.followup.models import CheckIn
from app.lessons import shared
from app.sessions.commands.door import Change
from app.sessions.models import Intervision

LESSONS, CHECK_IN = "lessons_shared", "check_in_due"


def announce(change: Change) -> None:
    """At the close, once it is known who is asked when: let the team's webhooks hear of it."""
    it = change.it
    change.rows.flush()
    about: dict[str, int] = {"team_id": it.team_id, "intervision_id": it.id}
    if change.room.contributions("lesson"):
        put(change.rows, channel=CHANNEL, kind=LESSONS, due_at=change.now, **about)
    for asked in change.rows.scalars(select(CheckIn).where(CheckIn.intervision_id == it.id)).all():
        due_at = cadence.mail_at(asked.due_on, it.timezone)
        put(change.rows, channel=CHANNEL, kind=CHECK_IN, due_at=due_at, number=asked.number, **about)


@tells(LESSONS)
def lessons_shared(rows: Session, delivery: Delivery) -> News | None:
    lessons = shared.of_session(rows, delivery.intervision_id or 0)
    if not lessons:
        return None
    count = len(lessons)
    return News(
        type="lessons.shared",
        team=lessons[0].team,
        title=ngettext("%(num)s new lesson for the team", "%(num)s new lessons for the team", count),
        link=public_url("lessons.index"),
        link_label=_("All lessons"),
        themes=lessons[0].themes,
        points=tuple(Point(each.id, each.text, each.situation, each.name) for each in lessons),
    )


@tells(CHECK_IN)
def check_in_due(rows: Session, delivery: Delivery) -> News | None:
    """That one is due, for the moderator to bring up; not of whom, not in which case, not whether it was answered."""
    it = rows.get(Intervision, delivery.intervision_id)
    if it is None or due.asked(rows, it.id, delivery.number) is None:
        return None
    return News(
        type="check_in.due",
        team=it.team.name,
        title=_("A check-in is due after a session of the team. Its moderator may bring it up."),
        link=public_url("followup.due_now"),
        link_label=_("For the moderator"),
    )
