"""One corpus of hostile text through every text field, every page and every file: it comes out as text, and as nothing
else. Each format is read back by a parser of somebody else's.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from flask import Flask
from icalendar import Calendar
from markdown_it import MarkdownIt
from pypdf import PdfReader
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from app.extensions import db
from app.sessions import forms, names, words
from app.sessions.commands import archiving
from app.sessions.commands.door import change
from app.sessions.models import Contribution
from app.sessions.phases import KIND_OF_ACT
from app.sessions.rules import Refused
from app.sessions.shapes import UNCLEAN, Fields, OneOf, Several, Text, Whole
from tests.attacks.corpus import HOSTILE
from tests.sessions.cast import Cast
from tests.sessions.conftest import make_cast  # noqa: F401 - a fixture
from tests.sessions.doors import mias_browser

NOT_WORDS = {"by", "how", "sort", "verdict", "influence", "stage"}
HARMLESS = "Plain words"
Where = tuple[str | int, ...]
"""The names, and the 0 of a list, that lead to a text in the data of a command."""
IN_PDF = ("html", "typst", "path", "surrogate")
"""Laying out takes its time; tests/export sends a corpus of its own through every field of the PDF."""


@pytest.fixture
def cast(app: Flask, make_cast: Callable[..., Cast]) -> Cast:  # noqa: F811
    """A closed session with something of every kind in it."""
    event.listen(db.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = OFF"))
    db.engine.dispose()
    return make_cast().run_up_to("lessons").go_to("closed")


def fill(cast: Cast, text: str) -> None:
    """Put `text` into every text of the session that people can type."""
    kept = words.clean(text) or "-"
    line = " ".join(kept.split())
    with change(cast.id, "corpus") as under_way:
        under_way.unseal()
        it = under_way.it
        it.title, it.team.name = line[:120], line[:80]
        for number, seat in enumerate(under_way.room.seats):
            seat.name = f"{names.clean_name(line[:36])[:36]} {number}"
        for item in under_way.room.contributions():
            item.text = kept
            item.data = {name: filled(name, value, kept) for name, value in item.data.items()}
        archiving.archive(under_way.room)


def filled(name: str, value: Any, text: str) -> Any:
    if name == "people":
        return [{"name": text[:200], "role": text[:200], "influence": "high", "stage": "decided"}]
    return text[:200] if name == "who" else text if isinstance(value, str) and name not in NOT_WORDS else value


def pages(app: Flask, cast: Cast) -> dict[str, TestResponse]:
    mia, code = mias_browser(app, cast), cast.room().it.code
    addresses = [
        "/sessions/",
        "/archive",
        "/lessons",
        "/sessions/new",
        "/account",
        f"/sessions/{code}",
        f"/sessions/{code}/room",
    ]
    addresses += [f"/sessions/{code}/{page}" for page in ("record", "mine", "people")]
    found = {address: mia.get(address) for address in addresses}
    return {address: page for address, page in found.items() if page.status_code == 200}


class Shape(HTMLParser):
    """Which elements a page has, with which attributes, and the words that can be read."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, ...]] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add((tag, *sorted(name for name, _ in attrs)))
        self.links |= {value or "" for name, value in attrs if name in ("href", "src", "action", "formaction")}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def harmless(app: Flask, cast: Cast) -> dict[str, Shape]:
    fill(cast, HARMLESS)
    return {address: Shape(page.text) for address, page in pages(app, cast).items()}


@pytest.mark.parametrize("names_of", [list(HOSTILE)[:12], list(HOSTILE)[12:]], ids=["one half", "the other half"])
def test_every_page_shows_it_as_text(app: Flask, cast: Cast, harmless: dict[str, Shape], names_of: list[str]) -> None:
    assert len(harmless) >= 7
    for name in names_of:
        fill(cast, HOSTILE[name])
        shown = ""
        for address, page in pages(app, cast).items():
            seen = Shape(page.text)
            assert seen.elements <= harmless[address].elements, f"{name} on {address}"
            assert not [link for link in seen.links if link.split(":")[0].lower() in ("javascript", "data", "vbscript")]
            shown += seen.text
        assert squeezed(words.clean(HOSTILE[name])) in squeezed(shown), f"{name} is not what was typed"


