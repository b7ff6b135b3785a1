"""Plan and record as DOCX: opened with python-docx, and as the zipped XML that it is."""

import re
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import docx
import pytest
from docx.document import Document

from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, stopped_early, two_hundred_recommendations, without_transcript
from tests.export.test_pdf_record import SAID

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DOCUMENTS = ("plan", "record")
OF_A_FIELD = {"fldSimple", "fldChar", "instrText", "hyperlink", "altChunk", "object", "drawing", "pict"}
HAND_FORMATTING = {"b", "i", "sz", "color", "rFonts", "u", "highlight"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_headings_make_an_outline(document):
    levels = [int(style[-1]) for style in styles(opened(session_a.snapshot(), document)) if style[:7] == "Heading"]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels[1:]
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))


def test_the_record_holds_everything_that_was_said():
    told = text_of(made(session_a.snapshot(), "record", "docx"))

    assert [words for words in SAID if words not in told] == []
    assert "private note" not in told


def test_the_plan_holds_actions_supporters_reactions_and_check_ins():
    told = text_of(made(session_a.snapshot(), "plan", "docx"))

    for words in ("15 Mar 2026", "When someone hands me over, I will ask", "Pieter, Mei, Aïcha, Jonas, Sam",
                  "Jonas: A strong first step.", "14 Mar 2026: How did it go?", "Consultants: Pieter"):  # fmt: skip
        assert words in told, words


def test_the_table_has_a_row_of_titles_that_is_marked_as_such():
    table = opened(session_a.snapshot(), "plan").tables[0]

    assert [cell.text for cell in table.rows[0].cells] == ["", "What", "Who", "By when"]
    assert [row._tr.find(f"{W}trPr/{W}tblHeader") is not None for row in table.rows] == [True] + [False] * 4
    assert [row.cells[1].text.split("\n")[0] for row in table.rows[1:]] == [what for what, *_ in session_a.ACTIONS]


@pytest.mark.parametrize(("language", "tag"), [("en", "en-GB"), ("nl", "nl"), ("fr-BE", "fr-BE")])
def test_the_file_says_its_language_its_title_and_its_author(language, tag):
    snapshot = session_a.snapshot()
    snapshot["session"]["language"] = language
    content = made(snapshot, "plan", "docx")
    about = docx.Document(BytesIO(content)).core_properties

    languages = [lang.get(f"{W}val") for lang in part(content, "word/styles.xml").iter(f"{W}lang")]
    assert languages == [tag]
    assert (about.language, about.author, about.comments) == (tag, "Ines", "")
    assert about.title.endswith("Lost in the hospital group")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_looks_are_styles_and_nothing_is_formatted_by_hand(document):
    body = part(made(session_a.snapshot(), document, "docx"), "word/document.xml")

    by_hand = {local(mark) for run in body.iter(f"{W}rPr") for mark in run} & HAND_FORMATTING
    assert by_hand == set()


def test_each_numbered_list_begins_at_one():
    paper = opened(session_a.snapshot(), "record")
    lists: dict[int, int] = {}
    for mark in paper.element.iter(f"{W}numId"):
        numbers = int(mark.get(f"{W}val"))
        lists[numbers] = lists.get(numbers, 0) + 1

    assert list(lists.values()) == [7, 5]  # questions, recommendations
    numbering = paper.part.numbering_part.element
    for numbers in lists:
        start = numbering.num_having_numId(numbers).find(f"{W}lvlOverride/{W}startOverride")
        assert start.get(f"{W}val") == "1"


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_is_text_and_nothing_else(name, document):
    words = corpus.CORPUS[name]
    content = made(corpus.snapshot(words), document, "docx")
    body = part(content, "word/document.xml")

    assert squeezed(text_of(content)).count(squeezed(clean(words))) >= {"plan": 20, "record": 60}[document]
    assert {local(element) for element in body.iter()} & OF_A_FIELD == set()
    assert shape(content) == shape(made(corpus.snapshot("x"), document, "docx"))
    with ZipFile(BytesIO(content)) as files:
        for file in files.namelist():
            assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", files.read(file)) or not file.endswith(".xml")
            assert file.endswith(".xml.rels") is False or b'TargetMode="External"' not in files.read(file)


def test_writing_from_the_right_is_laid_out_from_the_right():
    snapshot = session_a.snapshot()
    snapshot["items"]["i1"]["text"] = "שלום English"
    paper = opened(snapshot, "record")
    turned = [paragraph.text for paragraph in paper.paragraphs if paragraph._p.find(f"{W}pPr/{W}bidi") is not None]

    assert turned == ["שלום English"]


def test_two_hundred_recommendations_are_all_there():
    told = text_of(made(two_hundred_recommendations(session_a.snapshot()), "record", "docx"))

    assert [number for number in range(200) if f"Advice number {number}!" not in told] == []


def test_without_actions_there_is_no_table():
    empty = session_a.snapshot()
    empty["items"] = {}

    assert opened(empty, "plan").tables == []
    assert "No actions were written down." in text_of(made(empty, "plan", "docx"))


def test_a_record_that_was_stopped_early_says_what_was_not_reached():
    told = text_of(made(stopped_early(session_a.snapshot()), "record", "docx"))

    assert told.count("The session did not get to this phase.") == 4
    assert "This session was stopped before its end." in told


@pytest.mark.parametrize("document", DOCUMENTS)
def test_without_a_transcript_it_says_so_once(document):
    told = text_of(made(without_transcript(session_a.snapshot()), document, "docx"))

    assert told.count("This session leaves no transcript") == 1
    assert ("A friendly planner" in told) == (document == "record")


def opened(snapshot: dict[str, Any], document: str) -> Document:
    return docx.Document(BytesIO(made(snapshot, document, "docx")))


def part(content: bytes, name: str) -> ElementTree.Element:
    with ZipFile(BytesIO(content)) as files:
        return ElementTree.fromstring(files.read(name))


def text_of(content: bytes) -> str:
    """All paragraphs, those of tables too, as plain XML has them."""
    pieces = {"t": lambda node: node.text or "", "br": lambda _: "\n", "tab": lambda _: "\t"}
    body = part(content, "word/document.xml")
    paragraphs = ("".join(pieces.get(local(node), lambda _: "")(node) for node in p.iter()) for p in body.iter(f"{W}p"))
    return "\n".join(paragraphs)


def shape(content: bytes) -> list[str | None]:
    """The styles of all paragraphs in their order."""
    body = part(content, "word/document.xml")
    return [style.get(f"{W}val") for style in body.iter(f"{W}pStyle")]


def styles(paper: Document) -> list[str]:
    return [paragraph.style.name or "" for paragraph in paper.paragraphs if paragraph.style]


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def squeezed(words: str) -> str:
    return "".join(words.split())
