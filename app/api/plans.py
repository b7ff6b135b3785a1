"""Planning by the API: all or nothing, and only once for each Idempotency-Key."""

import hashlib
from contextlib import suppress
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.api import problems
from app.api.models import ApiPlan
from app.extensions import db
from app.sessions.commands import planning
from app.sessions.models import Intervision
from app.sessions.planning_forms import PlanForm


def already(account: Account, key: str, body: dict[str, Any]) -> Intervision | None:
    """The session that was planned under this key before. Ends the request if that was another one, or is gone."""
    found = db.session.get(ApiPlan, (account.id, key))
    if found is None:
        return None
    if found.asked != _hash(body):
        problems.refuse(
            422, _("This Idempotency-Key was used for another session. Send each new session with a new one.")
        )
    it = db.session.get(Intervision, found.intervision_id)
    if it is None:
        problems.refuse(410, _("This session was planned, and has been deleted since."))
    return it


def make(account: Account, key: str, body: dict[str, Any], form: PlanForm) -> Intervision:
    """Plan it. Of two requests with the same key at once one plans, and the other is given the same session."""
    account_id, asked = account.id, _hash(body)

    def once(rows: Session, it: Intervision) -> None:
        rows.add(ApiPlan(account_id=account_id, key=key, asked=asked, intervision_id=it.id))

    made = None
    with suppress(IntegrityError):
        made = planning.plan(account, form.fields(), also=once)
    db.session.rollback()  # what was planned since this request began is to be seen
    found = db.session.get(Intervision, made.id) if made else already(account, key, body)
    return found or problems.refuse(409, _("The same was sent twice at once. Send it again, with the same key."))


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
