"""Teams: who belongs to them, who may change that, and what follows for planning."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account, AccountKind
from app.extensions import db
from app.privacy import erasure
from app.privacy.audit import Line
from app.teams.models import MemberKind, Membership, Team
from app.times import now
from tests.visitor import Visitor, make_account, path_of

PLAN = {
    "title": "The stalled renewal",
    "language": "en",
    "date": (now() + timedelta(days=7)).date().isoformat(),
    "time": "09:00",
    "timezone": "UTC",
    "expected": "5",
    "length": "60",
    "readable_days": "90",
    "visibility": "room",
}


@pytest.fixture
def ada(app: Flask) -> Visitor:
    """Administers; belongs to no team."""
    return signed_in(app, make_account("Ada", admin=True))


@pytest.fixture
def north(app: Flask) -> Team:
    team = Team(name="North")
    db.session.add(team)
    db.session.commit()
    return team


def signed_in(app: Flask, account: Account) -> Visitor:
    browser = Visitor(app)
    browser.sign_in(account)
    return browser


def kinds_of(name: str) -> list[tuple[str, str]]:
    query = select(Team.name, Membership.kind).join(Membership).join(Account, Account.id == Membership.account_id)
    return [(team, kind) for team, kind in db.session.execute(query.where(Account.name == name))]


def lines(act: str) -> list[tuple[int | None, int | None, str]]:
    return [
        (line.team_id, line.account_id, line.detail) for line in db.session.scalars(select(Line).filter_by(act=act))
    ]


def test_ada_adds_fay_and_takes_her_out_again(ada: Visitor, north: Team) -> None:
    fay, team_id = make_account("Fay", AccountKind.FACILITATOR), north.id
    fay_id = fay.id
    for _twice in range(2):
        answer = ada.send(f"/teams/{team_id}/members", account=fay_id, kind="facilitator")
        assert path_of(answer) == f"/teams/{team_id}"
    page = ada.get(f"/teams/{team_id}").text
    assert kinds_of("Fay") == [("North", "facilitator")]
    assert re.search(r"<bdi>Fay</bdi></h3>\s*<p class=\"hint\">Facilitator", page)
    ada.send(f"/teams/{team_id}/members/leave", account=fay_id, kind="facilitator")
    assert kinds_of("Fay") == []
    assert lines("membership_given") == lines("membership_taken") == [(team_id, fay_id, "facilitator")]


@pytest.mark.parametrize(
    "data", [{"account": "x"}, {"account": "99", "kind": "moderator"}, {"account": "1", "kind": "king"}, {}]
)
def test_what_makes_no_member_changes_nothing(ada: Visitor, north: Team, data: dict[str, str]) -> None:
    assert ada.send(f"/teams/{north.id}/members", **data).status_code == 200
    ada.send(f"/teams/{north.id}/members/leave", **data)
    assert db.session.scalars(select(Membership)).all() == []


def test_only_an_administrator_changes_members_and_a_moderator_sees_them(app: Flask, north: Team) -> None:
    mia, stan = make_account("Mia"), make_account("Stan")
    db.session.add(Membership(account_id=mia.id, team_id=north.id, kind=MemberKind.MODERATOR))
    db.session.commit()
    page, account, stranger = f"/teams/{north.id}", stan.id, signed_in(app, stan)
    mias = signed_in(app, mia)
    assert "<bdi>Mia</bdi>" in mias.get(page).text
    assert "Add to the team" not in mias.get(page).text
    for browser in (mias, stranger):
        assert browser.send(f"{page}/members", account=account, kind="facilitator").status_code == 404
        assert browser.send(f"{page}/members/leave", account=mia.id, kind="moderator").status_code == 404
    assert stranger.get(page).status_code == 404
    assert "North" not in stranger.get("/teams").text
    assert kinds_of("Mia") == [("North", "moderator")]


@pytest.mark.parametrize(("account", "kind"), [("9" * 40, "moderator"), ("²", "moderator"), ("1", "a\x00b")])
def test_who_is_nobody_cannot_be_taken_out(ada: Visitor, north: Team, account: str, kind: str) -> None:
    answer = ada.send(f"/teams/{north.id}/members/leave", account=account, kind=kind)
    assert path_of(answer) == f"/teams/{north.id}"


@pytest.mark.parametrize("data", [{}, {"account": "1"}, {"kind": "moderator"}, {"account": "", "kind": ""}])
def test_a_form_that_names_nobody_to_take_out_is_not_understood(
    ada: Visitor, north: Team, data: dict[str, str]
) -> None:
    answer = ada.send(f"/teams/{north.id}/members/leave", **data)
    assert answer.status_code == 400
    assert "could not be understood" in answer.text


def test_the_trail_says_what_somebody_was_and_not_what_was_typed(ada: Visitor, north: Team) -> None:
    fay, team_id = make_account("Fay", AccountKind.FACILITATOR), north.id
    fay_id = fay.id
    ada.send(f"/teams/{team_id}/members", account=fay_id, kind="facilitator")
    ada.send(f"/teams/{team_id}/members/leave", account=fay_id, kind="facilitator" + "\x00" * 40)
    assert lines("membership_taken") == [(team_id, fay_id, "facilitator")]


def test_ada_makes_a_team_once(ada: Visitor) -> None:
    assert path_of(ada.send("/teams", name=" South  East ")).startswith("/teams/")
    assert "There is a team of this name already" in ada.send("/teams", name="South East").text
    assert "give the team a name" in ada.send("/teams", name=" ").text
    assert db.session.scalars(select(Team.name)).all() == ["South East"]


@pytest.mark.parametrize("kind", ["moderator", "facilitator"])
def test_an_invitation_may_name_a_team(app: Flask, ada: Visitor, north: Team, kind: str) -> None:
    page = ada.send("/account/invitation", kind=kind, team=north.id).text
    link = re.search(r"http://localhost(/account/new/[\w-]+)", page)
    assert link
    nora = Visitor(app)
    new = {"name": "Nora", "email": "nora@example.org", "password": "a long password", "repeated": "a long password"}
    assert path_of(nora.use_link(link[1], **new)) == ("/sessions/" if kind == "moderator" else "/archive")
    assert kinds_of("Nora") == [("North", kind)]


def test_a_moderator_names_a_new_team_and_moderates_it(app: Flask) -> None:
    mia = signed_in(app, make_account("Mia"))
    assert path_of(mia.send("/sessions/new", **PLAN, team="North")).startswith("/sessions/")
    assert kinds_of("Mia") == [("North", "moderator")]
    assert '<option value="North">' in mia.get("/sessions/new").text
    assert path_of(mia.send("/sessions/new", **PLAN, team="North")).startswith("/sessions/")


def test_somebody_elses_team_is_refused_kindly(app: Flask, north: Team) -> None:
    make_account("Mia")
    stan = signed_in(app, make_account("Stan"))
    page = stan.send("/sessions/new", **PLAN, team="North").text
    assert "Somebody else’s team has this name" in page
    assert kinds_of("Stan") == []


def test_a_facilitator_who_is_given_a_team_to_moderate_plans_for_it(app: Flask, north: Team) -> None:
    fay = make_account("Fay", AccountKind.FACILITATOR)
    fays = signed_in(app, fay)
    assert fays.get("/sessions/new").status_code == 403
    assert ">Sessions</a>" not in fays.get("/archive").text
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.MODERATOR))
    db.session.commit()
    assert ">Sessions</a>" in fays.get("/archive").text
    assert path_of(fays.send("/sessions/new", **PLAN, team="North")).startswith("/sessions/")


def test_with_the_account_its_memberships_go(app: Flask, ada: Visitor, north: Team) -> None:
    fay = make_account("Fay", AccountKind.FACILITATOR)
    db.session.add(Membership(account_id=fay.id, team_id=north.id, kind=MemberKind.FACILITATOR))
    db.session.commit()
    erasure.erase_account(fay.id, words=False)
    assert db.session.scalars(select(Membership)).all() == []
