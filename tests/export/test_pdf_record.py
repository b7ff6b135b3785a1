"""The record as PDF, read back with another library."""

import json
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from app.sessions.exports import pdf
from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made, paper, stopped_early, two_hundred_recommendations, without_transcript
from tests.export.test_pdf_plan import PLAIN, root, squeezed, structure, text

SAID = [
    *(question for _, question, _ in session_a.QUESTIONS),
    *session_a.IDEAS,
    *(part for advice in session_a.RECOMMENDATIONS for part in (*advice[1:4], advice[5]) if part),
    *(lesson for _, lesson, _, _ in session_a.LESSONS),
    *(what for what, *_ in session_a.ACTIONS),
    "Karim, North’s planner, the same day.",
    "And ask what it cost the last time",
    "A friendly planner can beat a title.",
    "17 min used, 17 min planned",
    "Karim: Planner at North, some influence, interested",
    "The owner’s feedback: Not now — Comparing sites is politically sensitive",
]


def read(snapshot: dict[str, object]) -> PdfReader:
    return PdfReader(BytesIO(made(snapshot, "record", "pdf")))


@pytest.fixture(scope="module")
def session_a_pdf() -> PdfReader:
    return read(session_a.snapshot())


def test_everything_that_was_said_is_on_the_pages(session_a_pdf):
    pages = text(session_a_pdf)

    assert [words for words in SAID if squeezed(words) not in pages] == []
    assert "privatenote" not in pages


def test_the_file_has_a_title_a_language_and_a_structure(session_a_pdf):
    catalogue = root(session_a_pdf)

    assert session_a_pdf.metadata.title == "Record: Lost in the hospital group"
    assert catalogue["/Lang"] == "en-GB"
    assert {"/H1", "/H2", "/H3", "/L", "/LI", "/TH"} <= set(structure(catalogue["/StructTreeRoot"]))


def test_the_pages_meet_the_standard_for_accessible_pdf():
    inputs = {"paper": json.dumps(paper(session_a.snapshot(), "record"))}
    compiler = typst.Compiler(pdf.TEMPLATE, root=pdf.TEMPLATE.parent, font_paths=pdf.fonts())

    assert compiler.compile(format="pdf", sys_inputs=inputs, pdf_standards=["ua-1"])


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_what_people_typed_is_on_the_pages_as_they_typed_it(name):
    words = corpus.CORPUS[name]
    few = corpus.snapshot(words)
    few["items"] = {id_: few["items"][id_] for id_ in ("case-1", "q1", "a1", "i1", "r0", "v0", "re1", "l0", "process")}

    assert text(read(few)).count(squeezed(clean(words))) >= 9


def test_two_hundred_recommendations_are_all_there():
    pages = text(read(two_hundred_recommendations(session_a.snapshot())))

    assert [number for number in range(200) if f"Advicenumber{number}!" not in pages] == []


def test_a_record_that_was_stopped_early_says_what_was_not_reached():
    pages = text(read(stopped_early(session_a.snapshot())))

    assert pages.count("Thesessiondidnotgettothisphase.") == 4
    assert "Mapcontactsbyrole" not in pages


def test_without_a_transcript_it_says_so_once_and_has_no_phases():
    pages = text(read(without_transcript(session_a.snapshot())))

    assert pages.count("Thissessionleavesnotranscript") == 1
    assert "Afriendlyplannercanbeatatitle." in pages
    assert "minused" not in pages
