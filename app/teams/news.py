"""Where a team hears of new shared lessons and of check-ins that are due: its webhooks, on a page of its own."""

from collections.abc import Sequence
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import Field, RadioField, SelectChoice, URLField
from wtforms.validators import DataRequired, Length, ValidationError

from app.accounts.auth import Answer, signed_in
from app.database import begin_write
from app.deliveries import Delivery, posting, put, reasons, webhooks, worker
from app.deliveries.models import Webhook
from app.extensions import db, limiter
from app.privacy import audit
from app.sessions.exports import dates
from app.sessions.models import Intervision
from app.sessions.words import one_line
from app.teams.models import MemberKind, Team
from app.teams.routes import find_team, teams

MOST = 5
"""Addresses of one team."""


class WebhookForm(FlaskForm):
    format = RadioField(
        _l("Where do you work?"),
        choices=[
            SelectChoice("slack", _l("Slack (an incoming webhook)")),
            SelectChoice("teams", _l("Microsoft Teams (a workflow for webhook requests)")),
            SelectChoice("json", _l("A program of our own (JSON, signed)")),
        ],
        default="slack",
    )
    address = URLField(
        _l("Address"),
        [
            DataRequired(_l("Please paste the whole address; it starts with https://.")),
            Length(max=2000, message=_l("That is long. Please use at most %(max)d characters.")),
        ],
        filters=[one_line],
        description=_l(
            "As Slack, Teams or your program gives it. Whoever has it can write there, so it is not shown again."
        ),
        render_kw={"maxlength": 2000, "placeholder": "https://", "autocomplete": "off"},
    )

    def validate_address(self, field: Field) -> None:
        if not posting.may_be_typed(field.data, inside=current_app.config["INTERVISE_ENV"] != "production"):
            raise ValidationError(
                _l("This address cannot be used: it has to start with https:// and lead to a server on the internet.")
            )


@teams.route("/teams/<int:team_id>/news", methods=["GET", "POST"])
@signed_in
def news(team_id: int) -> Answer:
    found = _moderated(team_id)
    form = WebhookForm()
    if not form.validate_on_submit():
        return _page(found, form)
    if len(_webhooks(team_id)) >= MOST:
        form.address.errors = [_("Five addresses are enough for one team. Take one away first.")]
        return _page(found, form)
    begin_write(db.session)
    made = webhooks.make(db.session, team_id, form.address.data, form.format.data)
    audit.record("webhook_made", rows=db.session, team_id=team_id, detail=made.format)
    db.session.commit()
    return _page(_moderated(team_id), WebhookForm(formdata=None), made)


@teams.post("/teams/<int:team_id>/news/<int:webhook_id>/test")
@signed_in
@limiter.limit("30 per hour")
def try_webhook(team_id: int, webhook_id: int) -> Answer:
    """Send a test at once, and say what came of it; one that fails is not tried again."""
    webhook_id = _webhook(team_id, webhook_id).id
    begin_write(db.session)
    delivery = put(db.session, channel=webhooks.CHANNEL, kind=webhooks.TEST, team_id=team_id, webhook_id=webhook_id)
    worker.have(delivery)  # else another one could send it meanwhile, and it would be told here as failed
    db.session.flush()
    delivery_id = delivery.id
    db.session.commit()
    came_through = worker.deliver_one(delivery_id)
    if came_through:
        flash(_("The test has arrived."))
    else:
        error = _take_back(delivery_id)
        flash(_("The test did not arrive. %(why)s", why=reasons.sentence(error)), "error")
    return redirect(url_for("teams.news", team_id=team_id))


@teams.post("/teams/<int:team_id>/news/<int:webhook_id>/delete")
@signed_in
def delete_webhook(team_id: int, webhook_id: int) -> Answer:
    _webhook(team_id, webhook_id)
    begin_write(db.session)
    webhooks.remove(db.session, _webhook(team_id, webhook_id))
    audit.record("webhook_deleted", rows=db.session, team_id=team_id)
    db.session.commit()
    flash(_("Nothing goes to that address any more."))
    return redirect(url_for("teams.news", team_id=team_id))


@teams.app_template_global()
def why_not_sent(error: str) -> str:
    return reasons.sentence(error)


def host_of(webhook: Webhook) -> str:
    """As much of an address as may be seen: the rest of it is a key."""
    return urlsplit(webhook.url).hostname or ""


def _page(team: Team, form: WebhookForm, made: Webhook | None = None) -> str:
    return render_template(
        "teams/news.html",
        team=team,
        form=form,
        webhooks=_webhooks(team.id),
        host_of=host_of,
        made=made,
        secret=webhooks.secret(made) if made else "",
        given_up=worker.given_up(team.id),
        zone=_zone(team.id),
        dates=dates,
        language=str(get_locale()),
    )


def _zone(team_id: int) -> ZoneInfo:
    """The clock of the team: that of the session that it planned last."""
    last = select(Intervision.timezone).where(Intervision.team_id == team_id).order_by(Intervision.id.desc()).limit(1)
    return ZoneInfo(db.session.scalar(last) or "UTC")


def _webhooks(team_id: int) -> Sequence[Webhook]:
    return db.session.scalars(select(Webhook).where(Webhook.team_id == team_id).order_by(Webhook.id)).all()


def _moderated(team_id: int) -> Team:
    """A team that this account moderates; 404 for an administrator too, to whose address its lessons would go."""
    return find_team(team_id) if team_id in g.account.teams(MemberKind.MODERATOR) else abort(404)


def _webhook(team_id: int, webhook_id: int) -> Webhook:
    _moderated(team_id)
    return next((each for each in _webhooks(team_id) if each.id == webhook_id), None) or abort(404)


def _take_back(delivery_id: int) -> str:
    """Take a test that failed out of the outbox; why it failed."""
    begin_write(db.session)
    delivery = db.session.get(Delivery, delivery_id)
    error = delivery.error if delivery else ""
    if delivery:
        db.session.delete(delivery)
    db.session.commit()
    return error
