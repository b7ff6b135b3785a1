"""Making, finding and ending tokens: 192 random bits, shown once; the database has only their hash."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, not_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts.models import Account
from app.api.models import ApiPlan, ApiToken
from app.api.scopes import SCOPES
from app.database import begin_write
from app.extensions import db
from app.privacy import audit
from app.times import now

log = logging.getLogger(__name__)

BYTES = 24
PREFIX = "intervise_"
"""Says what it is wherever somebody finds one: a scanner of repositories, a colleague."""

MOST = 20
PLANS_KEPT = timedelta(days=7)
"""So long is the key of a plan known. Whoever tries again tries sooner."""


def make(account: Account, name: str, scopes: Sequence[str], days: int) -> str | None:
    """A new token, valid for so many days; None if the account has as many as it may. Those that ended are deleted."""
    begin_write(db.session)
    db.session.execute(delete(ApiToken).where(ApiToken.account_id == account.id, not_(_is_good(account))))
    if len(of(account)) >= MOST:
        db.session.rollback()
        return None
    token = PREFIX + secrets.token_urlsafe(BYTES)
    db.session.add(
        ApiToken(
            account_id=account.id,
            name=name,
            hash=_hash(token),
            scopes=[scope for scope in SCOPES if scope in scopes],
            key_turn=account.key_turn,
            expires_at=now() + timedelta(days=days),
        )
    )
    audit.record("token_made", rows=db.session, account_id=account.id)
    db.session.commit()
    return token


def of(account: Account) -> Sequence[ApiToken]:
    """The tokens of an account that are good, the newest first."""
    return db.session.scalars(select(ApiToken).where(_is_good(account)).order_by(ApiToken.id.desc())).all()


def find(token: str) -> tuple[ApiToken, Account] | None:
    """A good token and whose it is."""
    wanted = (ApiToken.hash == _hash(token), ApiToken.expires_at > now(), ApiToken.key_turn == Account.key_turn)
    query = select(ApiToken, Account).join(Account, Account.id == ApiToken.account_id).where(*wanted)
    found = db.session.execute(query).one_or_none()
    return (found[0], found[1]) if found else None


def revoke(account: Account, token_id: int) -> None:
    """Another account's token stays; once more changes nothing."""
    begin_write(db.session)
    ended = delete(ApiToken).where(ApiToken.id == token_id, ApiToken.account_id == account.id).returning(ApiToken.id)
    if db.session.scalar(ended) is not None:
        audit.record("token_ended", rows=db.session, account_id=account.id)
    db.session.commit()


def forget(rows: Session, account_id: int) -> None:
    """All that the API keeps of an account that is erased; the caller commits."""
    for table in (ApiToken, ApiPlan):
        rows.execute(delete(table).where(table.account_id == account_id))


def forget_old(rows: Session) -> None:
    """Tokens whose time is over, and keys of plans that nobody sends again; the caller commits."""
    rows.execute(delete(ApiToken).where(ApiToken.expires_at < now()))
    rows.execute(delete(ApiPlan).where(ApiPlan.at < now() - PLANS_KEPT))


def note_use(token: ApiToken) -> None:
    """Note the day, once. In a transaction of its own: if that fails, what was asked is answered all the same."""
    today = now().date()
    if token.last_used_on == today:
        return
    try:
        with db.sessionmaker() as own:
            own.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_on=today))
            own.commit()
    except DBAPIError:
        log.exception("the day on which a token was used could not be noted")


def _is_good(account: Account) -> ColumnElement[bool]:
    return and_(ApiToken.account_id == account.id, ApiToken.expires_at > now(), ApiToken.key_turn == account.key_turn)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
