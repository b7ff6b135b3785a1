"""Does what somebody reads and writes stay where it is, while ten others contribute?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, Page

from devtools.bench.app import Running
from devtools.bench.company import READER, Company, company
from devtools.bench.loads import watched
from devtools.bench.screens import SCREENS, browser_of

SAID_BEFORE = {"brainstorm": 8, "questions": 3, "reactions": 3, "lessons": 6}
"""How much is there already, by step; where each person speaks once there is less."""
SAID_MEANWHILE = {"brainstorm": 10, "questions": 3, "reactions": 3, "lessons": 10}
PAUSE_MS = 250
WORDS = "Half a thought"

CLEAR = "window.__seen.shifts.length = 0"
SHIFTS = "window.__seen.shifts"
TO_THE_MIDDLE = """() => {
  const stage = document.querySelector(".stage");
  const scroller = stage.scrollHeight > stage.clientHeight + 1 ? stage : document.scrollingElement;
  scroller.scrollTop = (scroller.scrollHeight - scroller.clientHeight) / 2;
  const box = stage.getBoundingClientRect();
  const middle = document.elementFromPoint(box.x + box.width / 2, innerHeight / 2);
  window.__read = middle.closest(".entry, form, section, .fold, p") ?? middle;
}"""
WHERE_IT_IS_READ = "window.__read.getBoundingClientRect().top"
FIELD = """() => {
  const field = document.activeElement;
  const { value, selectionStart: caret } = field;
  return { value, caret, field: field.localName === "textarea", top: field.getBoundingClientRect().top };
}"""


@dataclass
class Steadiness:
    """Of one step on one screen: layout shift while reading and while writing; pixels that what is read, and the field
    that is written in, moved; whether the field kept focus, text and caret.
    """

    step: str
    width: int
    reading: float
    writing: float
    read_moved: float
    field_moved: float
    kept: bool
    shifts: list[str]


def measure(browser: Browser, app: Running) -> Iterator[Steadiness]:
    for step in SAID_BEFORE:
        for screen in SCREENS:
            with company(app, step) as everybody:
                yield _measure(browser, app, everybody, screen)


def _measure(browser: Browser, app: Running, everybody: Company, screen: dict[str, Any]) -> Steadiness:
    context = browser_of(browser, app, screen, app.seat_cookie(everybody.code, READER))
    page = watched(context)
    page.goto(f"{app.url}/sessions/{everybody.code}/room")
    page.locator(".room .stage-body").wait_for()
    for _ in range(SAID_BEFORE[everybody.step]):
        everybody.say()
    page.wait_for_timeout(1000)

    page.evaluate(TO_THE_MIDDLE)
    start_to_count(page)
    read = others_go_on(page, everybody, WHERE_IT_IS_READ)
    reading = page.evaluate(SHIFTS)

    begin_to_write(page, everybody.step)
    start_to_count(page)
    fields = others_go_on(page, everybody, FIELD)
    writing = page.evaluate(SHIFTS)
    context.close()

    tops = [field.pop("top") for field in fields]
    return Steadiness(
        everybody.step, screen["viewport"]["width"], score(reading), score(writing), moved(read), moved(tops),
        fields[0]["field"] and all(field == fields[0] for field in fields),
        [what for shift in reading + writing for what in shift["what"]],
    )  # fmt: skip


def start_to_count(page: Page) -> None:
    page.wait_for_timeout(600)  # what follows an input within half a second is not counted by browsers
    page.evaluate(CLEAR)


def others_go_on(page: Page, everybody: Company, look: str) -> list[Any]:
    """The ten contribute; returns what `look` finds in the page before it and after each contribution."""
    found = [page.evaluate(look)]
    for _ in range(SAID_MEANWHILE[everybody.step]):
        everybody.say()
        page.wait_for_timeout(PAUSE_MS)
        found.append(page.evaluate(look))
    page.wait_for_timeout(1000)
    return [*found, page.evaluate(look)]


def moved(tops: list[float]) -> float:
    """How far something was at most from where it had been."""
    return max(abs(top - tops[0]) for top in tops)


def begin_to_write(page: Page, step: str) -> None:
    """Half a text, the caret in its middle. In the questions only who has the turn may ask; the others take notes."""
    if step == "questions":
        page.locator(".notes > summary").click()
    page.locator(".stage-body textarea").filter(visible=True).first.click()
    page.keyboard.type(WORDS)
    for _ in range(len(WORDS) // 2):
        page.keyboard.press("ArrowLeft")


def score(shifts: list[dict[str, Any]]) -> float:
    """All of them, also those after an input, which the usual score leaves out."""
    return float(sum(shift["value"] for shift in shifts))
