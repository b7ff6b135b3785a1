"""Sessions by the API: planned whole or not at all, found as in the archive, and read as on their pages."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Account, AccountKind
from app.api.models import ApiPlan
from app.archive import search
from app.extensions import db
from app.privacy import readers
from app.sessions.models import Intervision
from app.teams.models import MemberKind, Membership, Team
from tests.api.conftest import NEW, Tool, tool_of
from tests.sessions.cast import Cast
from tests.visitor import make_account


def test_a_session_is_planned_as_on_the_page(tool: Tool) -> None:
    answer = tool.plans(**NEW, owner_name="Otto", length=75, minutes={"questions": 20, "buffer": 0}, transcript=False)
    assert answer.status_code == 201
    made = answer.json
    assert (made["state"], made["owner_name"], made["length"]) == ("planned", "Otto", 75)
    assert (made["minutes"]["questions"], made["minutes"]["buffer"], made["minutes"]["lobby"]) == (20, 0, 5)
    assert made["starts_at"].endswith("+00:00")
    assert made["join_link"].startswith("http://localhost/join/")
    it = db.session.scalars(select(Intervision)).one()
    assert (it.transcript, it.team.name, it.account.name) == (False, "North", "Mia")
    assert (made["transcript"], made["names"]) == (False, True)
    assert tool.get(f"/sessions/planned/{made['code']}").json == made
    assert tool.get("/sessions/planned").json["items"] == [made]


def test_a_record_without_names_can_be_planned(tool: Tool) -> None:
    made = tool.plans(**NEW, names=False).json
    assert (made["transcript"], made["names"]) == (True, False)


def test_a_moment_with_an_offset_is_the_same_moment(tool: Tool) -> None:
    day = NEW["starts_at"][:10]
    first = tool.plans("one", **NEW | {"starts_at": f"{day}T10:00", "timezone": "UTC"})
    second = tool.plans("two", **NEW | {"starts_at": f"{day}T12:00:00+02:00", "timezone": "Asia/Tokyo"})
    assert first.json["starts_at"] == second.json["starts_at"]
    assert second.json["timezone"] == "Asia/Tokyo"


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"title": ""}, "title"),
    ({"title": None}, "title"),
    ({"title": "x" * 121}, "title"),
    ({"starts_at": "tomorrow"}, "starts_at"),
    ({"starts_at": "2020-01-01T10:00"}, "starts_at"),
    ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
    ({"starts_at": "9999-12-31T23:00", "timezone": "America/New_York"}, "starts_at"),
    ({"timezone": "Mars/Base"}, "starts_at"),
    ({"expected": 2}, "expected"),
    ({"expected": True}, "expected"),
    ({"expected": 6.0}, "expected"),
    ({"length": 61}, "length"),
    ({"minutes": {"questions": 0}}, "minutes"),
    ({"minutes": {"questions": "20"}}, "minutes"),
    ({"minutes": {"lunch": 20}}, "lunch"),
    ({"minutes": [20]}, "minutes"),
    ({"call_url": "javascript:alert(1)"}, "call_url"),
    ({"visibility": "everybody"}, "visibility"),
    ({"readable_days": 10_000}, "readable_days"),
    ({"move_on": "yes"}, "move_on"),
    ({"owner_name": "x" * 300}, "owner_name"),
    ({"surprise": 1}, "surprise"),
]


@pytest.mark.parametrize(("fields", "named"), WRONG, ids=str)
def test_what_is_wrong_is_said_in_a_sentence_and_nothing_is_planned(
    tool: Tool, fields: dict[str, Any], named: str
) -> None:
    answer = tool.plans(**NEW | fields)
    assert answer.status_code in (400, 422), answer.text
    assert answer.mimetype == "application/problem+json"
    assert named in answer.json["detail"]
    assert tool.plans(**NEW).status_code == 201, "the key is not used up"
    assert db.session.scalar(select(func.count()).select_from(Intervision)) == 1


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'"x"', b"\xff\xfe", b"null", b"1" * 5000])
def test_what_is_no_json_object_is_said_so(tool: Tool, body: bytes) -> None:
    answer = tool.ask("POST", "/sessions", headers={"Idempotency-Key": "k"}, data=body)
    assert answer.status_code == 400
    assert answer.json["detail"].startswith("The body is no JSON object.")


def test_a_huge_body_is_not_read(tool: Tool) -> None:
    answer = tool.plans(**NEW, call_url="https://x.example/" + "y" * 70_000)
    assert answer.status_code == 413
    assert "too much" in answer.json["detail"]


def test_the_same_key_again_plans_nothing_again(tool: Tool) -> None:
    first = tool.plans(**NEW)
    assert tool.plans(**NEW).json == first.json
    other = tool.plans(**NEW | {"title": "Another"})
    assert (other.status_code, "Idempotency-Key" in other.json["detail"]) == (422, True)
    assert tool.plans("another-key", **NEW).json["code"] != first.json["code"]
    assert db.session.scalar(select(func.count()).select_from(Intervision)) == 2


def test_two_at_once_with_the_same_key_plan_one(app: Flask, tool: Tool) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: tool_once(app, tool), range(8)))
    made = {answer.json["code"] for answer in answers if answer.status_code == 201}
    assert len(made) == 1
    assert {answer.status_code for answer in answers} <= {201, 409, 503}
    assert db.session.scalar(select(func.count()).select_from(Intervision)) == 1


def tool_once(app: Flask, tool: Tool) -> Any:
    with app.app_context():
        again = Tool(app, None)
        again.headers = tool.headers
        return again.plans(**NEW)


def test_a_key_is_needed_and_each_account_has_its_own(app: Flask, tool: Tool) -> None:
    assert "Idempotency-Key" in tool.ask("POST", "/sessions", json=NEW).json["detail"]
    tool.plans("k", **NEW)
    nora = tool_of(app, make_account("Nora"))
    assert nora.plans("k", **NEW | {"team": "South"}).status_code == 201
    assert db.session.scalar(select(func.count()).select_from(ApiPlan)) == 2


def test_somebody_elses_team_is_not_planned_for(app: Flask, closed: Cast) -> None:
    answer = tool_of(app, make_account("Nora")).plans(**NEW)
    assert answer.status_code == 409
    assert "Somebody else’s team" in answer.json["detail"]


def test_a_facilitator_plans_nothing(app: Flask) -> None:
    answer = tool_of(app, make_account("Fay", AccountKind.FACILITATOR)).plans(**NEW)
    assert answer.status_code == 403


def test_past_sessions_are_found_as_in_the_archive(tool: Tool, closed: Cast, mia: Account) -> None:
    Cast(mia, title="Another case", team="South").opened("Cara").does("Mia", "stop")
    assert [each["title"] for each in tool.get("/sessions?sort=oldest").json["items"]] == [
        "Another case",
        "Nine contacts, no decider",
    ]
    assert [each["title"] for each in tool.get("/sessions?q=DECIDER map").json["items"]] == [
        "Nine contacts, no decider"
    ]
    assert tool.get("/sessions?team=South").json["count"] == 1
    for wrong in (
        "since=yesterday",
        "sort=best",
        "page=0",
        "page=-1",
        "page=x",
        "page=1e9",
        "q=" + "x" * 300,
        "tema=x",
    ):
        answer = tool.get(f"/sessions?{wrong}")
        assert (answer.status_code, answer.mimetype) == (400, "application/problem+json"), wrong


def test_a_list_comes_in_pages_that_lead_to_each_other(
    tool: Tool, mia: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        Cast(mia, title=f"Case {number}").opened("Cara").does("Mia", "stop")
    monkeypatch.setattr(search.find, "__defaults__", (1, 2))
    monkeypatch.setattr(search, "PAGE", 2)
    first = tool.get("/sessions?team=North").json
    assert (len(first["items"]), first["count"]) == (2, 3)
    assert first["next"] == "http://localhost/api/v1/sessions?team=North&page=2"
    second = tool.get(first["next"].removeprefix("http://localhost/api/v1")).json
    assert (len(second["items"]), second["next"]) == (1, None)
    assert tool.get("/sessions?page=9").json["items"] == []


def test_reading_a_record_is_seen_by_those_who_were_there(tool: Tool, closed: Cast) -> None:
    it = closed.room().it
    read = tool.get(f"/sessions/{it.code}/record").json["record"]
    assert read["questions"][0]["asked"]["text"].startswith("Who asked")
    assert [opening.file for opening in readers.of(closed.room().it)] == ["record (API)"]
    tool.get(f"/sessions/{it.code}/process")
    assert readers.of(closed.room().it)[0].process


def test_a_session_that_is_open_is_not_read(tool: Tool, mia: Account) -> None:
    code = Cast(mia).go_to("questions").room().it.code
    for what in ("record", "process"):
        assert tool.get(f"/sessions/{code}/{what}").status_code == 409
    assert tool.get(f"/sessions/planned/{code}").json["state"] == "open"


@pytest.mark.parametrize("what", ["record", "process"])
def test_an_answer_that_is_known_already_is_not_sent_again(tool: Tool, closed: Cast, what: str) -> None:
    path = f"/sessions/{closed.room().it.code}/{what}"
    first = tool.get(path)
    again = tool.get(path, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")


def test_the_administrator_reads_nothing_by_being_one(app: Flask, closed: Cast) -> None:
    ada = tool_of(app, make_account("Ada", admin=True))
    code = closed.room().it.code
    assert ada.get("/sessions").json["items"] == []
    for path in (f"/sessions/{code}/record", f"/sessions/{code}/process", f"/sessions/planned/{code}"):
        assert ada.get(path).status_code == 404
    assert ada.get(f"/figures/{closed.room().it.team_id}").status_code == 404


def test_teams_say_what_one_is_in_them(app: Flask, closed: Cast) -> None:
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.scalars(select(Team)).one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    [team] = tool_of(app, fay).get("/teams").json["items"]
    assert (team["name"], team["you_are"]) == ("North", ["facilitator"])


def test_a_team_has_the_themes_of_those_sessions_alone_that_one_may_know_of(app: Flask, mia: Account) -> None:
    for visibility, theme in (("room", "Layoffs"), ("process", "Renewal")):
        cast = Cast(mia, visibility=visibility).go_to("lessons")
        cast.does("Mia", "themes", themes=[theme])
        cast.go_to("closed")
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.scalars(select(Team)).one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    assert tool_of(app, fay).get("/teams").json["items"][0]["themes"] == ["Renewal"]
    assert tool_of(app, mia).get("/teams").json["items"][0]["themes"] == ["Layoffs", "Renewal"]
