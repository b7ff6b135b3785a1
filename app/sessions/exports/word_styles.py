"""The looks of a DOCX, all of them as styles, so that one change in Word changes the whole document."""

from typing import Any

from docx.document import Document as Paper
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import BaseStyle, ParagraphStyle
from docx.text.paragraph import Paragraph

FONT = "Calibri"
INK = RGBColor(0x1D, 0x2B, 0x2B)
QUIET = RGBColor(0x56, 0x63, 0x63)
ACCENT = RGBColor(0x0F, 0x5E, 0x55)
SIZES = {  # points; space before, space after
    "Normal": (10, 0, 6),
    "Subtitle": (9.5, 0, 0),
    "Heading 1": (20, 0, 4),
    "Heading 2": (12, 12, 3),
    "Heading 3": (10, 8, 2),
    "Issue": (13, 10, 8),
    "List Bullet": (10, 0, 4),
    "List Bullet 2": (10, 0, 3),
    "List Bullet 3": (10, 0, 3),
    "List Number": (10, 4, 4),
    "Footer": (8.5, 0, 0),
    "Headline": (10, 0, 8),
    "Notice": (10, 6, 8),
    "Quiet": (10, 0, 6),
    "Detail": (10, 0, 3),
    "Table Head": (9.5, 3, 3),
    "Table Text": (10, 3, 3),
    "Action": (10, 3, 3),
}
OURS = ("Issue", "Action", "Headline", "Notice", "Quiet", "Detail", "Table Head", "Table Text")
COLOURS = dict.fromkeys(("Subtitle", "Footer", "Headline", "Quiet", "Table Head"), QUIET)
COLOURS |= dict.fromkeys(("Heading 1", "Heading 2", "Heading 3"), ACCENT)
BOLD = {"Heading 1", "Heading 2", "Heading 3", "Issue", "Subtitle", "Notice", "Table Head", "Action"}

GROUNDS = {"Issue": "EEF4F2", "Notice": "FBF0DC"}
LINES = "C9D2D0"


def dress(paper: Paper, language: str) -> None:
    """Page, language (such as "en-GB") and styles."""
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(16), Mm(18)
    for name in OURS:
        paper.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = paper.styles["Normal"]
    for name in SIZES:
        _dress(paper.styles[name])
    mark = paper.styles.add_style("Mark", WD_STYLE_TYPE.CHARACTER)
    mark.font.size, mark.font.color.rgb = Pt(9), QUIET
    _draw_lines(paper.styles["Table Grid"])
    _speak(paper, language)


def _dress(style: ParagraphStyle) -> None:
    size, before, after = SIZES[style.name or ""]
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.attrib.clear()  # the template's theme fonts would win
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), FONT)
    font = style.font
    font.size = Pt(size)
    font.bold = style.name in BOLD
    font.italic = False
    font.color.rgb = COLOURS.get(style.name or "", INK)
    if ground := GROUNDS.get(style.name or ""):
        _set(style.element.get_or_add_pPr(), "w:shd", val="clear", color="auto", fill=ground)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _draw_lines(style: BaseStyle) -> None:
    """Quiet ones between the rows, none between the columns."""
    borders = style.element.find(f".//{qn('w:tblBorders')}")
    for border in list(borders):
        sideways = border.tag in (qn("w:left"), qn("w:right"), qn("w:insideV"))
        border.set(qn("w:val"), "nil" if sideways else "single")
        border.set(qn("w:color"), LINES)


def _set(parent: Any, tag: str, **attributes: str) -> None:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    parent.append(element)


def _speak(paper: Paper, language: str) -> None:
    """The language in which a screen reader reads, and Word checks spelling."""
    defaults = paper.styles.element.find(qn("w:docDefaults"))
    for tag in defaults.iter(qn("w:lang")):
        tag.set(qn("w:val"), language)


def fresh_numbers(paper: Paper) -> int:
    """The id of a list that begins at 1; lists of the same style would count on through the document otherwise."""
    style_number = paper.styles["List Number"].element.pPr.numPr.numId.val
    numbering = paper.part.numbering_part.numbering_definitions._numbering
    abstract = numbering.num_having_numId(style_number).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(0).add_startOverride(1)
    return int(number.numId)


def number(paragraph: Paragraph, numbers: int) -> None:
    """Let the paragraph count in the list with this id."""
    paragraph._p.get_or_add_pPr().get_or_add_numPr().get_or_add_numId().val = numbers
