"""The link by which people join a session: made from the secret key, so it can be shown again; stored as a hash."""

import base64
import hashlib
import hmac

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.sessions.models import Intervision

LENGTH = 24
"""Characters of a token, 6 bits each: 144 bits."""


def token(intervision: Intervision) -> str:
    """The token of this session's link; another one for each `join_turn`."""
    key = current_app.config["SECRET_KEY"].encode()
    message = f"join|{intervision.id}|{intervision.join_turn}".encode()
    return base64.urlsafe_b64encode(hmac.digest(key, message, "sha256")).decode()[:LENGTH]


def hash_of(token: str) -> str:
    """What is stored of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def find(token: str) -> Intervision | None:
    """The session that this token leads to, closed ones included; None for a wrong token or one that was replaced."""
    return db.session.scalar(select(Intervision).where(Intervision.join_hash == hash_of(token)))
