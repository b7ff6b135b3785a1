"""Hostile text in every field, and every file and answer that there is: a parser of somebody else's reads each of them
back, and finds the words as they were typed, and nothing else of them.
"""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest
from icalendar import Calendar
from markdown_it import MarkdownIt
from pypdf import PdfReader
from sqlalchemy import select

from app.deliveries import Delivery, mail
from app.deliveries.formats import FORMATS as OF_NEWS
from app.deliveries.models import Webhook
from app.deliveries.outbox import composers
from app.extensions import db
from app.sessions.exports.formats import FORMATS, of
from app.teams.models import Theme
from tests.attacks.corpus import HOSTILE, NAME, TEXT
from tests.attacks.everything import Everything, everything  # noqa: F401 - a fixture
from tests.attacks.marks import Held, strings
from tests.attacks.pages import squeezed

WORDS, LINE, NAMES, NOTHING = "words", "line", "name", ""
IN_PDF = ("html", "typst", "path", "surrogate")
"""Laying out takes its time; tests/export sends a corpus of its own through every field of the PDF."""
IN_A_CARD = 350
"""So much of a lesson stands in a message to Slack or Teams."""


@dataclass(frozen=True)
class File:
    """What `who` gets at a rule; `kind`: which parser reads it; `shows`: what of the text stands in it."""

    kind: str
    who: str
    shows: str = WORDS
    of: str = "closed"


DOCUMENTS = "/sessions/<code>/<any(plan, record, lessons, process):document>.<extension>"
FILES = {
    "/account/data.zip": File("zip", "Fay"),
    "/feeds/<token>.atom": File("atom", "Stan"),
    "/lessons/earlier.json": File("json", "Mia"),
    "/manifest.webmanifest": File("json", "Stan", NOTHING),
    "/sessions/<code>/calendar.ics": File("ics", "Mia", LINE, of="planned"),
    "/sessions/<code>/commitments": File("json", "Mia", of="lobby"),
    "/sessions/<code>/follow-up.ics": File("ics", "Otto"),
    "/sessions/<code>/mine.zip": File("zip", "Otto"),
    "/sessions/<code>/themes": File("json", "Mia", LINE),
    DOCUMENTS: File("", "Mia"),
    "/api/v1/actions": File("json", "tool"),
    "/api/v1/check-ins/due": File("json", "tool", LINE),
    "/api/v1/figures/<team_id>": File("json", "tool", LINE),
    "/api/v1/lessons": File("json", "tool"),
    "/api/v1/me": File("json", "tool", LINE),
    "/api/v1/openapi.json": File("json", "tool", NOTHING),
    "/api/v1/sessions": File("json", "tool", LINE),
    "/api/v1/sessions/<code>/process": File("json", "tool"),
    "/api/v1/sessions/<code>/record": File("json", "tool"),
    "/api/v1/sessions/planned": File("json", "tool", LINE),
    "/api/v1/sessions/planned/<code>": File("json", "tool", LINE, of="planned"),
    "/api/v1/teams": File("json", "tool", LINE),
}
TAKEN = {"records": "zip", "actions": "csv", "lessons": "csv"}
"""What the archive packs of the sessions that are ticked, and how it is read."""


def get(it: Everything, rule: str, file: File) -> Any:
    address = rule.replace("<code>", it.codes[file.of]).replace("<team_id>", str(it.team_id))
    address = address.replace("<token>", it.tokens["feed"])
    asked = {"theme": db.session.scalars(select(Theme.name)).first()} if rule.endswith("/earlier.json") else None
    browser = it.browsers["Stan" if file.who == "tool" else file.who]
    bearer = {"Authorization": f"Bearer {it.tokens['api']}"} if file.who == "tool" else None
    answer = browser.get(address, query_string=asked, headers=bearer)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer


def documents(it: Everything, *, pdf: bool) -> list[tuple[str, str, bytes]]:
    """Every document in every format that it comes in."""
    found = []
    for document in re.findall(r"\w+", DOCUMENTS.partition("any(")[2].partition(")")[0]):
        for kind in of(document):
            if kind != "pdf" or pdf:
                answer = it.browsers["Mia"].get(f"/sessions/{it.codes['closed']}/{document}.{kind}")
                assert answer.status_code == 200, f"{document}.{kind}"
                disposition = answer.headers["Content-Disposition"]
                assert disposition.isascii()
                assert not re.search(r"[\r\n]|\.\.|/etc", disposition)
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                found.append((f"{document}.{kind}", kind, answer.data))
    return found


def taken(it: Everything, what: str) -> bytes:
    answer = it.browsers["Mia"].send(f"/archive/{what}", session=[it.codes["closed"]])
    assert answer.status_code == 200
    return bytes(answer.data)


def check(it: Everything, held: Held, *, pdf: bool) -> None:
    expected = {WORDS: held.words, LINE: held.line, NAMES: held.name, NOTHING: ""}
    for rule, file in FILES.items():
        if rule != DOCUMENTS:
            holds(READ[file.kind](get(it, rule, file).data), expected[file.shows], rule)
    for name, kind, data in documents(it, pdf=pdf):
        holds(READ[kind](data), held.words, name)
    for what, kind in TAKEN.items():
        if pdf or kind != "zip":  # in the records there are PDFs, too
            holds(READ[kind](taken(it, what)), held.words, what)


def holds(texts: list[str], expected: str, where: str) -> None:
    """Whether the words are there, letter by letter; blanks are a matter of layout."""
    assert bare(expected) in bare(" ".join(texts)), f"{where} does not hold what was typed"


