"""Everybody who was in the room downloads every file from the record; a stranger gets none of them."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

from icalendar import Calendar
from playwright.sync_api import expect
from pypdf import PdfReader

from app.sessions.exports.formats import FORMATS
from tests.browser.conftest import Enter, Meet
from tests.sessions.cast import Cast

READERS: dict[str, Callable[[bytes], str]] = {
    "pdf": lambda content: " ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages),
    "docx": lambda content: zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode(),
    "md": lambda content: content.decode(),
    "csv": lambda content: str(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))),
    "ics": lambda content: str([str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT")]),
    "json": lambda content: str(json.loads(content)),
}


def test_moderator_owner_and_consultant_download_every_file_and_a_stranger_none(
    cast: Cast, enter: Enter, meet: Meet
) -> None:
    assert READERS.keys() == FORMATS.keys()
    cast.run_up_to("closed")
    code = cast.room().it.code
    stan = meet("Stan", phone=True)
    for who in ("Mia", "Otto", "Cara"):
        person = enter(who, phone=who == "Cara")
        person.goes_to(f"/sessions/{code}/record")
        for menu in person.page.locator("details.save").all():
            menu.locator("summary").click()
        person.finds_nothing_wrong()
        files = person.page.locator("details.save a[download]")
        expect(files).to_have_count(len(FORMATS) + 4)
        for file in files.all():
            with person.page.expect_download() as download:
                file.click()
            path = Path(download.value.path())
            ending = download.value.suggested_filename.rsplit(".", 1)[1]
            assert "Draw the map" in " ".join(READERS[ending](path.read_bytes()).split()), f"{who}, {ending}"
            answer = stan.context.request.get(stan.url + str(file.get_attribute("href")))
            assert answer.status == 404
