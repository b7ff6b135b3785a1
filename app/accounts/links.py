"""One-time links: 192 random bits in the address, only their hash in the database. Opening one uses nothing up.

Opened, a link is carried on in the cookie, so that its token does not stay in the address bar.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from flask import session
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Link
from app.extensions import db
from app.times import now

BYTES = 24
TO_SEATS = ("seat", "device")
"""The purposes of the links by which a device is given a seat."""


def make(purpose: str, *, hours: float, **about: Any) -> str:
    """A new link's token, valid for `hours`; `about` fills the other columns of Link. The caller commits."""
    db.session.execute(delete(Link).where(Link.expires_at <= now()))
    token = secrets.token_urlsafe(BYTES)
    expires_at = now() + timedelta(hours=hours)
    db.session.add(Link(purpose=purpose, token_hash=_hash(token), expires_at=expires_at, **about))
    return token


def find(token: str, *purposes: str) -> Link | None:
    """The link that this token opens, if it is for one of the `purposes` and neither used nor too old."""
    wanted = (Link.token_hash == _hash(token), Link.purpose.in_(purposes), Link.expires_at > now())
    return db.session.scalar(select(Link).where(*wanted))


def open_up(token: str, *purposes: str) -> bool:
    """Carry a link on in this browser's cookie; False if it opens nothing."""
    if find(token, *purposes) is None:
        return False
    session["link"] = token
    return True


def carried(*purposes: str) -> Link | None:
    """The link that this browser has opened last, if it is still good."""
    token = session.get("link")
    return find(token, *purposes) if isinstance(token, str) else None


def use(link: Link, rows: Session | None = None) -> bool:
    """Use a link up; False if somebody else was faster. The caller commits; `rows`: in that transaction."""
    used = delete(Link).where(Link.id == link.id).returning(Link.id)
    return (rows or db.session).scalar(used) is not None


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
