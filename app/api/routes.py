"""The routes of the API, from the table. Who asks is known by the token alone; cookies play no part here."""

import hashlib
from collections.abc import Callable

import orjson
from flask import Blueprint, Response, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.accounts.failures import address
from app.api import asked as reading
from app.api import problems, tokens
from app.api.document import document
from app.api.table import ENDPOINTS, Endpoint
from app.extensions import csrf, limiter
from app.sessions.exports.data import plain
from app.sessions.rules import Refused

api = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(api)

OFTEN = "120 per minute"
FAILURES = "60 per 15 minutes"
"""Requests without a good token, from one address."""


def _who() -> str:
    """What a limit counts by: the token, hashed, or where none is sent the address."""
    sent = request.headers.get("Authorization", "")
    return hashlib.sha256(sent.encode()).hexdigest()[:32] if sent else address()


limiter.limit(OFTEN, key_func=_who, on_breach=problems.too_many)(api)
limiter.limit(
    FAILURES, key_func=address, deduct_when=lambda answer: answer.status_code == 401, on_breach=problems.too_many
)(api)


@api.get("/openapi.json", provide_automatic_options=False)
def openapi() -> Response:
    """The document; for anybody."""
    return _answer(document(), 200)


def _view(endpoint: Endpoint) -> Callable[..., Response]:
    def view(**path: str) -> Response:
        _identify(endpoint.scope)
        asked = reading.read(endpoint.parameters, path, endpoint.body)
        return _answer(plain(endpoint.function(asked)), endpoint.status)

    return view


def _identify(scope: str) -> None:
    """Who asks, and whether they may ask this: from here on `g.account` is the account of the token."""
    kind, _space, token = request.headers.get("Authorization", "").partition(" ")
    found = tokens.find(token.strip()) if kind.casefold() == "bearer" else None
    if found is None:
        sentence = _(
            "Send a token that is good as “Authorization: Bearer …”; you make one on the page of your account."
        )
        problems.refuse(401, sentence, WWW_Authenticate='Bearer realm="intervise"')
    g.token, g.account = found
    if scope and scope not in g.token.scopes:
        sentence = _("This token may not do that: it lacks “%(scope)s”.", scope=scope)
        problems.refuse(403, sentence, WWW_Authenticate=f'Bearer error="insufficient_scope", scope="{scope}"')
    tokens.note_use(g.token)


def _answer(body: object, status: int) -> Response:
    response = Response(orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE), status, content_type="application/json")
    if request.method == "GET":
        response.add_etag()
        response.make_conditional(request)
    return response


@api.errorhandler(HTTPException)
def problem_of(error: HTTPException) -> Response | HTTPException:
    return error if error.response is not None else problems.show(error)


@api.errorhandler(Refused)
def refused(error: Refused) -> Response:
    return problems.problem(503 if error.retryable else 409, error.sentence())


for _endpoint in ENDPOINTS:
    api.add_url_rule(
        _endpoint.path.replace("{", "<").replace("}", ">"),
        endpoint=_endpoint.name,
        view_func=_view(_endpoint),
        methods=[_endpoint.method],
        provide_automatic_options=False,
    )
