"""What the checker expects of the files that people take away."""

from typing import Any

import pytest

from devtools.chaos.evidence import Sent
from devtools.chaos.files import may_hold, times
from devtools.chaos.stage import DOWNLOADS, words_of


def sent(name: str, **data: Any) -> Sent:
    return Sent("id-1", name, None, data, "zqaaaaaaaaaaaaaa", "cara", 1, 0.0)


def test_every_format_of_every_document_is_downloaded() -> None:
    assert {document: len(files) for document, files in DOWNLOADS.items()} == {
        "plan": 6, "record": 4, "lessons": 4, "process": 4
    }  # fmt: skip
    assert "plan.ics" in DOWNLOADS["plan"]


@pytest.mark.parametrize("name", [name for files in DOWNLOADS.values() for name in files])
@pytest.mark.parametrize("act", ["note", "park", "star", "fact"])
def test_no_file_holds_private_words(name: str, act: str) -> None:
    assert not may_hold(name, sent(act))


@pytest.mark.parametrize("document", ["lessons", "process"])
def test_lessons_leave_the_room_where_their_author_agreed(document: str) -> None:
    assert may_hold(f"{document}.md", sent("lesson", share=True))
    assert not may_hold(f"{document}.md", sent("lesson", share=False))
    assert not may_hold(f"{document}.md", sent("idea"))
    assert may_hold("record.md", sent("lesson", share=False))


@pytest.mark.parametrize(
    ("name", "act", "data", "helps", "count"),
    [
        ("record.pdf", "recommend", {}, False, 1),
        ("record.json", "recommend", {}, False, 1),
        ("record.json", "recommend", {}, True, 2),
        ("record.json", "plan", {}, False, 1),
        ("plan.md", "recommend", {}, False, 0),
        ("plan.md", "recommend", {}, True, 1),
        ("plan.docx", "statement", {}, False, 1),
        ("plan.json", "lesson", {}, False, 0),
        ("plan.csv", "plan", {}, False, 1),
        ("plan.csv", "ask", {}, False, 0),
        ("plan.ics", "plan", {"by": "2031-04-01"}, False, 2),
        ("plan.ics", "plan", {"by": ""}, False, 0),
        ("process.json", "lesson", {"share": True}, False, 1),
    ],
)
def test_a_file_holds_what_stands_so_often(name: str, act: str, data: dict[str, Any], helps: bool, count: int) -> None:
    assert times(name, sent(act, **data), helps=helps) == count


def test_a_word_in_a_calendar_is_whole_also_where_its_line_is_folded() -> None:
    folded = b"SUMMARY:Word zqaaa\r\n aaaaaaaaaaa of plan\r\n"
    assert words_of("plan.ics", folded) == "SUMMARY:Word zqaaaaaaaaaaaaaa of plan\r\n"
