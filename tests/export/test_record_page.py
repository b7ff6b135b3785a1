"""The record and the downloads, over HTTP: for the people who were in the room, and for nobody else."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from io import BytesIO
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from app import create_app
from app.extensions import db
from app.sessions import seats, view
from app.sessions.access import Reader
from app.sessions.exports import formats
from app.sessions.exports.dates import day_words
from app.sessions.exports.sheet import clean
from app.sessions.models import Contribution, Seat
from app.sessions.record import record_page
from app.times import now
from tests.conftest import Server
from tests.export import corpus
from tests.sessions.cast import Cast

FILES = [f"{document}.{extension}" for document in ("plan", "record") for extension in formats.of(document)]
PAGES = ("record", *FILES)
SECRETS = {"note": "Ask about finance", "parked": "Parked: call the CFO", "fact": "It was a crane", "star": "starred"}

BEGINNINGS = {
    "pdf": b"%PDF-1.7",
    "docx": b"PK",
    "md": b"# ",
    "csv": b'\xef\xbb\xbf"What"',
    "ics": b"BEGIN:VCALENDAR\r\n",
    "json": b'{\n  "format": "intervise.',
}

Visit = Callable[[str, str], TestResponse]


@pytest.fixture
def cast(app: Flask) -> Cast:
    """A closed session: Mia moderates, Otto owns, Cara and Carl consult, and something was said in every phase."""
    return Cast().run_up_to("closed")


@pytest.fixture
def visit(app: Flask, cast: Cast) -> Visit:
    """`visit("Cara", "record")`: what this person's browser is answered. Stan has no seat."""

    def visit(who: str, page: str) -> TestResponse:
        return browser_of(app, cast, who).get(f"/sessions/{cast.room().it.code}/{page}")

    return visit


def browser_of(app: Flask, cast: Cast, who: str) -> FlaskClient:
    browser = app.test_client()
    if who in cast.seats:
        seat = db.session.get(Seat, cast.seats[who])
        assert seat
        with browser.session_transaction() as session:
            session["seats"] = [[seat.intervision_id, seat.id, seats._turn(seat)]]
    return browser


@pytest.mark.parametrize("who", ["Mia", "Otto", "Cara"])
def test_everybody_who_was_in_the_room_reads_the_record(visit, who):
    answer = visit(who, "record")

    assert answer.status_code == 200
    for words in ("Nobody will name a decider", "Who asked, Cara?", "The technical manager", "Help me find who decides",
                  "Map the contacts", "Carl would draw the map", "A strong first step", "Count roles, not contacts",
                  "When I call, I will ask"):  # fmt: skip
        assert words in answer.text, words


@pytest.mark.parametrize("who", ["Mia", "Otto", "Cara"])
@pytest.mark.parametrize("file", FILES)
def test_everybody_who_was_in_the_room_downloads_every_file(visit, who, file):
    answer = visit(who, file)

    assert answer.status_code == 200
    assert answer.content_type == formats.FORMATS[file.partition(".")[2]].media_type
    assert f'filename="{"action-plan" if file.startswith("plan") else "record"}-nine-contacts' in str(answer.headers)
    assert answer.data.startswith(BEGINNINGS[file.partition(".")[2]])


@pytest.mark.parametrize(
    "file", ["plan.exe", "plan.PDF", "record.csv", "record.ics", "plan.", "notes.pdf", "plan.pdf.md"]
)
def test_a_format_that_there_is_not_is_an_address_that_there_is_not(visit, file):
    assert visit("Otto", file).status_code == visit("Stan", file).status_code == 404


def test_a_plan_without_dates_has_no_calendar_and_says_so(visit, cast):
    unseal(cast)
    for action in cast.room().contributions("action"):
        action.data = action.data | {"by": ""}
    db.session.commit()
    answer = visit("Otto", "plan.ics")

    assert answer.status_code == 404
    assert "No action in this plan has a date" in answer.text
    assert "plan.ics" not in visit("Otto", "record").text
    assert visit("Otto", "plan.csv").status_code == 200


def test_the_record_offers_every_file(visit, cast):
    page = visit("Cara", "record").text

    assert [file for file in FILES if f'href="/sessions/{cast.room().it.code}/{file}" download' not in page] == []


