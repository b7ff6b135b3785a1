"""The plan as PDF, read back with another library."""

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from app.sessions.exports import pdf
from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, paper, worded


@pytest.fixture(scope="module")
def session_a_pdf() -> PdfReader:
    return read(session_a.snapshot())


def test_a_plan_like_session_a_fits_one_page(session_a_pdf):
    assert len(session_a_pdf.pages) == 1
    assert "1of1" not in text(session_a_pdf)


def test_everything_in_the_plan_is_on_the_page(session_a_pdf):
    page = text(session_a_pdf)

    for words in expected_words():
        assert squeezed(words) in page, words


def expected_words() -> list[str]:
    actions = [part for action in session_a.ACTIONS for part in (action[0], action[1], *action[3:6]) if part]
    helps = [part for advice in session_a.RECOMMENDATIONS if advice[4] == "helps" for part in (advice[1], advice[5])]
    return [
        "Lost in the hospital group",
        "Team North",
        "12 March 2026, 14:01 (Europe/Brussels)",
        "Nine contacts, four months, and nobody will name a decider.",
        "Help me find who decides and give me one reason for them to meet me.",
        "I do not need product arguments.",
        *("15 Mar 2026", "20 Mar 2026", "17 Mar 2026", "26 Mar 2026"),
        *actions,
        *helps,
        "Pieter: Draw the map with Karim.",
        "Pieter, Mei, Aïcha, Jonas, Sam",
        "14 Mar 2026: How did it go?",
        "Jonas: A strong first step.",
        "Sam: Karim may lack insight into the group.",
        "Consultants: Pieter, Sam, Aïcha, Jonas, Mei",
        "Moderator: Lotte",
    ]


def test_the_file_says_its_title_its_author_and_its_language(session_a_pdf):
    assert session_a_pdf.metadata.title == "Action plan: Lost in the hospital group"
    assert session_a_pdf.metadata.author == "Ines"
    assert root(session_a_pdf)["/Lang"] == "en-GB"


LANGUAGES = [("nl", "nl"), ("fr-BE", "fr-BE"), ("no such language", "en-GB"), ("", "en-GB")]


@pytest.mark.parametrize(("language", "tag"), LANGUAGES)
def test_the_language_is_the_sessions(language, tag):
    snapshot = session_a.snapshot()
    snapshot["session"]["language"] = language

    assert root(read(snapshot))["/Lang"] == tag


def test_dates_are_written_in_the_sessions_language():
    snapshot = session_a.snapshot()
    snapshot["session"]["language"] = "nl"

    assert "donderdag12maart2026" in text(read(snapshot))


def test_the_file_is_tagged_for_screen_readers(session_a_pdf):
    catalogue = root(session_a_pdf)

    assert catalogue["/MarkInfo"]["/Marked"].value is True
    assert {"/H1", "/H2", "/Table", "/TH", "/TD"} <= set(structure(catalogue["/StructTreeRoot"]))


def test_the_page_meets_the_standard_for_accessible_pdf():
    page = paper(session_a.snapshot())
    compiler = typst.Compiler(pdf.TEMPLATE, root=pdf.TEMPLATE.parent, font_paths=pdf.fonts())

    assert compiler.compile(format="pdf", sys_inputs={"paper": json.dumps(page)}, pdf_standards=["ua-1"])


def test_the_same_plan_gives_the_same_bytes_in_any_thread():
    plan = worded(session_a.snapshot(), "plan")

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(lambda _: pdf.render(plan), range(8)))

    assert set(made) == {pdf.render(plan)}


IN_ANOTHER_ORDER = {"hebrew", "arabic", "long arabic word", "indian and thai"}  # readers order such letters differently
TOO_LONG_FOR_A_PAGE = {"long word", "long text"}
WITHOUT_LETTERS = {"unknown to every font"}


PLAIN = corpus.CORPUS.keys() - IN_ANOTHER_ORDER - TOO_LONG_FOR_A_PAGE - WITHOUT_LETTERS


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_what_people_typed_is_on_the_page_as_they_typed_it(name):
    words = corpus.CORPUS[name]
    page = text(read(corpus.snapshot(words)))

    assert page.count(squeezed(clean(words))) >= 4 * 4  # what, trigger, first step and sign of four actions


@pytest.mark.parametrize("name", sorted(IN_ANOTHER_ORDER | TOO_LONG_FOR_A_PAGE))
def test_every_letter_of_what_people_typed_is_on_the_page(name):
    words = corpus.CORPUS[name]
    plain, full = text(read(one_action("x"))), text(read(one_action(words)))

    for letter in set(squeezed(words)) - set(plain) | {"W"} & set(words):
        assert full.count(letter) >= 4 * words.count(letter), letter


def test_a_letter_that_no_font_has_does_not_take_the_others_with_it():
    page = text(read(corpus.snapshot("before \U00013000 after")))

    assert page.count("before") == page.count("after") >= 4 * 4


