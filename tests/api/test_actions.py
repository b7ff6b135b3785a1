"""Actions leave only when their owner exported them, to accounts that read the record, and until the owner ends it."""

import json

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account, AccountKind
from app.extensions import db
from app.privacy import erasure
from app.privacy.audit import Line
from app.sessions.rules import Refused
from app.teams.models import MemberKind, Membership, Team
from tests.api.conftest import Tool, tool_of
from tests.sessions.cast import Cast
from tests.sessions.sockets import cookie_of
from tests.visitor import Visitor, make_account, path_of


def ottos(app: Flask, cast: Cast) -> Visitor:
    browser = Visitor(app)
    name, value = cookie_of(app, cast, "Otto").split("=", 1)
    browser.client.set_cookie(name, value)
    return browser


def facilitator(app: Flask) -> Tool:
    fay = make_account("Fay", AccountKind.FACILITATOR)
    north = db.session.scalars(select(Team)).one()
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    return tool_of(app, fay)


def test_what_the_owner_did_not_export_is_in_no_answer(app: Flask, tool: Tool, closed: Cast) -> None:
    it = closed.room().it
    assert tool.get("/actions").json == {"items": [], "count": 0, "next": None}
    read = tool.get(f"/sessions/{it.code}/record").json
    assert read["actions_exported_at"] is None
    assert (read["record"]["plan"]["actions"], read["record"]["plan"]["supporters"]) == ([], [])
    for path in ("/sessions?q=draw", "/check-ins/due", f"/sessions/{it.code}/process", "/lessons"):
        assert "Draw the map" not in json.dumps(tool.get(path).json)


def test_the_owner_exports_them_on_their_page_and_ends_it_there(app: Flask, tool: Tool, closed: Cast) -> None:
    it, browser = closed.room().it, ottos(app, closed)
    assert "Let tools read my actions" in browser.get(f"/sessions/{it.code}/follow-up").text
    answer = browser.send(f"/sessions/{it.code}/export-actions", on="yes")
    assert path_of(answer) == f"/sessions/{it.code}/follow-up"
    assert "can read your actions from now on" in browser.get(f"/sessions/{it.code}/follow-up").text
    [action] = tool.get("/actions").json["items"]
    assert (action["what"], action["who"], action["by"], action["state"]) == (
        "Draw the map", "Otto", "2026-03-05", "not_started",
    )  # fmt: skip
    assert tool.get(f"/sessions/{it.code}/record").json["record"]["plan"]["actions"][0]["what"] == "Draw the map"
    browser.send(f"/sessions/{it.code}/export-actions", on="no")
    assert tool.get("/actions").json["items"] == []
    assert tool.get(f"/sessions/{it.code}/record").json["record"]["plan"]["actions"] == []
    acts = db.session.scalars(select(Line.act).where(Line.act.like("actions_%")).order_by(Line.id)).all()
    assert acts == ["actions_exported", "actions_kept"]


@pytest.mark.parametrize("who", ["Mia", "Cara"])
def test_nobody_else_exports_them(tool: Tool, closed: Cast, who: str) -> None:
    with pytest.raises(Refused):
        closed.does(who, "export_actions", on=True)
    assert tool.get("/actions").json["items"] == []


def test_they_are_as_they_stand_now(tool: Tool, closed: Cast) -> None:
    closed.does("Otto", "export_actions", on=True)
    [action] = closed.sees_kind("Otto", "action")
    closed.does("Otto", "state", item=action["id"], state="done")
    closed.does("Otto", "move_date", item=action["id"], by="2026-04-01")
    closed.does("Otto", "word", item=action["id"], text="A secret word")
    closed.does("Otto", "add_step", text="Call Karim again", by="2026-05-01")
    first, second = tool.get("/actions").json["items"]
    assert (first["state"], first["by"]) == ("done", "2026-04-01")
    assert (second["what"], second["by"], second["state"]) == ("Call Karim again", "2026-05-01", "not_started")
    assert "A secret word" not in tool.get("/actions").text


def test_who_may_not_read_the_record_gets_no_action_of_it(app: Flask, mia: Account) -> None:
    for visibility in ("room", "process", "facilitators"):
        cast = Cast(mia, title=f"For {visibility}", visibility=visibility).run_up_to("closed")
        cast.does("Otto", "export_actions", on=True)
    db.session.rollback()
    fay = facilitator(app)
    assert [action["title"] for action in fay.get("/actions").json["items"]] == ["For facilitators"]
    assert len(tool_of(app, mia).get("/actions").json["items"]) == 3
    assert tool_of(app, make_account("Stan")).get("/actions").json["items"] == []


def test_a_tool_that_asks_all_the_time_leaves_one_line(tool: Tool, closed: Cast) -> None:
    closed.does("Otto", "export_actions", on=True)
    for _ in range(3):
        tool.get("/actions")
    assert db.session.scalars(select(Line.detail).where(Line.act == "downloaded")).all() == ["actions (API)"]


def test_with_the_owner_the_export_ends(tool: Tool, closed: Cast) -> None:
    closed.does("Otto", "export_actions", on=True)
    erasure.erase_seat(closed.seats["Otto"], words=False)
    assert tool.get("/actions").json["items"] == []


def test_they_can_be_asked_for_by_session_and_team(tool: Tool, closed: Cast) -> None:
    closed.does("Otto", "export_actions", on=True)
    code = closed.room().it.code
    assert len(tool.get(f"/actions?session={code}&team=North").json["items"]) == 1
    assert tool.get("/actions?session=QQQQQQ").json["items"] == []
    assert tool.get("/actions?team=South").json["items"] == []
