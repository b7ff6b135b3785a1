"""What the API says when something is wrong: application/problem+json (RFC 9457) with one readable sentence."""

import time
from http import HTTPStatus
from typing import Any, NoReturn

import orjson
from flask import Response, abort
from flask_babel import gettext as _
from flask_limiter import RequestLimit
from werkzeug.exceptions import HTTPException, InternalServerError

from app.extensions import db

MEDIA_TYPE = "application/problem+json"


def problem(status: int, detail: str, errors: dict[str, str] | None = None, **headers: str) -> Response:
    """`errors`: what is wrong, by the name of the field."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body |= {"detail": detail} | ({"errors": errors} if errors else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(orjson.dumps(body), status, named, content_type=MEDIA_TYPE)


def refuse(status: int, detail: str, errors: dict[str, str] | None = None, **headers: str) -> NoReturn:
    """End the request with a problem."""
    abort(problem(status, detail, errors, **headers))


def show(error: HTTPException) -> Response:
    """The problem for any HTTP error under /api."""
    if isinstance(error, InternalServerError):
        db.session.rollback()
    status = error.code or 500
    found = problem(status, _sentence(status))
    if allowed := getattr(error, "valid_methods", None):
        found.headers["Allow"] = ", ".join(sorted(set(allowed) - {"OPTIONS"}))
    return found


def too_many(limit: RequestLimit) -> Response:
    seconds = max(1, int(limit.reset_at - time.time()) + 1)
    return problem(429, _sentence(429), Retry_After=str(seconds))


def _sentence(status: int) -> str:
    return {
        404: _("There is nothing at this address that you can read. Check it against /api/v1/openapi.json."),
        405: _("This address cannot be used with that method. /api/v1/openapi.json says with which it can."),
        413: _("That was too much at once. Send less."),
        429: _("That was a lot of requests in a short time. Wait a minute, then try again."),
        500: _("Something went wrong on our side, and it is in our log. Try again in a moment."),
        503: _("The server is busy. Try again in a moment."),
    }.get(status, _("That request could not be understood. Check it against /api/v1/openapi.json."))
