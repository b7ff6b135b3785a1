"""What a screen reader finds on each page of the room and what it is told, step by step.

The files in transcripts/ hold, for each step and role, landmarks, headings, live regions and the names of what can be
operated, in order. After a change that is meant: INTERVISE_TRANSCRIPTS=write in the environment writes them anew; read
the difference before you commit it.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.people import Person
from tests.browser.walk import Walk

FOLDER = Path(__file__).parent / "transcripts"
TOLD = [
    "alert",
    "banner",
    "button",
    "checkbox",
    "combobox",
    "complementary",
    "contentinfo",
    "dialog",
    "form",
    "group",
    "heading",
    "link",
    "log",
    "main",
    "navigation",
    "radio",
    "region",
    "search",
    "spinbutton",
    "status",
    "switch",
    "textbox",
    "timer",
]
VOLATILE = (
    (re.compile(r"\d+:\d\d( [AP]M)?"), "0:00"),
    (re.compile(r"\d+ here"), "0 here"),
    (re.compile(r"ends at about .*"), "ends at about 0:00"),
    (re.compile(r"[\u2066-\u2069]"), ""),
    (re.compile(r"^( *- (?:alert|log|status))\b.*", re.MULTILINE), r"\1"),  # what they say is another test
    (re.compile(r":$", re.MULTILINE), ""),
)


def test_a_screen_reader_finds_the_same_in_every_step_as_each_role(walk: Walk, enter: Enter) -> None:
    seen = {}
    company: list[Person] = []
    for moment in walk.moments():
        company = company or [enter("Mia"), enter("Otto", phone=True), enter("Cara", width=768)]
        for person in company:
            person.hears(walk.room().it.version)
            seen[f"{moment}-{ROLES[person.name]}.yaml"] = transcript(person)
    if os.environ.get("INTERVISE_TRANSCRIPTS") == "write":
        write(seen)
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yaml")}
    assert sorted(kept) == sorted(seen)
    for name, told in seen.items():
        assert told == kept[name], name


ROLES = {"Mia": "moderator", "Otto": "owner", "Cara": "consultant"}


def transcript(person: Person) -> str:
    """The accessibility tree, cut down to TOLD, one line each, indented by what stands within what."""
    expect(person.page.locator("[aria-disabled=true]")).to_have_count(0)  # what moves the group rests after a step
    lines: list[str] = []
    kept: list[int] = []
    for line in person.page.locator("body").aria_snapshot().splitlines():
        depth = len(line) - len(line.lstrip())
        while kept and kept[-1] >= depth:
            kept.pop()
        if line.lstrip("- '").split(" ")[0].split(":")[0] in TOLD:
            lines.append("  " * len(kept) + line.strip())
            kept.append(depth)
    told = "\n".join(lines) + "\n"
    for pattern, always in VOLATILE:
        told = pattern.sub(always, told)
    return told


def write(seen: dict[str, str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    for path in FOLDER.glob("*.yaml"):
        path.unlink()
    for name, told in seen.items():
        (FOLDER / name).write_text(told, encoding="utf-8")
