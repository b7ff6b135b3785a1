"""Texts folded for searching, so that accents, case and the way of writing a quote make no difference."""

import unicodedata
from functools import lru_cache

EXCERPT_LENGTH = 180
"""Characters of the text around a hit that a list shows, more or less."""

# Letters whose stroke or ligature Unicode does not take apart, and signs that keyboards lack.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys("‘’‚‛′", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
)

Pieces = list[tuple[str, bool]]
"""A text in pieces, each with whether it is a hit."""


def fold(text: str) -> str:
    """`text` without marks (by NFKD), in one case: "Café" and "cafe" are equal, so are "STRASSE" and "straße"."""
    return "".join(map(_fold, text))


def excerpt(text: str, words: list[str]) -> Pieces:
    """About EXCERPT_LENGTH characters of the line of `text` that holds most of `words` (folded); [] if none does."""
    lines = text.split("\n")
    folded = map(fold, lines)
    count, at = max((sum(word in line for word in words), -number) for number, line in enumerate(folded))
    return _cut(marked(lines[-at], words)) if count else []


def marked(text: str, words: list[str]) -> Pieces:
    """`text`, in one line, with what `words` (folded) find in it."""
    text = " ".join(text.split())
    hits = _hits(text, words)
    pieces: Pieces = []
    for char, hit in zip(text, hits, strict=True):
        if pieces and pieces[-1][1] == hit:
            pieces[-1] = (pieces[-1][0] + char, hit)
        else:
            pieces.append((char, hit))
    return pieces


@lru_cache(maxsize=4096)
def _fold(char: str) -> str:
    """One character folded: nothing, where it is a mark or cannot be seen."""
    if char == "\n":
        return char
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold())
    kept = (each for each in letters if not unicodedata.combining(each) and unicodedata.category(each) != "Cf")
    return "".join(kept).translate(_PLAIN)


def _hits(text: str, words: list[str]) -> list[bool]:
    """For each character of `text`, whether it is part of a hit; a mark goes with its letter."""
    folded = [_fold(char) for char in text]
    origins = [index for index, letters in enumerate(folded) for _letter in letters]
    whole = "".join(folded)
    hits = [False] * len(text)
    for word in words:
        start = whole.find(word)
        while start >= 0:
            for index in range(origins[start], origins[start + len(word) - 1] + 1):
                hits[index] = True
            start = whole.find(word, start + len(word))
    for index, letters in enumerate(folded):
        if index and not letters:
            hits[index] = hits[index - 1]
    return hits


def _cut(pieces: Pieces) -> Pieces:
    """`pieces` from shortly before the first hit, at whole words where there are spaces."""
    first = next(index for index, (_piece, hit) in enumerate(pieces) if hit)
    before = "".join(piece for piece, _hit in pieces[:first])
    if len(before) > EXCERPT_LENGTH // 3:
        start = before.find(" ", len(before) - EXCERPT_LENGTH // 3)
        before = "…" + before[start if 0 <= start < len(before) - 1 else -EXCERPT_LENGTH // 3 :].lstrip()
    return _shortened([(before, False)] * bool(before) + pieces[first:])


def _shortened(pieces: Pieces) -> Pieces:
    kept: Pieces = []
    left = EXCERPT_LENGTH
    for piece, hit in pieces:
        if len(piece) > left:
            return [*kept, (piece[:left].rsplit(" ", 1)[0] if " " in piece[:left] else piece[:left], hit), ("…", False)]
        kept.append((piece, hit))
        left -= len(piece)
    return kept
