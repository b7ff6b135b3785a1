"""The OpenAPI 3.1 document, made from the table of endpoints."""

from typing import Any

from flask_babel import gettext as _

from app.addresses import public_url
from app.api.answers import Problem
from app.api.asked import Parameter
from app.api.problems import MEDIA_TYPE
from app.api.schemas import Components, Schema
from app.api.scopes import SCOPES
from app.api.table import ENDPOINTS, Endpoint

VERSION = "1.0.0"
PROBLEMS = {
    400: "Something in the request could not be understood.",
    401: "The token is missing, wrong, too old, or was ended.",
    403: "The token, or the account, may not do this.",
    404: "There is nothing here that you can read.",
    409: "The session is at another step.",
    410: "It was there, and has been deleted.",
    413: "The body is too large.",
    422: "Something in the body is not right; `errors` says what.",
    429: "Too many requests; Retry-After says for how many seconds to wait.",
}
EVERYWHERE = (400, 401, 403, 429)


def document() -> dict[str, Any]:
    """The whole document. Its own words are English, as those of any interface between programs."""
    components = Components()
    paths: dict[str, dict[str, Any]] = {"/openapi.json": {"get": _itself()}}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Intervise", "version": VERSION, "description": INTRODUCTION},
        "servers": [{"url": public_url("api.openapi").removesuffix("/openapi.json")}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.schemas.items())),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A personal token, made in your account."}
            },
        },
    }


INTRODUCTION = (
    "Everything here is what the account of the token may read on the pages, and never more. "
    "New fields may come at any time: pass over those that you do not know. "
    "Actions are here only when the issue owner exported them."
)


def _itself() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "get_openapi",
        "summary": _("This document"),
        "security": [],
        "responses": {"200": {"description": "OpenAPI 3.1", "content": content}},
    }


def _operation(endpoint: Endpoint, components: Components) -> dict[str, Any]:
    scope = f"`{endpoint.scope}`: {_(SCOPES[endpoint.scope])}." if endpoint.scope else "Any token."
    answer = {"application/json": {"schema": components.of(endpoint.answer)}}
    found: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": _(endpoint.summary),
        "description": f"Scope: {scope}",
        "parameters": [_parameter(each) for each in endpoint.parameters],
        "responses": {
            str(endpoint.status): {"description": _(endpoint.summary), "content": answer},
            **{str(status): _problem(status, components) for status in sorted({*EVERYWHERE, *endpoint.problems})},
        },
    }
    if endpoint.body:
        content = {"application/json": {"schema": components.of(endpoint.body)}}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _parameter(it: Parameter) -> dict[str, Any]:
    schema: Schema = {"type": "integer", "minimum": 1} if it.kind is int else {"type": "string"}
    if it.kind is str:
        schema |= {"enum": list(it.one_of)} if it.one_of else {"maxLength": it.longest}
    elif it.kind is not int:
        schema |= {"format": "date"}
    return {
        "name": it.name,
        "in": it.where,
        "required": it.required,
        "description": _(it.description),
        "schema": schema,
    }


def _problem(status: int, components: Components) -> dict[str, Any]:
    return {"description": PROBLEMS[status], "content": {MEDIA_TYPE: {"schema": components.of(Problem)}}}
