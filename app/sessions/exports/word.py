"""A document as DOCX, for whoever wants to write on: headings, lists and tables as styles that Word knows by name.

Everything is written as text, and there are no fields; that is why pages carry no numbers.
"""

import unicodedata
from collections.abc import Iterable
from datetime import UTC
from io import BytesIO

import docx
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from app.sessions.exports import word_styles
from app.sessions.exports.dates import locale_of
from app.sessions.exports.document import Actions, Block, Document, Heading, Issue, Line, Notice, Point, Points, Words
from app.sessions.exports.rows import shortened

FOOTER_LENGTH_MAX = 60
COLUMNS = (Mm(8), Mm(98), Mm(38), Mm(30))
DEEPEST = 3
"""Word has names for lists of three levels."""
AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:rPr")
"""What follows w:bidi among the properties of a paragraph, whose order the format prescribes."""


def render(document: Document) -> bytes:
    """Takes some tens of milliseconds, and nothing of Flask."""
    paper = docx.Document()
    word_styles.dress(paper, str(locale_of(document.language)).replace("_", "-"))
    _describe(paper, document)
    paper.add_paragraph(document.kind, style="Subtitle")
    _say(paper.add_heading(level=1), document.title)
    _say(paper.add_paragraph(style="Headline"), document.headline, " · ")
    for block in document.blocks:
        _add(paper, block)
    footer = paper.sections[0].footer.paragraphs[0]
    _say(footer, (document.kind, shortened(document.title, FOOTER_LENGTH_MAX)), " · ")
    out = BytesIO()
    paper.save(out)
    return out.getvalue()


def _describe(paper: Paper, document: Document) -> None:
    about = paper.core_properties
    about.title = document.full_title[:255]
    about.author = ", ".join(document.authors)[:255]
    about.language = str(locale_of(document.language)).replace("_", "-")
    about.comments = ""
    about.created = about.modified = document.made_at.astimezone(UTC)


def _add(paper: Paper, block: Block) -> None:
    match block:
        case Notice(words):
            _say(paper.add_paragraph(style="Notice"), words)
        case Line(words):
            _say(paper.add_paragraph(style="Quiet"), words)
        case Heading(level, words):
            _say(paper.add_heading(level=level), words)
        case Issue(words, points):
            _say(paper.add_paragraph(style="Issue"), words)
            _details(paper, points)
        case Points(points, "details"):
            _details(paper, points)
        case Points(points, "numbers"):
            _list(paper, points, "List Number", word_styles.fresh_numbers(paper))
        case Points(points, _):
            _list(paper, points, "List Bullet")
        case Actions():
            _table(paper, block)


def _details(place: Paper | _Cell, points: Iterable[Point]) -> None:
    for point in points:
        _point(place.add_paragraph(style="Detail"), point)


def _list(paper: Paper, points: Iterable[Point], style: str, numbers: int | None = None) -> None:
    for point in points:
        paragraph = paper.add_paragraph(style=style)
        if numbers is not None:
            word_styles.number(paragraph, numbers)
        _point(paragraph, point)
        _below(paper, point.points, 2)


def _below(paper: Paper, points: Iterable[Point], level: int) -> None:
    for point in points:
        _point(paper.add_paragraph(style=f"List Bullet {min(level, DEEPEST)}"), point)
        _below(paper, point.points, level + 1)


def _point(paragraph: Paragraph, point: Point) -> None:
    if point.name:
        _run(paragraph, f"{point.name}: ", "Strong")
    _say(paragraph, point.words)
    if point.remark:
        _run(paragraph, " — ")
        _run(paragraph, point.remark, "Emphasis")
    if point.marks:
        _run(paragraph, f" ({', '.join(point.marks)})", "Mark")
    _turn(paragraph, point.words if isinstance(point.words, str) else point.name)


def _table(paper: Paper, actions: Actions) -> None:
    table = paper.add_table(rows=1, cols=len(COLUMNS), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, COLUMNS, strict=True):
        column.width = width
    _fill(table.rows[0], ("", *actions.heads), "Table Head")
    _mark_as_head(table.rows[0])
    for number, row in enumerate(actions.rows, 1):
        cells = _fill(table.add_row(), (str(number), row.what, row.who, row.by), "Table Text")
        cells[1].paragraphs[0].style = "Action"
        _details(cells[1], (detail for detail in row.details if detail.words))


def _fill(row: _Row, words: Iterable[str], style: str) -> tuple[_Cell, ...]:
    for cell, width, each in zip(row.cells, COLUMNS, words, strict=True):
        cell.width = width
        cell.paragraphs[0].style = style
        _say(cell.paragraphs[0], each)
    return row.cells


def _mark_as_head(row: _Row) -> None:
    """To be read out as the titles of the columns, and repeated on every page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    properties.append(OxmlElement("w:tblHeader"))


def _say(paragraph: Paragraph, words: Words, between: str = ", ") -> None:
    if isinstance(words, str):
        _run(paragraph, words)
        _turn(paragraph, words)
        return
    for number, each in enumerate(words):
        if number:
            _run(paragraph, between)
        _run(paragraph, each)


def _run(paragraph: Paragraph, words: str, style: str | None = None) -> None:
    """Text and nothing else; line breaks stay line breaks."""
    run = paragraph.add_run(words, style)
    if _from_right(words):
        run.font.rtl = True


def _turn(paragraph: Paragraph, words: str) -> None:
    """A paragraph whose first letter is written from the right is laid out from the right."""
    if _from_right(words):
        properties = paragraph._p.get_or_add_pPr()
        if properties.find(qn("w:bidi")) is None:
            properties.insert_element_before(OxmlElement("w:bidi"), *AFTER_BIDI)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT  # where lines begin: at the right, then


def _from_right(words: str) -> bool:
    directions = (unicodedata.bidirectional(letter) for letter in words)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"
