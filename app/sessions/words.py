"""Cleaning what people type, so that it is the same on every database and in every document."""

import re
import unicodedata

MARKS_IN_A_ROW = 30
"""No language puts more combining marks on one letter (Unicode's report 15, the stream-safe format). Normalizing takes
the square of their number, and everybody waits meanwhile.
"""
_LONG_RUN = re.compile(f"[^\x00-\u02ff]{{{MARKS_IN_A_ROW + 1}}}")  # without one there is no long run of marks
_HALFWIDTH_MARKS = "\uff9e\uff9f"  # letters, until they are normalized
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)


def clean(text: str) -> str:
    """`text` in NFC without control characters or lone surrogates, line breaks as LF, trimmed; "" if nothing visible is
    left.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", cut_marks(_CONTROL.sub("", text))).strip()
    return text if visible(text) else ""


def cut_marks(text: str) -> str:
    """`text` without the combining marks that pile up beyond MARKS_IN_A_ROW, so that normalizing it is quick."""
    if not _LONG_RUN.search(text):
        return text
    kept, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" or char in _HALFWIDTH_MARKS else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)


def one_line(typed: str | None) -> str:
    """What was typed, clean and on one line."""
    return " ".join(clean(typed or "").split())


def number(typed: str | None) -> int | None:
    """What was typed, if it is a whole number of at most nine digits, as ids are; else None."""
    return int(typed) if typed and len(typed) < 10 and typed.isascii() and typed.isdigit() else None


def visible(text: str) -> bool:
    """Whether anything can be seen of `text`."""
    return bool(_INVISIBLE.sub("", text).strip())