def test_writing_from_the_right_begins_at_the_right():
    snapshot = session_a.snapshot()
    snapshot["items"]["p0"]["data"]["sign"] = "שלום"

    lefts = [left for words, left, _ in runs(read(snapshot)) if set(words) & set("שלום")]

    assert lefts
    assert min(lefts) > 400  # points from the left; the page is 595 wide


SCRIPTS = "עומר عائشة 陳美玲 さくら 김민준 Влад Ελένη अमित สมชาย გიორგი Գարիկ አበበ 🎉 👩‍💻"


@pytest.mark.parametrize("word", SCRIPTS.split())
def test_names_in_any_script_have_letters_to_be_drawn_with(word):
    """The standard refuses a file with a letter that no font has; only the fonts that the app brings are asked."""
    snapshot = session_a.snapshot()
    snapshot["people"]["s-mei"]["name"] = word
    brought = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=pdf.font_folders())
    compiler = typst.Compiler(pdf.TEMPLATE, root=pdf.TEMPLATE.parent, font_paths=brought)
    inputs = {"paper": json.dumps(paper(snapshot))}

    assert compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])


def test_no_word_is_wider_than_its_column():
    reader = read(one_action("W" * 4000))
    rights = [left + 0.93 * size * len(words.strip()) for words, left, size in runs(reader) if "WW" in words]

    assert len(rights) > 1000
    assert max(rights) < 595 - 51  # the page without its margin, in points; a W is 0.93 of its size wide


def test_pages_are_numbered_where_there_are_several():
    snapshot = session_a.snapshot()
    snapshot["items"]["p0"]["text"] = "a long story about it " * 60
    reader = read(snapshot)

    assert len(reader.pages) == 2
    assert "1of2" in squeezed(reader.pages[0].extract_text())
    assert "2of2" in squeezed(reader.pages[1].extract_text())


def test_no_file_is_read_for_what_people_typed():
    page = text(read(corpus.snapshot('#read("/etc/passwd") #image("plan.typ") #include "rows.py"')))

    assert '#read("/etc/passwd")#image("plan.typ")#include"rows.py"' in page
    assert "root:" not in page


def test_fifty_recommendations_that_help_are_all_there():
    snapshot = session_a.snapshot()
    for number in range(50):
        advice = {"id": f"more{number}", "text": f"Advice number {number}!"}
        verdict = {"id": f"verdict{number}", "parent": f"more{number}"}
        snapshot["items"][advice["id"]] = snapshot["items"]["r0"] | advice
        snapshot["items"][verdict["id"]] = snapshot["items"]["v0"] | verdict
    page = text(read(snapshot))

    assert [number for number in range(50) if f"Advicenumber{number}!" not in page] == []


def test_a_plan_without_actions_is_one_page_that_says_so():
    snapshot = session_a.snapshot()
    snapshot["items"] = {}
    reader = read(snapshot)

    assert len(reader.pages) == 1
    assert "Noactionswerewrittendown." in text(reader)
    assert "Theissuewasnotwrittendown." in text(reader)


def test_a_stopped_session_says_so(session_a_pdf):
    snapshot = session_a.snapshot()
    snapshot["session"]["stopped"] = True

    assert "Thissessionwasstoppedbeforeitsend." in text(read(snapshot))
    assert "stoppedbefore" not in text(session_a_pdf)


def read(snapshot: dict[str, Any]) -> PdfReader:
    return PdfReader(BytesIO(made(snapshot, "plan", "pdf")))


def one_action(words: str) -> dict[str, Any]:
    """`words` everywhere, in a plan of one action: long words fill enough pages that way."""
    snapshot = corpus.snapshot(words)
    snapshot["items"] = {id_: snapshot["items"][id_] for id_ in ("statement", "ask", "p0", "r0")}
    return snapshot


def root(reader: PdfReader) -> Any:
    """The document's catalogue."""
    return reader.trailer["/Root"]


def runs(reader: PdfReader) -> list[tuple[str, float, float]]:
    """Pieces of text, each with the distance of its beginning from the left and its size, in points."""
    found: list[tuple[str, float, float]] = []

    def visit(words: str, page: Any, line: Any, _font: Any, size: float) -> None:
        if words.strip():
            found.append((words, page[4] + page[0] * line[4], size))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    return found


def text(reader: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


def squeezed(words: str) -> str:
    """Without what a page cannot keep: white space, and the invisible places where long words may break."""
    return "".join(unicodedata.normalize("NFC", words).replace("\u200b", "").split())


def structure(node: Any) -> list[str]:
    """The kinds of all elements in the tree that screen readers walk."""
    node = node.get_object()
    if isinstance(node, list):
        return [kind for child in node for kind in structure(child)]
    if not hasattr(node, "get"):
        return []
    return [str(node.get("/S")), *(structure(node["/K"]) if "/K" in node else [])]
