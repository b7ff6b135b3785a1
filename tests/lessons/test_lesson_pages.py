"""The pages of lessons, their feeds, and where a team's news goes: for members, and for nobody else."""

import re
from datetime import timedelta
from xml.etree import ElementTree as Xml

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Account
from app.deliveries import worker
from app.deliveries.models import Delivery, Webhook
from app.extensions import db
from app.lessons.models import Feed
from app.privacy import erasure
from app.privacy.audit import Line
from app.sessions.commands.door import change
from app.sessions.models import Intervision, Visibility
from app.sessions.room import Room
from app.teams.models import MemberKind, Membership
from app.times import at, now
from tests.deliveries.receiver import Receiver
from tests.lessons.conftest import Hold, join_team
from tests.lessons.conftest import shared as given
from tests.sessions.cast import START, Cast
from tests.visitor import PASSWORD, Visitor, make_account, path_of

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def browser(app: Flask, account: Account) -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in(account)
    return visitor


@pytest.fixture
def cast(hold: Hold) -> Cast:
    """A session that was closed two days ago."""
    lesson = given("Count roles", situation="Nine contacts, and nobody decides", named=True)
    return hold(lesson, themes=("Deciders",), when=now() - timedelta(days=2))


@pytest.fixture
def fay(app: Flask, cast: Cast) -> Visitor:
    """A facilitator of the team."""
    return browser(app, join_team(make_account("Fay"), cast))


# --- Lessons and cards ---


def test_a_member_finds_the_lesson_with_its_situation_theme_and_author(fay: Visitor) -> None:
    page = fay.get("/lessons?q=NINE").text
    for words in ("<mark>Nine</mark> contacts, and nobody decides", "Count roles", "Deciders", "Cara", "1 lesson"):
        assert words in page
    assert "Nothing found" in fay.get("/lessons?q=unicorn").text


def test_todays_card_shows_the_situation_first_and_its_box_cannot_be_sent(fay: Visitor) -> None:
    page = fay.get("/lessons/today").text
    before, _, after = page.partition("<details")
    assert "Nine contacts, and nobody decides" in before
    assert "Count roles" not in before
    assert "Count roles" in after
    (box,) = re.findall(r"<textarea[^>]*>", page)
    assert "name=" not in box
    assert not re.search(r"<form(?:(?!</form>).)*<textarea", page, re.DOTALL)
    assert "Today’s card" in fay.get("/").text


def test_a_lesson_without_a_situation_is_met_by_its_theme(app: Flask, hold: Hold, mia: Account) -> None:
    hold(given("Ask who signs"), themes=("Pricing",), when=now() - timedelta(days=7))
    assert "A colleague was stuck with: Pricing." in browser(app, mia).get("/lessons/today").text


@pytest.mark.parametrize(
    "path", ["/lessons", "/lessons/today", "/lessons/earlier.json?theme=Deciders", "/lessons/feeds"]
)
def test_strangers_sign_in_first_and_members_of_no_team_see_nothing(app: Flask, cast: Cast, path: str) -> None:
    assert path_of(Visitor(app).get(path)).startswith("/sign-in")
    nora = browser(app, make_account("Nora", admin=True))
    assert "Count roles" not in nora.get(path).text


def test_whoever_plans_on_a_theme_is_shown_what_was_learned(app: Flask, cast: Cast, mia: Account) -> None:
    visitor = browser(app, mia)
    (found,) = visitor.get("/lessons/earlier.json?theme=deciders").json or []
    assert found == {"text": "Count roles", "situation": "Nine contacts, and nobody decides", "name": "Cara"}
    soon = now() + timedelta(days=1)
    fields = {"title": "Next one", "team": "North", "date": soon.date(), "time": "10:00", "timezone": "UTC"}
    plan = {"language": "en", "expected": "5", "length": "60", "readable_days": "90", "visibility": "room"}
    invitation = path_of(visitor.send("/sessions/new", **fields, **plan, theme="DECIDERS"))
    assert "Count roles" in visitor.get(invitation).text
    it = db.session.scalars(select(Intervision).where(Intervision.title == "Next one")).one()
    assert Room(db.session, it).themes == ["Deciders"]
    edit = f"{invitation}/edit"
    assert 'value="Deciders"' in visitor.get(edit).text
    visitor.send(edit, **fields, **plan, theme="")
    assert "Count roles" not in visitor.get(invitation).text


# --- Feeds ---


def make_feed(visitor: Visitor, cast: Cast) -> str:
    found = re.search(r"http://localhost(/feeds/[\w-]+\.atom)", visitor.send(f"/lessons/feeds/{team(cast)}").text)
    assert found
    return found[1]


