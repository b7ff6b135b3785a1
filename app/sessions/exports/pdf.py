"""A document as PDF, set by Typst (docs/decisions/0005-pdf-by-typst.md says why).

The page is laid out in page.typ; words go in as JSON only.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from app.sessions.exports.dates import locale_of
from app.sessions.exports.document import Document
from app.sessions.exports.rows import shortened

FOOTER_LENGTH_MAX = 60
TEMPLATE = Path(__file__).with_name("page.typ")

FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
FONTS = ("Noto Sans", "Noto Sans Hebrew", "Noto Sans Arabic", "Noto Sans CJK SC", "Noto Emoji", "Noto Sans Symbols")
"""In this order; after them every other font there is, the system's too. A letter that none has is drawn as a box."""


def render(document: Document) -> bytes:
    """The same document gives the same bytes on a machine with the same fonts. Takes tens of milliseconds."""
    compiler = typst.Compiler(TEMPLATE, root=TEMPLATE.parent, font_paths=fonts())
    made_at = int(document.made_at.timestamp())
    pdf = compiler.compile(format="pdf", sys_inputs={"paper": json.dumps(paper(document))}, timestamp=made_at)
    assert isinstance(pdf, bytes)
    return pdf


@cache
def fonts() -> typst.Fonts:
    """Read once: looking through a machine's fonts takes longer than setting the page."""
    return typst.Fonts(font_paths=font_folders())


def font_folders() -> list[str]:
    """The folders with the fonts that are installed with the app."""
    return [str(files(package)) for package in FONT_PACKAGES]


def paper(document: Document) -> dict[str, Any]:
    """Everything that page.typ shows."""
    locale = locale_of(document.language)
    return {
        "lang": locale.language,
        "region": locale.territory,
        "fonts": FONTS,
        "full_title": document.full_title,
        "authors": document.authors,
        "kind": document.kind,
        "title": document.title,
        "headline": document.headline,
        "footer": [document.kind, shortened(document.title, FOOTER_LENGTH_MAX)],
        "page_of": document.page_of,
        "blocks": [{"block": type(block).__name__} | asdict(block) for block in document.blocks],
    }
