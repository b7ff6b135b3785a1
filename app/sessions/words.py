"""Cleaning what people type, so that it is the same on every database and in every document."""

import re
import unicodedata

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]"
)


def clean(text: str) -> str:
    """`text` in NFC without control characters or lone surrogates, line breaks as LF, trimmed; "" if nothing visible is
    left.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", _CONTROL.sub("", text)).strip()
    return text if visible(text) else ""


def one_line(typed: str | None) -> str:
    """What was typed, clean and on one line."""
    return " ".join(clean(typed or "").split())


def number(typed: str | None) -> int | None:
    """What was typed, if it is a whole number of at most nine digits, as ids are; else None."""
    return int(typed) if typed and len(typed) < 10 and typed.isascii() and typed.isdigit() else None


def visible(text: str) -> bool:
    """Whether anything can be seen of `text`."""
    return bool(_INVISIBLE.sub("", text).strip())