def team(cast: Cast) -> int:
    return cast.room().it.team_id


def entries(answer_text: str) -> list[Xml.Element]:
    return Xml.fromstring(answer_text).findall("a:entry", ATOM)


def test_the_feed_carries_lessons_to_a_reader_without_a_cookie(app: Flask, fay: Visitor, cast: Cast) -> None:
    address = make_feed(fay, cast)
    answer = Visitor(app).get(address)
    assert answer.mimetype == "application/atom+xml"
    (entry,) = entries(answer.text)
    assert entry.findtext("a:title", "", ATOM) == "A new lesson · Deciders"
    assert entry.findtext("a:content", "", ATOM) == "Nine contacts, and nobody decides\n\nCount roles"
    assert entry.findtext("a:author/a:name", "", ATOM) == "Cara"
    assert entry.findtext("a:id", "", ATOM).startswith("tag:localhost,2026:intervise:lesson:")
    for words in (cast.room().it.title, "Otto", cast.room().it.code):
        assert words not in answer.text
    etag = answer.headers["ETag"]
    assert Visitor(app).get(address, headers={"If-None-Match": etag}).status_code == 304


def test_the_address_is_stored_as_a_hash_and_shown_once(fay: Visitor, cast: Cast) -> None:
    token = make_feed(fay, cast).removeprefix("/feeds/").removesuffix(".atom")
    assert len(token) >= 32
    (row,) = db.session.scalars(select(Feed))
    assert token not in row.token_hash
    assert token not in fay.get("/lessons/feeds").text


def test_a_new_address_ends_the_old_one_and_so_do_closing_a_new_password_leaving_and_erasing(
    app: Flask, fay: Visitor, cast: Cast
) -> None:
    reader = Visitor(app)
    first = make_feed(fay, cast)
    second = make_feed(fay, cast)
    assert [reader.get(address).status_code for address in (first, second)] == [404, 200]
    fay.send(f"/lessons/feeds/{team(cast)}/close")
    assert reader.get(second).status_code == 404
    third = make_feed(fay, cast)
    fresh = "an even longer password"
    fay.send("/account/password", current=PASSWORD, password=fresh, repeated=fresh)
    assert reader.get(third).status_code == 404
    fourth = make_feed(fay, cast)
    (row,) = db.session.scalars(select(Feed))
    account_id = row.account_id
    db.session.delete(db.session.get(Membership, (account_id, team(cast), MemberKind.FACILITATOR)))
    db.session.commit()
    assert reader.get(fourth).status_code == 404
    erasure.erase_account(account_id, words=True)
    assert db.session.scalars(select(Feed)).all() == []
    assert {"feed_made", "feed_closed"} <= set(db.session.scalars(select(Line.act)))


def test_a_feed_of_a_team_is_for_its_members(app: Flask, cast: Cast) -> None:
    nora = browser(app, make_account("Nora", admin=True))
    assert nora.send(f"/lessons/feeds/{team(cast)}").status_code == 404
    assert nora.get("/feeds/nothing.atom").status_code == 404


def test_a_moderator_is_told_that_a_check_in_is_due_and_nobody_else(app: Flask, mia: Account) -> None:
    moment = now() - timedelta(days=3)
    with at(moment):
        cast = Cast(mia, starts_at=moment, visibility=Visibility.FACILITATORS).run_up_to("closed")
    fay, mias = browser(app, join_team(make_account("Fay"), cast)), browser(app, mia)
    of_mia, of_fay = (Visitor(app).get(make_feed(each, cast)).text for each in (mias, fay))
    due = "A check-in is due after one of your sessions"
    assert [entry.findtext("a:title", "", ATOM) for entry in entries(of_mia)].count(due) == 1
    assert due not in of_fay
    assert "Draw the map" not in of_mia
    assert "Otto" not in of_mia


def test_words_that_xml_does_not_know_break_no_feed(app: Flask, fay: Visitor, cast: Cast) -> None:
    with change(cast.id, "corpus") as under_way:
        under_way.unseal()
        (lesson,) = under_way.room.contributions("lesson")
        lesson.text = "</content>&amp; \x0b\x00\ufffe ]]> <script>"
    (entry,) = entries(Visitor(app).get(make_feed(fay, cast)).text)
    assert "</content>&amp;  ]]> <script>" in entry.findtext("a:content", "", ATOM)


# --- Where a team's news goes ---


def add(visitor: Visitor, cast: Cast, url: str, format_: str = "json") -> str:
    return visitor.send(f"/teams/{team(cast)}/news", address=url, format=format_).text