def squeezed(text: str) -> str:
    return "".join(text.split())


def files(app: Flask, cast: Cast, *, pdf: bool) -> Iterator[tuple[str, bytes]]:
    mia, code = mias_browser(app, cast), cast.room().it.code
    for document in ("plan", "record"):
        for extension in ("docx", "md", "csv", "ics", "json", *(["pdf"] if pdf else [])):
            answer = mia.get(f"/sessions/{code}/{document}.{extension}")
            if answer.status_code == 200:
                disposition = answer.headers["Content-Disposition"]
                assert disposition.isascii()
                assert "\n" not in disposition
                assert ".." not in disposition
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                yield extension, answer.data
    yield "zip", mia.get(f"/sessions/{code}/mine.zip").data


def test_every_file_holds_it_as_text(app: Flask, cast: Cast) -> None:
    for name, text in HOSTILE.items():
        fill(cast, text)
        in_pdf = name in IN_PDF
        seen = set()
        for extension, data in files(app, cast, pdf=in_pdf):
            READ[extension](data)
            seen.add(extension)
        assert seen == set(READ) - (set() if in_pdf else {"pdf"}), name


def read_json(data: bytes) -> None:
    assert json.loads(data)


def read_csv(data: bytes) -> None:
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len({len(row) for row in rows}) == 1
    assert not [cell for row in rows for cell in row if cell[:1] in "=+-@\t\r" and cell]


