"""Limits on failures, so that nobody gets in by trying: only what went wrong is counted.

Thirty colleagues behind one address sign in and join unhindered, because success costs nothing.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Response, g, make_response, render_template, request
from flask_babel import ngettext
from flask_limiter import RequestLimit

from app.extensions import limiter
from app.gate import household

View = TypeVar("View", bound=Callable[..., Any])


def limit_failures(limit: str, key: Callable[[], str]) -> Callable[[View], View]:
    """Refuse POSTs to a view once `limit` ("10 per 15 minutes") failures were counted for `key()`."""
    return limiter.shared_limit(  # type: ignore[return-value]
        limit,
        scope=f"failures by {key.__name__}",
        key_func=key,
        methods=["POST"],
        deduct_when=lambda _response: bool(g.get("failed")),
        on_breach=_too_many,
    )


def count_failure() -> None:
    """This request failed: a wrong password or code."""
    g.failed = True


def address() -> str:
    """Where the request comes from."""
    return household(request.remote_addr or "")


def email() -> str:
    """The account that the form names; hashed, because the store may be shared and kept."""
    typed = request.form.get("email", "").strip().casefold()
    return hashlib.sha256(typed.encode()).hexdigest()[:32]


def email_and_address() -> str:
    return f"{email()} {address()}"


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