def test_an_address_is_added_tried_and_taken_away(
    app: Flask,
    cast: Cast,
    mia: Account,
    other_side: Receiver,
) -> None:
    visitor = browser(app, mia)
    page = add(visitor, cast, other_side.url)
    secret = re.search(r"whsec_[\w+/=]+", page)
    assert secret
    assert "key=1" not in page
    (webhook,) = db.session.scalars(select(Webhook))
    news, its = f"/teams/{team(cast)}/news", f"/teams/{team(cast)}/news/{webhook.id}"
    assert secret[0] not in visitor.get(news).text
    visitor.send(f"{its}/test")
    assert "The test has arrived." in visitor.get(news).text
    other_side.answers = lambda handler: handler.say(410)
    visitor.send(f"{its}/test")
    page = visitor.get(news).text
    assert page.count("The other side refused it (410).") == 2, "once as an answer, once as the last result"
    assert db.session.scalars(select(Delivery).where(Delivery.kind == "webhook_test")).all() == []
    visitor.send(f"{its}/delete")
    assert db.session.scalars(select(Webhook)).all() == []
    assert {"webhook_made", "webhook_deleted"} <= set(db.session.scalars(select(Line.act)))


def test_a_test_is_sent_once_by_who_asked_for_it_though_a_worker_looks_at_that_moment(
    app: Flask, cast: Cast, mia: Account, other_side: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = browser(app, mia)
    add(visitor, cast, other_side.url)
    (webhook,) = db.session.scalars(select(Webhook))
    worker.deliver_due()
    other_side.received.clear()
    sends = worker.deliver_one
    found: list[tuple[int, int]] = []

    def looked_at_before(delivery_id: int) -> bool:
        found.append(worker.deliver_due())
        return sends(delivery_id)

    monkeypatch.setattr(worker, "deliver_one", looked_at_before)
    visitor.send(f"/teams/{team(cast)}/news/{webhook.id}/test")
    assert "The test has arrived." in visitor.get(f"/teams/{team(cast)}/news").text
    assert (found, len(other_side.received)) == ([(0, 0)], 1)


@pytest.mark.parametrize(
    "url", ["", "http://example.org/", "https://10.0.0.1/", "https://user:word@example.org/", "javascript:1"]
)
def test_an_address_that_cannot_be_is_refused_with_a_sentence(app: Flask, cast: Cast, mia: Account, url: str) -> None:
    page = add(browser(app, mia), cast, url)
    assert "field-error" in page
    assert db.session.scalars(select(Webhook)).all() == []


def test_five_addresses_are_enough(app: Flask, cast: Cast, mia: Account) -> None:
    visitor = browser(app, mia)
    for number in range(5):
        assert "It is set up" in add(visitor, cast, f"https://example.org/{number}")
    assert "Five addresses are enough" in add(visitor, cast, "https://example.org/6")


def test_only_whoever_moderates_sets_it_up(app: Flask, fay: Visitor, cast: Cast, mia: Account) -> None:
    add(browser(app, mia), cast, "https://example.org/x")
    (webhook,) = db.session.scalars(select(Webhook))
    news = f"/teams/{team(cast)}/news"
    sam = browser(app, make_account("Sam"))
    ada = browser(app, make_account("Ada", admin=True))  # to an address of hers the team's lessons would go
    for visitor in (fay, sam, ada):
        assert visitor.get(news).status_code == 404
        for path in (news, f"{news}/{webhook.id}/test", f"{news}/{webhook.id}/delete"):
            assert visitor.send(path, address="https://example.org/y", format="json").status_code == 404
    assert path_of(Visitor(app).get(news)).startswith("/sign-in")
    assert "Where it goes" not in ada.get(f"/teams/{team(cast)}").text
    assert len(db.session.scalars(select(Webhook)).all()) == 1


def test_a_webhook_of_another_team_is_not_there(app: Flask, hold: Hold, cast: Cast, mia: Account) -> None:
    other = hold(team="South")
    add(browser(app, mia), other, "https://example.org/x")
    (webhook,) = db.session.scalars(select(Webhook))
    assert browser(app, mia).send(f"/teams/{team(cast)}/news/{webhook.id}/delete").status_code == 404


def test_what_was_given_up_stands_on_the_page(app: Flask, cast: Cast, mia: Account) -> None:
    failed = {"failed_at": START, "error": "timeout", "due_at": START, "next_try_at": START}
    db.session.add(Delivery(channel="mail", kind="check_in", team_id=team(cast), **failed))
    db.session.commit()
    assert "The other side took too long to answer." in browser(app, mia).get(f"/teams/{team(cast)}/news").text
