"""The document says what is there, and what is there is as the document says."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import validate
from werkzeug.test import TestResponse

from app.accounts.models import Account
from app.api.table import ENDPOINTS, Endpoint
from app.extensions import db
from app.sessions.models import Intervision
from app.teams.models import MemberKind, Membership
from app.times import now
from tests.api.conftest import NEW, Tool, tool_of
from tests.sessions.cast import Cast


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = Tool(app, None).get("/openapi.json").json
    return found


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_route_is_in_the_document_and_the_other_way_round(app: Flask, document: dict[str, Any]) -> None:
    routes = {
        (method.lower(), re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule.removeprefix("/api/v1")))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD"}
    }
    told = {(method, path) for path, item in document["paths"].items() for method in item}
    assert routes == told
    assert len(told) > 10


def test_every_address_is_described_with_its_parameters_and_scope(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            in_path = {each["name"] for each in operation.get("parameters", ()) if each["in"] == "path"}
            assert in_path == set(re.findall(r"\{(\w+)\}", path))
            assert operation["summary"]
            if operation.get("security") != []:
                assert {"401", "403", "429"} <= set(operation["responses"])


def strict(schema: Any) -> Any:
    """The same, but with no room for fields that are not described."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: strict(value) for name, value in schema.items()}
    if "properties" in found and found.get("type") == "object":
        found["additionalProperties"] = False
    return found


def complaints(document: dict[str, Any], endpoint: Endpoint, answer: TestResponse) -> list[str]:
    """What is not as the document says."""
    responses = document["paths"][endpoint.path][endpoint.method.lower()]["responses"]
    if str(answer.status_code) not in responses:
        return [f"{answer.status_code} is not documented"]
    [(media_type, content)] = responses[str(answer.status_code)]["content"].items()
    if answer.mimetype != media_type:
        return [f"{answer.mimetype} instead of {media_type}"]
    schema = strict(deepcopy(content["schema"])) | {"components": strict(deepcopy(document["components"]))}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(answer.json)]


@pytest.fixture
def everything(mia: Account, closed: Cast) -> Cast:
    """A session of which there is something in every answer."""
    closed.does("Otto", "export_actions", on=True)
    Cast(mia, title="The next one", starts_at=now())
    db.session.rollback()
    db.session.add(Membership(account_id=mia.id, team_id=closed.room().it.team_id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    return closed


def asked_well(endpoint: Endpoint, tool: Tool, closed: Cast) -> Iterator[Any]:
    """What an honest tool asks."""
    it = closed.room().it
    ahead = db.session.query(Intervision).filter_by(step="planned").one()
    path = endpoint.path.format(code=ahead.code if "planned" in endpoint.path else it.code, team_id=it.team_id)
    if endpoint.method == "POST":
        yield tool.plans(**NEW)
        return
    yield tool.get(path)
    if "q" in [each.name for each in endpoint.parameters]:
        yield tool.get(f"{path}?q=nobody-says-this")


def asked_badly(endpoint: Endpoint, app: Flask, tool: Tool, mia: Account) -> Iterator[Any]:
    path = endpoint.path.format(code="QQQQQQ", team_id="0")
    yield Tool(app, None).ask(endpoint.method, path)
    yield Tool(app, "intervise_wrong").ask(endpoint.method, path)
    yield tool.ask(endpoint.method, f"{path}?nothing=x")
    if endpoint.scope:
        other = "figures:read" if endpoint.scope != "figures:read" else "lessons:read"
        yield tool_of(app, mia, other).ask(endpoint.method, path)
    if "{" in endpoint.path:
        yield tool.get(path)
    if endpoint.method == "POST":
        yield tool.ask("POST", path, json={})
        for body in ({}, NEW | {"length": 61}, NEW | {"length": "60"}, NEW | {"minutes": {"lunch": 5}}):
            yield tool.plans(**body)


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_every_answer_is_as_the_document_says(
    app: Flask, document: dict[str, Any], everything: Cast, mia: Account, tool: Tool, endpoint: Endpoint
) -> None:
    for answer in asked_well(endpoint, tool, everything):
        assert answer.status_code == endpoint.status, answer.text
        assert complaints(document, endpoint, answer) == []
        assert answer.json != {"items": []}, "an empty answer proves little"
    for answer in asked_badly(endpoint, app, tool, mia):
        assert 400 <= answer.status_code < 500, answer.text
        assert complaints(document, endpoint, answer) == []
        assert re.fullmatch(r"[^\n]{10,300}\S", answer.json["detail"])


def test_a_field_that_is_not_described_would_be_found(app: Flask, document: dict[str, Any], tool: Tool) -> None:
    me = next(endpoint for endpoint in ENDPOINTS if endpoint.path == "/me")
    del document["components"]["schemas"]["Me"]["properties"]["scopes"]
    assert complaints(document, me, tool.get("/me"))
