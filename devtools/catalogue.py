"""The catalogue of every sentence that people read. `python -m devtools.catalogue` checks that it is current."""

import json
import re
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

from devtools.console import ROOT, in_venv

CATALOGUE = ROOT / "app" / "translations" / "messages.pot"
KEYWORDS = ("_l", "lazy_gettext", "lazy_ngettext:1,2")


def extract() -> int:
    """Write messages.pot from the Python, Jinja and browser sources; the same sources always give the same file."""
    CATALOGUE.parent.mkdir(exist_ok=True)
    keywords = [word for keyword in KEYWORDS for word in ("--keyword", keyword)]
    in_venv(
        "-m", "babel.messages.frontend", "--quiet", "extract", "--mapping-file", "babel.cfg", *keywords,
        "--add-comments", "for translators:", "--add-location", "file", "--sort-by-file",
        "--project", "Intervise", "--version", "1", "--output-file", str(CATALOGUE), "app",
    )  # fmt: skip
    lines = CATALOGUE.read_text(encoding="utf-8").splitlines(keepends=True)
    CATALOGUE.write_text("".join(line for line in lines if "POT-Creation-Date" not in line), encoding="utf-8")
    print(f"{sum(line.startswith('msgid ') for line in lines) - 1} messages in {CATALOGUE.relative_to(ROOT)}")
    return 0


CALL = re.compile(r"""\b(_|ngettext)\(\s*("(?:[^"\\]|\\.)*")(?:\s*,\s*("(?:[^"\\]|\\.)*"))?""")


def extract_room(
    file: BinaryIO, _keywords: object, _comment_tags: object, options: object
) -> Iterator[tuple[int, str, Any, list[str]]]:
    """The sentences of a browser module, for Babel, whose own reader misses calls within nested templates.

    Sentences stand there in double quotes, right behind the bracket: _("…") and ngettext("…", "…", values).
    """
    text = file.read().decode()
    for call in CALL.finditer(text):
        line = text.count("\n", 0, call.start()) + 1
        name, *sentences = call.groups()
        words = [json.loads(sentence) for sentence in sentences if sentence]
        yield line, name, tuple(words) if name == "ngettext" else words[0], []


def main() -> int:
    before = CATALOGUE.read_bytes() if CATALOGUE.exists() else b""
    extract()
    if CATALOGUE.read_bytes() == before:
        return 0
    print("The catalogue was out of date and has been written anew; commit it.")
    return 1


if __name__ == "__main__":
    sys.exit(main())