def read_ics(data: bytes) -> None:
    calendar = Calendar.from_ical(data)
    kinds = {part.name for part in calendar.walk()}
    assert kinds <= {"VCALENDAR", "VEVENT", "VTODO", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    assert not any("ATTACH" in part for part in calendar.walk())
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def read_docx(data: bytes) -> None:
    docx.Document(io.BytesIO(data))
    with ZipFile(io.BytesIO(data)) as parts:
        document = parts.read("word/document.xml").decode()
        relations = parts.read("word/_rels/document.xml.rels").decode()
    assert "w:instrText" not in document
    assert "w:fldSimple" not in document
    assert "javascript:" not in relations
    assert "evil.example" not in relations


def read_pdf(data: bytes) -> None:
    reader = PdfReader(io.BytesIO(data))
    assert 1 <= len(reader.pages) <= 120
    assert b"/JavaScript" not in data
    assert "root:x:0" not in "".join(page.extract_text() for page in reader.pages)
    links = [str(note.get_object().get("/A", "")) for page in reader.pages for note in page.get("/Annots", [])]
    assert not [link for link in links if "javascript:" in link or "file:" in link]


def read_markdown(data: bytes) -> None:
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(data.decode())
    inner = [child for token in tokens for child in token.children or []]
    alive = [token for token in [*tokens, *inner] if token.type in ("html_block", "html_inline", "image", "fence")]
    assert {token.content for token in alive} <= {"<br>"}  # our own, in tables
    links = [str(token.attrGet("href")) for token in inner if token.type == "link_open"]
    assert not [link for link in links if not link.startswith(("http://", "https://", "mailto:"))]


def read_zip(data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as parts:
        assert parts.testzip() is None
        assert not [name for name in parts.namelist() if ".." in name or name.startswith("/")]


READ = {
    "json": read_json,
    "csv": read_csv,
    "ics": read_ics,
    "docx": read_docx,
    "pdf": read_pdf,
    "md": read_markdown,
    "zip": read_zip,
}


def text_fields(shape: Any, path: Where = ()) -> Iterator[tuple[Where, Text]]:
    """Where words may stand in what this shape takes."""
    if isinstance(shape, Text):
        yield path, shape
    elif isinstance(shape, Several):
        yield from text_fields(shape.entry, (*path, 0))
    elif isinstance(shape, Fields):
        for name, inner in shape.shapes.items():
            yield from text_fields(inner, (*path, name))


def needed(form: Fields) -> dict[str, Any]:
    """What has to be sent, whatever it is about: a number, or one of several words."""
    least = {name: shape.least for name, shape in form.shapes.items() if isinstance(shape, Whole)}
    return least | {name: min(shape.values) for name, shape in form.shapes.items() if isinstance(shape, OneOf)}


def put(fields: dict[str, Any], path: Where, text: str) -> dict[str, Any]:
    """The fields with `text` where `path` leads."""
    inner: Any = text
    for step in reversed(path[1:]):
        inner = [inner] if step == 0 else {step: inner}
    return fields | {str(path[0]): inner}


FIELDS = [
    pytest.param(act, path, text, id=f"{act} {path[-1] if path[-1] else path[0]}")
    for act, form in forms.FORMS.items()
    for path, text in text_fields(form)
]


@pytest.mark.parametrize(("act", "path", "shape"), FIELDS)
def test_every_text_field_of_every_command_takes_it_clean(act: str, path: Where, shape: Text) -> None:
    taken = 0
    for text in HOSTILE.values():
        kept = words.one_line(text) if shape.one_line else words.clean(text)
        fields = put(needed(forms.FORMS[act]), path, text)
        if len(kept) > shape.longest or len(text) > UNCLEAN * shape.longest:
            with pytest.raises(Refused) as refused:
                forms.check(act, fields)
            assert refused.value.code == "too_long"
            continue
        found: Any = forms.check(act, fields)
        for step in path:
            found = found[step]
        assert found == kept
        assert not set(found) & set("\x00\x07\x1b\x7f\x85\ud83d")
        taken += 1
    assert taken


def test_no_text_field_is_left_out() -> None:
    assert len(FIELDS) > 60
    tried = {act for act, _path, _shape in (each.values for each in FIELDS)}
    assert {"answer", "sort", "reaction", "check_in", "set_role", "statement", "themes"} <= tried


def test_what_people_see_of_it_is_the_same_words_again(app: Flask, make_cast: Callable[..., Cast]) -> None:  # noqa: F811
    cast = make_cast().go_to("brainstorm")
    for text in HOSTILE.values():
        item = cast.does("Cara", "idea", text=text).item
        for who in ("Mia", "Otto", "Carl"):
            assert cast.sees(who)["items"][item]["text"] == words.clean(text)


def test_titles_teams_and_names_are_one_line_without_what_nobody_sees(staged: Cast, app: Flask) -> None:
    mia, code = mias_browser(app, staged), staged.room().it.code
    for text in HOSTILE.values():
        typed = text.encode("utf-8", "ignore").decode()[:70]
        for name in ("title", "team", "owner_name"):
            mia.send(f"/sessions/{code}/edit", **plan_fields() | {name: typed})
        it = staged.room().it
        for kept in (it.title, it.team.name, *(seat.name for seat in staged.room().seats)):
            assert kept == kept.strip()
            assert not set(kept) & set("\x00\x07\x1b\r\n")


@pytest.fixture
def staged(make_cast: Callable[..., Cast]) -> Cast:  # noqa: F811
    """A session that is still planned."""
    return make_cast()


def plan_fields() -> dict[str, str]:
    day = {"date": "2026-07-01", "time": "10:30", "timezone": "Europe/Amsterdam", "language": "en"}
    return day | {"title": "A title", "team": "North", "length": "60", "expected": "6", "readable_days": "90"}


def test_every_kind_has_been_filled(cast: Cast) -> None:
    fill(cast, HARMLESS)
    kinds = set(db.session.scalars(select(Contribution.kind).where(Contribution.intervision_id == cast.id)))
    assert len(kinds) >= 10
    assert kinds <= {kind.name for kind in KIND_OF_ACT.values()}
