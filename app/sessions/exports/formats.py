"""The formats of what people take away, in one table: all from the same rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.sessions.exports import (
    actions_csv,
    actions_ics,
    data,
    lessons,
    markdown,
    pdf,
    plan_document,
    process_document,
    record_document,
)
from app.sessions.exports.document import Document
from app.sessions.exports.lessons import Lessons
from app.sessions.exports.record import Record
from app.sessions.exports.rows import Plan
from app.sessions.phases import N_
from app.sessions.process import Process

Layout = Callable[[], bytes]
"""The second half of the work, which takes the time and needs nothing of Flask."""

Found = Plan | Record | Lessons | Process
DOCUMENTS: Mapping[type[Found], Callable[..., Document]] = {
    Plan: plan_document.document,
    Record: record_document.document,
    Lessons: lessons.document,
    Process: process_document.document,
}


@dataclass(frozen=True)
class Format:
    """`label` is a word to translate. `write`, called in the locale of the session, gives what is left to be done."""

    label: str
    media_type: str
    write: Callable[..., Layout]
    actions_only: bool = False


def _as_word(words: Document) -> bytes:
    # Not at the top: loading the library takes 80 ms, and no start needs it.
    from app.sessions.exports import word

    return word.render(words)


def _laid_out(render: Callable[[Document], bytes]) -> Callable[[Found], Layout]:
    def write(found: Found) -> Layout:
        words = DOCUMENTS[type(found)](found)
        return lambda: render(words)

    return write


def _at_once(render: Callable[..., bytes]) -> Callable[[Found], Layout]:
    def write(found: Found) -> Layout:
        done = render(found)
        return lambda: done

    return write


def _of_plan(render: Callable[[Plan], bytes]) -> Callable[[Found], Layout]:
    return _at_once(render)


FORMATS: Mapping[str, Format] = {
    "pdf": Format(N_("PDF"), "application/pdf", _laid_out(pdf.render)),
    "docx": Format(
        N_("Word (DOCX)"),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _laid_out(_as_word),
    ),
    "md": Format(N_("Markdown"), "text/markdown; charset=utf-8", _laid_out(markdown.render)),
    "csv": Format(N_("Spreadsheet (CSV)"), "text/csv; charset=utf-8", _of_plan(actions_csv.render), actions_only=True),
    "ics": Format(
        N_("Calendar (ICS)"), "text/calendar; charset=utf-8", _of_plan(actions_ics.render), actions_only=True
    ),
    "json": Format(N_("Data (JSON)"), "application/json", _at_once(data.render)),
}
"""By the ending of the file's name, the one that most people want first."""


def of(document: str) -> Mapping[str, Format]:
    """The formats in which the "plan", the "record", the "lessons" or the "process" are to be had."""
    return {name: format_ for name, format_ in FORMATS.items() if document == "plan" or not format_.actions_only}
