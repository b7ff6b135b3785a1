"""A document as Markdown: CommonMark with GitHub's tables.

What people typed stays what they typed: nothing of it is markup.
"""

import re
from collections.abc import Iterable

from app.sessions.exports.document import (
    ActionRow,
    Actions,
    Block,
    Document,
    Heading,
    Issue,
    Line,
    Notice,
    Point,
    Points,
    Words,
)

# Everywhere: what begins emphasis, code, links, HTML, entities, cells or mathematics, and what ends a heading.
_MARKUP = re.compile(r"([\\`*_\[\]<>&|~$#])")
# At the beginning of a line: lists, rules, underlines of headings.
_LINE_START = re.compile(r"^(\d{0,9})([-+=.)])")
# GitHub makes links of these without any brackets.
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp)(:)(?=//)|\b(www)(\.)")


def render(document: Document) -> bytes:
    """The whole document in UTF-8, ending with a line break."""
    head = ["# " + inline(document.full_title), " · ".join(inline(part) for part in document.headline)]
    parts = [part for block in document.blocks for part in _parts(block)]
    return ("\n\n".join([*head, *parts]) + "\n").encode()


def _parts(block: Block) -> Iterable[str]:
    match block:
        case Notice(words):
            yield f"**{inline(words)}**"
        case Line(words):
            yield inline(words)
        case Heading(level, words):
            yield "#" * level + " " + inline(words)
        case Issue(words, points):
            yield "> " + lines(words, "> ")
            yield from _labelled(points)
        case Points(points, "details"):
            yield from _labelled(points)
        case Points(points, style):
            yield "\n".join(_list(points, style == "numbers"))
        case Actions():
            yield _table(block)


def _labelled(points: Iterable[Point]) -> Iterable[str]:
    return (_point(point) for point in points)


def _list(points: Iterable[Point], numbers: bool = False, indent: str = "") -> Iterable[str]:
    for number, point in enumerate(points, 1):
        marker = f"{indent}{number}. " if numbers else f"{indent}- "
        inside = " " * len(marker)
        yield marker + _point(point, inside)
        yield from _list(point.points, indent=inside)


def _point(point: Point, indent: str = "") -> str:
    name = f"**{inline(point.name)}:** " if point.name else ""
    words = _words(point.words, indent) or "–"
    remark = f" — *{inline(point.remark)}*" if point.remark else ""
    marks = f" ({', '.join(inline(mark) for mark in point.marks)})" if point.marks else ""
    return name + words + remark + marks


def _words(words: Words, indent: str) -> str:
    return ", ".join(inline(name) for name in words) if isinstance(words, tuple) else lines(words, indent)


def _table(actions: Actions) -> str:
    heads = [*actions.heads, *(detail.name for detail in actions.rows[0].details)]
    rows = [[inline(head) for head in heads], ["---"] * len(heads), *(_row(row) for row in actions.rows)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _row(row: ActionRow) -> list[str]:
    return [_cell(words) for words in (row.what, row.who, row.by, *(str(detail.words) for detail in row.details))]


def _cell(words: str) -> str:
    return "<br>".join(_escaped(line) for line in _filled(words))


def inline(words: str) -> str:
    """`words` on one line."""
    return _escaped(" ".join(words.split()))


def lines(words: str, indent: str = "") -> str:
    """`words` with their line breaks, as one paragraph; `indent` begins each line after the first."""
    return f"\\\n{indent}".join(_escaped(line) for line in _filled(words))


def _filled(words: str) -> list[str]:
    """Lines with something on them: an empty one would end the paragraph, the list or the table."""
    return [" ".join(line.split()) for line in words.splitlines() if line.strip()]


def _escaped(line: str) -> str:
    line = _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", line))
    return _BARE_LINK.sub(lambda found: rf"{found[1] or found[3]}\{found[2] or found[4]}", line)
