"""The plan as Markdown, against a golden file and through an independent parser."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.sessions.exports.sheet import clean
from tests.export import corpus, session_a
from tests.export.papers import made

GOLDEN = Path(__file__).with_name("session_a.md")
OURS = {"heading", "paragraph", "blockquote", "bullet_list", "list_item", "inline"}
OURS |= {"table", "thead", "tbody", "tr", "th", "td"}
OURS_INLINE = {"text", "hardbreak", "softbreak", "strong", "em", "text_special"}


def test_session_a_is_as_in_the_golden_file():
    assert plan_of(session_a.snapshot()) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_is_never_markup(name):
    document = plan_of(corpus.snapshot(corpus.CORPUS[name]))
    tokens = parse(document)

    assert {token.type.removesuffix("_open").removesuffix("_close") for token in tokens} <= OURS
    for token in inline(tokens):
        kind = token.type.removesuffix("_open").removesuffix("_close")
        assert kind in OURS_INLINE or (kind, token.content) == ("html_inline", "<br>"), token


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_what_people_typed_comes_out_as_they_typed_it(name):
    words = corpus.CORPUS[name]
    tokens = parse(plan_of(corpus.snapshot(words)))

    typed = squeezed(clean(words))
    told = {squeezed(text_of(token)) for token in tokens if token.type == "inline"}
    cells = [squeezed(text_of(token)) for before, token in pairwise(tokens) if before.type == "td_open"]

    assert cells.count(typed) == 5 * 4  # what, who, trigger, first step and sign of four actions
    assert "Theask:" + typed in told
    assert f"Actionplan:{squeezed(clean(words[:120]))}" in told


@pytest.mark.parametrize("name", corpus.CORPUS)
def test_the_document_keeps_its_shape(name):
    as_ever = skeleton(parse(plan_of(session_a.snapshot())))
    tokens = parse(plan_of(corpus.snapshot(corpus.CORPUS[name])))

    assert [tag for tag in skeleton(tokens) if tag in ("h1", "h2", "th", "td")] == [
        tag for tag in as_ever if tag in ("h1", "h2", "th", "td")
    ]


def test_a_stopped_session_says_so():
    stopped = session_a.snapshot()
    stopped["session"]["stopped"] = True

    assert "**This session was stopped before its end.**" in plan_of(stopped)
    assert "stopped" not in plan_of(session_a.snapshot())


def test_a_plan_without_actions_says_so_and_has_no_table():
    empty = session_a.snapshot()
    empty["items"] = {}

    document = plan_of(empty)

    assert "No actions were written down." in document
    assert "The issue was not written down." in document
    assert "|" not in document


def test_what_was_said_aloud_and_not_written_is_not_blank():
    aloud = session_a.snapshot()
    aloud["items"]["re1"] |= {"text": "", "aloud": True}

    assert "- **Jonas:** said aloud, not written down" in plan_of(aloud)


def test_lines_in_a_cell_stay_lines():
    lines = session_a.snapshot()
    lines["items"]["p0"]["text"] = "Sketch it\n\nwith Karim"

    assert "| Sketch it<br>with Karim | Ines |" in plan_of(lines)


def plan_of(snapshot: dict[str, Any]) -> str:
    return made(snapshot, "plan", "md").decode()


def parse(document: str) -> list[Token]:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(document)


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or []]


def text_of(token: Token) -> str:
    return "".join(child.content for child in token.children or [] if child.type in ("text", "text_special"))


def squeezed(words: str) -> str:
    """Without white space, which no Markdown keeps."""
    return "".join(words.split())


def skeleton(tokens: list[Token]) -> list[str]:
    return [token.tag for token in tokens if token.nesting == 1]
