"""Names of downloads: safe on every system, and the title's own letters where a browser can have them."""

from urllib.parse import unquote

import pytest

from app.sessions.exports.names import content_disposition, filename
from tests.export import corpus


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Lost in the hospital group", "action-plan-lost-in-the-hospital-group.pdf"),
        ("Über alles / Größe", "action-plan-uber-alles-groe.pdf"),
        ("陳美玲", "action-plan.pdf"),
        ("../../etc/passwd", "action-plan-etc-passwd.pdf"),
        ('a"b\r\nSet-Cookie: x=1', "action-plan-a-b-set-cookie-x-1.pdf"),
        ("", "action-plan.pdf"),
        ("x" * 500, f"action-plan-{'x' * 60}.pdf"),
    ],
)
def test_a_file_has_a_plain_name(title, name):
    assert filename("plan", title, "pdf") == name


@pytest.mark.parametrize("title", corpus.CORPUS.values())
def test_the_header_holds_nothing_but_the_two_names(title):
    header = content_disposition("plan", title[:120], "pdf")
    _, plain, own = header.split("; ")

    assert header.isascii()
    assert header.isprintable()
    assert plain.removeprefix('filename="').removesuffix('"') == filename("plan", title[:120], "pdf")
    assert not set("/\\:\"'<>|*?\n\r\x00") & set(unquote(own.removeprefix("filename*=UTF-8''")))


def test_a_browser_gets_the_titles_own_letters():
    header = content_disposition("plan", "Größe: 陳美玲", "md")

    assert unquote(header.partition("filename*=UTF-8''")[2]) == "action-plan Größe- 陳美玲.md"


def test_a_record_says_in_its_name_that_it_is_one():
    header = content_disposition("record", "Größe", "docx")

    assert header == "attachment; filename=\"record-groe.docx\"; filename*=UTF-8''record%20Gr%C3%B6%C3%9Fe.docx"