@pytest.mark.parametrize("page", PAGES)
def test_participants_read_until_the_day_that_was_set_and_moderators_after_it(visit, cast, page):
    closed_ago(cast, timedelta(days=90, hours=-1))
    assert visit("Cara", page).status_code == 200
    closed_ago(cast, timedelta(days=90, hours=1))
    late = {who: visit(who, page) for who in ("Mia", "Otto", "Cara", "Stan")}

    assert {who: answer.status_code for who, answer in late.items()} == {
        "Mia": 200, "Otto": 410, "Cara": 410, "Stan": 404
    }  # fmt: skip
    day = day_words(cast.room().it.readable_until.astimezone(ZoneInfo("Europe/Brussels")).date(), "en")
    assert (
        f"This record could be read until {day}. If you need it again, please ask your moderator." in late["Otto"].text
    )
    assert "Nine contacts" not in late["Otto"].text


def unseal(cast: Cast) -> None:
    """Let a test write what no command would."""
    cast.room().it.sealed = False
    db.session.commit()


def closed_ago(cast: Cast, long: timedelta) -> None:
    cast.room().it.closed_at = now() - long
    db.session.commit()


def test_after_that_day_the_room_holds_nothing_to_read_either(cast):
    until = cast.room().it.readable_until
    room = cast.room()
    later = until + timedelta(days=1)
    seen = {
        who: view.snapshot(room, Reader(room.seat(cast.seats[who])), moment)["items"].values()
        for who, moment in (("Mia", later), ("Carl", later), ("Cara", until))
    }
    seen = {who: {item["kind"] for item in items} for who, items in seen.items()}

    assert "question" in seen["Mia"] & seen["Cara"]
    assert seen["Carl"] <= {"question", "idea", "recommendation"}  # his own words
    assert "action" not in seen["Carl"]


@pytest.mark.parametrize("page", PAGES)
def test_without_a_transcript_the_files_are_for_the_owner_and_the_moderator(app, page):
    cast = Cast(transcript=False).run_up_to("closed")  # Cara's name stands under a lesson, so that she keeps a seat
    code = cast.room().it.code

    answers = {who: browser_of(app, cast, who).get(f"/sessions/{code}/{page}") for who in ("Mia", "Otto", "Cara")}

    assert {who: answer.status_code for who, answer in answers.items()} == {"Mia": 200, "Otto": 200, "Cara": 404}


def test_without_a_transcript_the_page_says_so_and_shows_the_lessons(app):
    cast = Cast(transcript=False).run_up_to("closed")
    page = browser_of(app, cast, "Otto").get(f"/sessions/{cast.room().it.code}/record").text

    assert page.count("This session leaves no transcript") == 1
    assert "Count roles, not contacts" in page
    assert "phase-1" not in page


@pytest.mark.parametrize("who", ["Mia", "Otto", "Cara"])
def test_everybody_who_was_in_the_room_downloads_the_plan(visit, who):
    pdf, markdown = visit(who, "plan.pdf"), visit(who, "plan.md")

    assert pdf.mimetype == "application/pdf"
    assert "Draw the map" in PdfReader(BytesIO(pdf.data)).pages[0].extract_text()
    assert markdown.content_type == "text/markdown; charset=utf-8"
    assert "| Draw the map | Otto | 5 Mar 2026 |" in markdown.text


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_answered_as_if_there_were_no_session(visit, app, page):
    answer = visit("Stan", page)
    nowhere = app.test_client().get(f"/sessions/ZZZZZZ/{page}")

    assert answer.status_code == nowhere.status_code == 404
    assert answer.text == nowhere.text