def bare(text: str) -> str:
    """Without blanks, and without what would turn the words around it in a document."""
    return squeezed(unicodedata.normalize("NFC", re.sub("[\u200b\u202a-\u202e\u2066-\u2069]", "", text)))


def test_every_format_has_a_parser(everything: Everything) -> None:  # noqa: F811
    assert set(READ) == set(FORMATS) | {"atom", "zip"}
    rules = [rule.rule for rule in everything.app.url_map.iter_rules() if "extension" in rule.arguments]
    assert rules == [DOCUMENTS]
    packed = next(rule.rule for rule in everything.app.url_map.iter_rules() if rule.endpoint == "archive.take")
    assert packed == f"/archive/<any({', '.join(TAKEN)}):what>"


def test_every_file_holds_what_was_typed(everything: Everything) -> None:  # noqa: F811
    check(everything, Held(TEXT, TEXT, NAME), pdf=True)


@pytest.mark.parametrize("name", HOSTILE)
def test_every_file_holds_it_as_text_and_as_nothing_else(everything: Everything, name: str) -> None:  # noqa: F811
    check(everything, everything.holds(HOSTILE[name]), pdf=name in IN_PDF)


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_sent_out_holds_it_as_text(everything: Everything, name: str) -> None:  # noqa: F811
    held, it = everything.holds(HOSTILE[name]), everything.closed.room().it
    about = {"intervision_id": it.id, "team_id": it.team_id, "seat_id": everything.closed.seats["Otto"], "number": 2}
    webhooks = {each.format: each.id for each in db.session.scalars(select(Webhook))}
    assert set(webhooks) == set(OF_NEWS)
    with everything.app.test_request_context():
        for format_, webhook_id in webhooks.items():
            post = composers["lessons_shared"](db.session, Delivery(webhook_id=webhook_id, **about))
            texts = list(strings(json.loads(post.body)))
            holds(texts, held.words[:IN_A_CARD], format_)
            assert post.url.startswith("https://hooks.example/?")
        written = mail.written(composers["confirm"](db.session, Delivery(**about)), "intervise@example.org")
        db.session.rollback()
    holds([written.get_content()], held.line, "mail")
    assert not [value for value in written.values() if "\n" in value or "evil" in value]


def read_json(data: bytes) -> list[str]:
    return list(strings(json.loads(data)))


def read_csv(data: bytes) -> list[str]:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]
    return [re.sub(r"^'(?=[=+@\t\r-])", "", cell) for row in rows for cell in row]


def read_ics(data: bytes) -> list[str]:
    calendar = Calendar.from_ical(data)
    kinds = {part.name for part in calendar.walk()}
    assert kinds <= {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    assert not any("ATTACH" in part for part in calendar.walk())
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    return [str(event.get(name, "")) for event in calendar.walk("VEVENT") for name in ("summary", "description")]


def read_docx(data: bytes) -> list[str]:
    paper = docx.Document(io.BytesIO(data))
    with ZipFile(io.BytesIO(data)) as parts:
        document = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
    assert "w:instrText" not in document
    assert "w:fldSimple" not in document
    assert "javascript:" not in relations
    assert "evil.example" not in relations
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return [*(paragraph.text for paragraph in paper.paragraphs), *cells]


def read_pdf(data: bytes) -> list[str]:
    reader = PdfReader(io.BytesIO(data))
    texts = [page.extract_text() for page in reader.pages]
    assert 1 <= len(texts) <= 120
    assert b"/JavaScript" not in data
    assert "root:x:0" not in "".join(texts)
    links = [str(note.get_object().get("/A", "")) for page in reader.pages for note in page.get("/Annots", [])]
    assert not [link for link in links if "javascript:" in link or "file:" in link]
    return texts


def read_markdown(data: bytes) -> list[str]:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(data.decode())
    inner = [child for token in tokens for child in token.children or []]
    alive = [token for token in [*tokens, *inner] if token.type in ("html_block", "html_inline", "image", "fence")]
    assert {token.content for token in alive} <= {"<br>"}  # our own, in tables
    links = [str(token.attrGet("href")) for token in inner if token.type == "link_open"]
    assert not [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]
    return ["".join(token.content for token in inner if token.type != "html_inline")]


def read_zip(data: bytes) -> list[str]:
    found = []
    with ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        for name in parts.namelist():
            assert re.fullmatch(r"[\w./-]+", name)
            assert ".." not in name
            assert not name.startswith("/")
            if not name.endswith(".txt"):
                found += READ[name.rpartition(".")[2]](parts.read(name))
    return found


def read_atom(data: bytes) -> list[str]:
    feed = ElementTree.fromstring(data)
    atom = "{http://www.w3.org/2005/Atom}"
    assert {each.tag.removeprefix(atom) for each in feed.iter()} <= ATOM
    assert {each.get("type") for each in feed.iter(f"{atom}content")} == {"text"}
    assert all(str(each.get("href")).startswith("http://localhost/") for each in feed.iter(f"{atom}link"))
    return [text for text in feed.itertext() if text.strip()]


ATOM = {"feed", "id", "title", "updated", "author", "name", "link", "entry", "content"}
READ: dict[str, Callable[[bytes], list[str]]] = {
    "json": read_json,
    "csv": read_csv,
    "ics": read_ics,
    "docx": read_docx,
    "pdf": read_pdf,
    "md": read_markdown,
    "zip": read_zip,
    "atom": read_atom,
}
