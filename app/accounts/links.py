"""One-time links: 192 random bits in the address, only their hash in the database. Opening one uses nothing up."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from app.accounts.models import Link
from app.extensions import db
from app.times import now

BYTES = 24


def make(purpose: str, *, hours: float, **about: Any) -> str:
    """A new link's token, valid for `hours`; `about` fills the other columns of Link. The caller commits."""
    token = secrets.token_urlsafe(BYTES)
    expires_at = now() + timedelta(hours=hours)
    db.session.add(Link(purpose=purpose, token_hash=_hash(token), expires_at=expires_at, **about))
    return token


def find(token: str, purpose: str) -> Link | None:
    """The link that this token opens, if it is for `purpose` and neither used nor too old."""
    wanted = (Link.token_hash == _hash(token), Link.purpose == purpose, Link.used_at.is_(None), Link.expires_at > now())
    return db.session.scalar(select(Link).where(*wanted))


def use(link: Link) -> bool:
    """Use a link up; False if somebody else was faster. The caller commits."""
    used = update(Link).where(Link.id == link.id, Link.used_at.is_(None)).values(used_at=now()).returning(Link.id)
    return db.session.scalar(used) is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
