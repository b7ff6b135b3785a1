"""Limits on failures, so that nobody gets in by trying: only what went wrong is counted.

Thirty colleagues behind one address sign in and join unhindered, because success costs nothing. Tries that come at once
are taken a few at a time, and each asks the limit again when it has its turn: by then the others have been counted.
"""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, make_response, render_template, request, session
from flask_babel import ngettext
from flask_limiter import RequestLimit
from redis.exceptions import RedisError

from app.accounts.auth import current_account
from app.extensions import db, limiter
from app.gate import household
from app.places import Places

View = TypeVar("View", bound=Callable[..., Any])

AT_ONCE = 4
"""Tries of one view; so many more than the limit says may get through."""


def limit_failures(limit: str, key: Callable[[], str]) -> Callable[[View], View]:
    """Refuse POSTs to a view once `limit` ("10 per 15 minutes") failures were counted for `key()`."""
    limited = limiter.shared_limit(
        limit,
        scope=f"failures by {key.__name__}",
        key_func=key,
        methods=["POST"],
        deduct_when=lambda _response: bool(g.get("failed")),
        on_breach=_too_many,
    )
    return lambda view: limited(_in_turn(view))  # type: ignore[return-value]


def _in_turn(view: View) -> View:
    if hasattr(view, "in_turn"):  # there is another limit on it
        return view
    places = Places(AT_ONCE)

    @wraps(view)
    def waits(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST":
            return view(*args, **kwargs)
        db.session.rollback()  # whoever waits holds no connection to the database
        with places:
            reached = _reached()
            return _too_many(reached) if reached else view(*args, **kwargs)

    waits.in_turn = True  # type: ignore[attr-defined]
    return waits  # type: ignore[return-value]


def _reached() -> RequestLimit | None:
    """The limit that others have reached while this request waited."""
    try:
        return next(
            (each for each in limiter.current_limits if not limiter.limiter.test(each.limit, *each.request_args)), None
        )
    except RedisError:
        return None  # it was asked once before; the next request counts in memory (app/extensions.py)


def count_failure() -> None:
    """This request failed: a wrong password or code."""
    g.failed = True


def address() -> str:
    """Where the request comes from."""
    return household(request.remote_addr or "")


def email() -> str:
    """The account that the form names; hashed, because the store may be shared and kept."""
    return _hashed(request.form.get("email", "").strip().casefold())


def email_and_address() -> str:
    return f"{email()} {address()}"


def account() -> str:
    """The account that is signed in."""
    found = current_account()
    return str(found.id) if found else "nobody"


def account_and_address() -> str:
    return f"{account()} {address()}"


def link() -> str:
    """The one-time link that this browser has opened last; hashed as above."""
    return _hashed(str(session.get("link", "")))


def _hashed(typed: str) -> str:
    return hashlib.sha256(typed.encode()).hexdigest()[:32]


def _too_many(limit: RequestLimit) -> Response:
    seconds = max(1, int(limit.reset_at - time.time()) + 1)
    minutes = -(-seconds // 60)
    sentence = ngettext(
        "That was a lot of tries in a short time. Please try again in a minute.",
        "That was a lot of tries in a short time. Please try again in %(num)s minutes.",
        minutes,
    )
    response = make_response(render_template("error.html", code=429, sentence=sentence), 429)
    response.headers["Retry-After"] = str(seconds)
    return response
