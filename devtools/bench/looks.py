"""What can be read off a page as it stands on the phone: target sizes, contrast by day and by night, its elements."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser

from devtools.bench.app import Running
from devtools.bench.contrast import ground, over, ratio, written
from devtools.bench.loads import LOOK
from devtools.bench.places import Place
from devtools.bench.screens import PHONE, browser_of

THEMES = ("light", "dark")
TARGET_PX = 44
TEXT_MIN = 4.5
EDGE_MIN = 3.0


@dataclass(frozen=True, order=True)
class Pair:
    """Two colours beside each other, and where they were found."""

    ratio: float
    colours: str
    where: str


@dataclass
class Looks:
    elements: int = 0
    targets: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[str, list[Pair]] = field(default_factory=dict)
    edges: dict[str, list[Pair]] = field(default_factory=dict)
    """Both by theme, the worst first."""

    @property
    def smallest(self) -> list[dict[str, Any]]:
        """The targets that are no links within a sentence, the smallest first by their shorter side."""
        return sorted((it for it in self.targets if not it["inline"]), key=short_side)


def measure(browser: Browser, app: Running, place: Place) -> Looks:
    context = browser_of(browser, app, PHONE, place.cookie)
    page = context.new_page()
    looks = Looks()
    for theme in THEMES:
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
        page.goto(app.url + place.address)
        if place.is_room:
            page.locator(".room .stage-body").wait_for()
        page.wait_for_load_state("networkidle")
        seen = page.evaluate(LOOK)
        looks.elements, looks.targets = seen["elements"], seen["targets"]
        looks.texts[theme] = sorted(text_pairs(seen["texts"]))
        looks.edges[theme] = sorted(edge_pairs(seen["edges"]))
    context.close()
    return looks


def short_side(target: dict[str, Any]) -> float:
    return round(min(target["width"], target["height"]), 1)


def text_pairs(texts: Iterable[dict[str, Any]]) -> Iterable[Pair]:
    """Each text on its ground; a control that is switched off need not be readable, and is left out."""
    for text in texts:
        if text["off"]:
            continue
        below = ground(text["layers"])
        red, green, blue, alpha = text["colour"]
        colour = over((red, green, blue, alpha * text["opacity"]), below)
        yield Pair(round(ratio(colour, below), 2), f"{written(colour)} on {written(below)}", text["text"])


def edge_pairs(controls: Iterable[dict[str, Any]]) -> Iterable[Pair]:
    """What sets a control off from what is around it: its edge or its fill, whichever shows more."""
    for control in controls:
        outside = ground(control["outside"])
        shows = [over(control[part], outside) for part in ("edge", "fill")]
        strongest = max(shows, key=lambda colour: ratio(colour, outside))
        yield Pair(round(ratio(strongest, outside), 2), f"{written(strongest)} on {written(outside)}", control["name"])