@pytest.mark.parametrize("status", ["waiting", "removed"])
@pytest.mark.parametrize("page", PAGES)
def test_whoever_was_not_let_in_or_was_sent_out_is_a_stranger(visit, cast, status, page):
    seat = db.session.get(Seat, cast.seats["Carl"])
    assert seat
    seat.status = status
    db.session.commit()

    assert visit("Carl", page).status_code == 404
    assert visit("Cara", page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_a_seat_in_another_session_opens_nothing_here(visit, app, cast, page):
    other = Cast(title="Another one").run_up_to("closed")

    answer = browser_of(app, other, "Mia").get(f"/sessions/{cast.room().it.code}/{page}")

    assert answer.status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_while_the_session_is_open_people_are_sent_to_the_room(app, page):
    cast = Cast().go_to("lessons")
    code = cast.room().it.code

    answer = browser_of(app, cast, "Cara").get(f"/sessions/{code}/{page}")

    assert answer.status_code == 302
    assert answer.location.endswith(f"/sessions/{code}/room")
    assert app.test_client().get(f"/sessions/{code}/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_nothing_is_kept_by_caches_or_guessed_by_browsers(visit, page):
    headers = visit("Otto", page).headers

    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_downloads_are_files_with_the_sessions_name(visit):
    disposition = visit("Otto", "plan.pdf").headers["Content-Disposition"]

    assert disposition.startswith('attachment; filename="action-plan-nine-contacts-no-decider.pdf"')


@pytest.mark.parametrize("who", ["Mia", "Otto", "Cara", "Carl"])
def test_private_words_are_in_nobodys_record(visit, cast, who):
    unseal(cast)
    for kind, words in SECRETS.items():
        seat = cast.seats[who]
        db.session.add(Contribution(intervision_id=cast.id, seat_id=seat, kind=kind, place=1, text=words, data={}))
    db.session.commit()

    for page in ("record", *(file for file in FILES if not file.endswith(("pdf", "docx")))):
        told = visit(who, page).text
        assert not [words for words in SECRETS.values() if words in told]


def test_an_idea_stands_without_its_author(visit):
    page = visit("Cara", "record").text
    ideas = page.split('id="phase-3"')[1].split('id="phase-4"')[0]

    assert "Map the contacts" in ideas
    assert "Cara" not in ideas
    assert "Carl" not in ideas


def test_an_overridden_ask_and_a_stop_are_said_plainly(visit, cast):
    sentences = ("The moderator opened the brainstorm before there was an ask.", "stopped before its end")
    assert not [sentence for sentence in sentences if sentence in visit("Cara", "record").text]

    it = cast.room().it
    it.overridden = it.stopped = True
    db.session.commit()

    assert [sentence for sentence in sentences if sentence in visit("Cara", "record").text] == list(sentences)


def test_planned_and_used_minutes_are_told(visit, cast):
    time = cast.room().times["recommendations"]
    time.used_s, time.planned_s = 7 * 60 + 20, 8 * 60
    db.session.commit()

    phase = visit("Cara", "record").text.split('id="phase-4"')[1].split("</header>")[0]

    assert "7 min used, 8 min planned" in phase


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_is_text_on_the_page(app, name):
    words = corpus.CORPUS[name]
    with app.test_request_context():
        plain = Elements(record_page(corpus.snapshot("x")))
        page = Elements(record_page(corpus.snapshot(words)))

    assert page.tags == plain.tags
    assert page.texts.count(clean(words)) >= 80  # all fields but the title and the like, which are shorter


def test_a_session_stopped_in_the_lobby_has_a_record_and_a_plan(app):
    cast = Cast()
    cast.does("Otto", "statement", issue="Prepared, and never told")
    cast.go_to("lobby")
    cast.does("Otto", "stop")

    for who in ("Otto", "Cara"):
        for page in (page for page in PAGES if page != "plan.ics"):  # no action, no date
            answer = browser_of(app, cast, who).get(f"/sessions/{cast.room().it.code}/{page}")
            assert answer.status_code == 200
            assert b"never told" not in answer.data


def test_the_running_server_hands_out_the_same_plan(server: Server):
    """Its pages are made by another thread, in which nothing of Flask is known."""
    app = create_app(DATABASE_URL=server.database_url, ASYNC_MODE="threading", PUBLIC_URL=server.url)
    with app.app_context():
        cast = Cast().run_up_to("closed")
        address = f"/sessions/{cast.room().it.code}/plan.pdf"
        browser = browser_of(app, cast, "Otto")
        here = browser.get(address).data
        cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
        db.session.rollback()
        db.engine.dispose()
    assert cookie

    request = Request(server.url + address, headers={"Cookie": f"{cookie.key}={cookie.value}"})
    with urlopen(request, timeout=30) as answer:
        assert answer.read() == here
        assert here.startswith(b"%PDF-1.7")


class Elements(HTMLParser):
    """A page as a browser reads it: the tags and the texts, in their order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())
