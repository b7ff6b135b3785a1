"""Text that has broken somebody's documents, and a plan that is full of it."""

from typing import Any

from tests.export import session_a

CORPUS = {
    "html": '<b>bold</b><script>alert("1")</script><img src=x onerror=alert(1)> <!-- no --> &amp; &#65;',
    "jinja": "{{7*7}} {% raw %} ${7*7} %(name)s {0} %s",
    "typst": '#read("/etc/passwd") #import "x" *bold* _slanted_ $x^2$ @label <label> \\u{41} = Not a heading',
    "typst block": "= Not a heading\n- not a list\n+ nor this\n/ term: nor this\n// no comment\n/* nor this */",
    "pipes": "a | b || \\| c \\\\| d",
    "fence": "```\nnot code\n```\n~~~\nnor this\n~~~",
    "markdown": "**not bold** __nor this__ *nor* `code` ~~struck~~ [a](http://x.example) ![i](y) [r][r] <http://z.example>",
    "markdown block": "# no heading\n> no quote\n- no list\n* no list\n+ no list\n1. no list\n2) no list",
    "markdown lines": "text\n---\ntext\n===\n    no code\n#\n-\n1.",
    "numbered": "1) one\n2) two",
    "numbered too": "1. one\n2. two",
    "reference": "[r]: http://x.example 'title'",
    "links": "https://example.org/a_b_c www.example.org ftp://example.org a@example.org javascript:alert(1)",
    "footnote": "[^1] [^1]: note :smile: @somebody #123 \\(x\\) \\[y\\]",
    "ends with backslash": "one line \\\nC:\\temp\\",
    "hebrew": "שלום, זה מבחן. English באמצע",
    "arabic": "عائشة بن علي: كيف حالك؟",
    "chinese": "陳美玲与王小明",
    "japanese and korean": "さくら 김민준",
    "cyrillic and greek": "Влад Ёлкин Ελένη",
    "indian and thai": "अमित สมชาย",
    "georgian, armenian, ethiopic": "გიორგი Գարիկ አበበ",
    "emoji": "🎉 👩‍💻 🇳🇱 ✓",
    "unknown to every font": "\U00013000 \U0001d49c",
    "marks": "Z" + "\u0301\u0327" * 40,
    "control": "nul\x00bell\x07escape\x1b[31mred\x7f\x85next\u2028line\u2029paragraph\x0bpage\x0c",
    "direction": "\u202eevil\u202c \u2067turned\u2069 \u200bthin\u200b",
    "lone surrogate": "half \ud83d of a face",
    "line ends": "one\r\ntwo\rthree\n\n\n\nfour",
    "tabs": "\ta\tb",
    "long word": "W" * 4000,
    "long arabic word": "ع" * 400,
    "long text": "a long story about it " * 180,
    "formula": '=HYPERLINK("http://x.example") +1 -1 @x',
    "path": "../../etc/passwd",
}


def snapshot(words: str) -> dict[str, Any]:
    """Session A with `words` in every text that people can type, names and title too."""
    full = session_a.snapshot()
    for item in full["items"].values():
        item["text"] = words
        item["data"] = {name: _filled(name, value, words) for name, value in item["data"].items()}
    for person in full["people"].values():
        person["name"] = f"{words[:36]} {person['number']}"
    full["session"] |= {"title": words[:120], "team": words[:80]}
    return full


def _filled(name: str, value: object, words: str) -> object:
    if name == "people":
        return [{"name": words, "role": words, "influence": "high", "stage": "decided"}]
    return words if isinstance(value, str) and name not in ("by", "how", "sort", "verdict") else value
