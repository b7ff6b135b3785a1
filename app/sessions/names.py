"""Names that people give themselves: made clean, and folded so that names which look alike are equal.

The folding follows Unicode's report on confusable characters (UTS 39), whose data `confusable-homoglyphs` carries: a
letter of another script counts as the Latin letter that it looks like.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from markupsafe import Markup

from app.sessions.phases import N_
from app.sessions.rules import Refused

LONGEST = 40
TYPED = 10 * LONGEST
"""What is typed may be longer: a letter comes in pieces, with marks and blanks. Making more of it clean takes long."""
MARKS_IN_A_ROW = 3
"""More combining marks than any script stacks on one letter would climb over the lines above."""

# Letters and marks that draw nothing, beside the control and format characters.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for first, last in ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)) for code in range(first, last + 1)
}
# Marks that decorate a letter. Vowel signs, as in Devanagari and Thai, are not among them: they make another name.
_DECORATIONS = (
    (0x300, 0x36F),
    (0x591, 0x5C7),
    (0x64B, 0x65F),
    (0x670, 0x670),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
_ALIKE = str.maketrans("01i|!", "ollll")


def clean_name(raw: str) -> str:
    """A name of 1 to 40 visible characters in NFKC: no control, zero-width or direction characters, single spaces.

    Raises Refused ("empty", "too_long").
    """
    if len(raw) > TYPED:
        raise _too_long()
    kept = (" " if char.isspace() else char for char in unicodedata.normalize("NFKC", raw) if _is_drawn(char))
    name = " ".join(_calm("".join(kept)).split())
    if not any(unicodedata.category(char)[0] in "LNPS" for char in name):
        raise Refused("empty", N_("Please type the name that the others know you by."))
    if len(name) > LONGEST:
        raise _too_long()
    return name


def _too_long() -> Refused:
    return Refused("too_long", N_("That name is long. Please use at most %(most)s characters."), most=LONGEST)


def look(name: str) -> str:
    """`name` as the eye takes it in, at most 80 characters: equal looks could be mistaken for each other."""
    letters = "".join(_seen(char) for char in unicodedata.normalize("NFKD", name))
    seen = "".join(char for char in letters if _counts(char)).translate(_ALIKE).replace("rn", "m").replace("vv", "w")
    return unicodedata.normalize("NFC", seen or name.casefold())[:80]


def reserved(look: str) -> bool:
    """Whether a name with this look would pass for a role, or for the app itself."""
    return any(word in look for word in _ROLES) or _bare(look) in _TITLES


def named(words: str, names: Iterable[str]) -> frozenset[str]:
    """Those of the `names` of a room that stand in `words` as words of their own: "Ines with Mei" names Mei, "Meike"
    does not, and "Ann Marie" is not Ann where somebody of that name is there.
    """
    found: list[str] = []

    def find(name: str) -> str:
        found.append(name)
        return name

    _replaced(words, names, find)
    return frozenset(found)


def renamed(words: str, new: Mapping[str, str]) -> str:
    """`words` with the names of a room that stand in them (`named`) replaced: old → new."""
    return _replaced(words, new, new.__getitem__)


def isolated(name: str) -> Markup:
    """A name for a sentence on a page: a mark for the other direction in it ends with it, and turns no word beside."""
    return Markup("<bdi>{}</bdi>").format(name)


def _replaced(words: str, names: Iterable[str], replace: Callable[[str], str]) -> str:
    longest_first = sorted({name for name in names if name}, key=len, reverse=True)
    if not longest_first:
        return words
    one_of_them = "|".join(f"({re.escape(name)})" for name in longest_first)
    return re.sub(
        rf"(?<!\w)(?:{one_of_them})(?!\w)",
        lambda match: replace(longest_first[(match.lastindex or 1) - 1]),
        words,
        flags=re.IGNORECASE,
    )


def _is_drawn(char: str) -> bool:
    return char.isspace() or not (unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") or char in _BLANKS)


def _calm(text: str) -> str:
    """`text` without the marks that pile up beyond MARKS_IN_A_ROW."""
    calm, marks = [], 0
    for char in text:
        marks = marks + 1 if unicodedata.category(char) == "Mn" else 0
        if marks <= MARKS_IN_A_ROW:
            calm.append(char)
    return "".join(calm)


@lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    """The small Latin letters or digit that `char` looks like, else the character itself in lower case."""
    if char.isascii():
        return char.lower()
    # As it is written first. A letter such as Cyrillic "в" has no Latin twin, but "В" has, and both make the same name.
    return _latin(char) or _latin(char.swapcase()) or char.casefold()


def _latin(char: str) -> str:
    # Not at the top: loading the data takes 70 ms, and hardly a start needs it.
    from confusable_homoglyphs.confusables import confusables_data

    for twin in confusables_data.get(char, ()):
        letters = "".join(part for part in unicodedata.normalize("NFKD", twin["c"]) if not _decorates(part))
        if letters.isascii() and letters.isalnum():
            return letters.lower()
    return ""


def _counts(char: str) -> bool:
    """Whether `char` makes a difference between two names; spaces, dots, emoji and accents do not."""
    return char in "|!" or (unicodedata.category(char)[0] in "LNM" and not _decorates(char))


def _decorates(char: str) -> bool:
    return any(first <= ord(char) <= last for first, last in _DECORATIONS)


def _bare(look: str) -> str:
    """A look without "the" before it and a number (0 and 1 look like o and l) behind it: "The Owner 1" is "owner"."""
    return look.removeprefix("the").rstrip("0123456789lo")


_ROLES = tuple(
    map(
        look,
        (
            "moderator",
            "moderateur",
            "facilitator",
            "facilitateur",
            "consultant",
            "intervise",
            "administrator",
            "issueowner",
        ),
    )
)
"""Refused wherever they stand in a name: "Moderator Mia" claims a role as much as "Moderator" does."""

_TITLES = frozenset(
    _bare(look(word))
    for words in (
        ("owner", "admin", "host", "system", "support", "server", "everyone", "everybody", "nobody", "group", "team"),
        ("begeleider", "gespreksleider", "inbrenger", "casusinbrenger", "adviseur"),
        ("animateur", "animatrice", "client"),
        ("moderation", "fallgeber", "fallgeberin", "berater", "beraterin"),
    )
    for word in words
)
"""Refused as the whole name only, because longer names may hold them."""
