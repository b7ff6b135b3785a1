"""What the room counts as the same text is what the server keeps: otherwise a form would save itself for ever."""

import json
import subprocess
import sys

import pytest

from app.assets import STATIC
from app.sessions.words import clean
from tests.test_bundle import NODE

SCRIPT = """
import { cleaned } from %s;
const texts = JSON.parse(await new Response(process.stdin).text());
console.log(JSON.stringify(texts.map(cleaned)));
"""
AROUND = [chr(number) for number in range(sys.maxunicode + 1) if not chr(number).isprintable() or chr(number).isspace()]


def cleaned(texts: list[str]) -> list[str]:
    """As the browser does it."""
    assert NODE
    script = SCRIPT % json.dumps((STATIC / "room" / "words.js").as_uri())
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    made: list[str] = json.loads(done.stdout)
    return made


@pytest.mark.parametrize("form", ["{}", "{}Soft line break", "Soft{}line break", "Soft line break{}", "a\n{}\r\nb "])
def test_a_text_is_cleaned_alike_here_and_there(form: str) -> None:
    texts = [form.format(each) for each in AROUND]
    here, there = [clean(text) for text in texts], cleaned(texts)
    differ = [(text, one, other) for text, one, other in zip(texts, here, there, strict=True) if one != other]
    assert differ == []


def test_letters_with_marks_are_composed_alike() -> None:
    texts = ["e\u0301a\u0308", "\u1112\u1161\u11ab", "\ufb01 \u2126", "👩\u200d💻 \u202eabc"]
    assert cleaned(texts) == [clean(text) for text in texts]
