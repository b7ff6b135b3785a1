"""`dev.py bench pages`: weight and speed of the pages, steadiness, contrast and targets, in a real Chromium."""

import argparse
import sys
from collections.abc import Callable, Sequence

from playwright.sync_api import Browser

from devtools.bench import kept, looks, quickness, steady
from devtools.bench.app import Running, running
from devtools.bench.loads import LAPTOP, PHONE, Line, Load, load, watched
from devtools.bench.places import Place, places
from devtools.bench.screens import LAPTOP as WIDE
from devtools.bench.screens import PHONE as NARROW
from devtools.bench.screens import browser_of
from devtools.bench.tables import kib, middle, table
from devtools.pictures import chromium

Row = list[object]
KINDS = ("page", "scripts", "styles", "font", "other")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench pages", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each page is loaded; default: 5")
    parser.add_argument("--only", choices=list(PARTS), help="one part of it")
    parser.add_argument("--save", action="store_true", help="keep the tables in docs/performance.md")
    options = parser.parse_args(arguments)
    tables: list[str] = []
    with running() as app, chromium() as browser:
        for name, part in PARTS.items():
            if options.only in (None, name):
                tables += part(browser, app, options.rounds)
    report = "\n".join([*tables, f"`{' '.join(['python3 dev.py bench pages', *arguments])}`, {kept.machine()}"])
    print(report)
    if options.save:
        kept.save("pages", report)
    return 0


def loading(browser: Browser, app: Running, rounds: int) -> Sequence[str]:
    weights, times = [], {line: [] for line in (PHONE, LAPTOP)}  # type: tuple[list[Row], dict[Line, list[Row]]]
    for place in places(app):
        note(place.title)
        for line, rows in times.items():
            loads = [_cold_and_warm(browser, app, place, line) for _ in range(rounds)]
            rows.append([place.title, *_times(loads)])
        cold, warm = loads[-1]  # bytes are the same each time
        weights.append([place.title, cold.requests, *(kib(cold.bytes[kind]) for kind in KINDS), kib(cold.socket_bytes),
                        kib(cold.total), kib(cold.total - cold.bytes["font"]), kib(warm.total)])  # fmt: skip
    head = ["page", "requests", *KINDS, "socket", "first visit", "without the font", "next visit"]
    timed = ["ms", "first paint", "largest paint", "usable", "at best", "blocked", "shift", "usable, next visit"]
    return (
        table("Over the wire, KiB, headers included", head, weights),
        *(table(f"{line.title}, median of {rounds}", timed, rows) for line, rows in times.items()),
    )


def _times(loads: Sequence[tuple[Load, Load]]) -> list[object]:
    colds, warms = zip(*loads, strict=True)
    usable = [cold.usable for cold in colds]
    figures = [middle(cold.fcp for cold in colds), middle(cold.lcp for cold in colds), middle(usable), min(usable),
               middle(cold.blocked for cold in colds)]  # fmt: skip
    shift = max(cold.shift for cold in colds)
    return [*map(round, figures), f"{shift:.3f}", round(middle(warm.usable for warm in warms))]


def _cold_and_warm(browser: Browser, app: Running, place: Place, line: Line) -> tuple[Load, Load]:
    context = browser_of(browser, app, NARROW if line.slow else WIDE, place.cookie)
    found = [load(watched(context), app.url + place.address, line) for _ in range(2)]
    context.close()
    return found[0], found[1]


def steadiness(browser: Browser, app: Running, _rounds: int) -> Sequence[str]:
    rows = []
    for it in steady.measure(browser, app):
        note(f"ten people write: {it.step}, {it.width} px")
        for shift in it.shifts:
            note(f"  {shift}")
        rows.append([f"{it.step}, {it.width} px", f"{it.reading:.4f}", f"{it.writing:.4f}", round(it.read_moved, 1),
                     round(it.field_moved, 1), "yes" if it.kept else "no"])  # fmt: skip
    head = ["while ten people write", "shift, reading", "shift, writing", "what is read moved (px)",
            "the field moved (px)", "focus, text, caret kept"]  # fmt: skip
    return [table("Layout shift, all of it", head, rows)]


def interactions(browser: Browser, app: Running, rounds: int) -> Sequence[str]:
    found = quickness.measure(browser, app, rounds)
    rows = [[name, *map(round, (min(values), middle(values), max(values)))] for name, values in found.items()]
    title = f"From a touch to the next paint, ms, on the phone's processor, {rounds} rounds"
    return [table(title, ["", "at best", "median", "longest"], rows)]


def appearance(browser: Browser, app: Running, _rounds: int) -> Sequence[str]:
    rows, smallest, worst = [], [], []
    for place in places(app):
        note(f"looks of {place.title}")
        it = looks.measure(browser, app, place)
        sides = [(looks.short_side(each), f"{each['width']:.0f} × {each['height']:.0f}", each["name"], place.title)
                 for each in it.smallest]  # fmt: skip
        kinds = [("text", it.texts), ("edge", it.edges)]
        least = [pairs[theme][0].ratio if pairs[theme] else "–" for _, pairs in kinds for theme in looks.THEMES]
        rows.append([place.title, it.elements, sides[0][0], sum(side < looks.TARGET_PX for side, *_ in sides), *least])
        smallest += sides
        worst += [(pair.ratio, kind, pair.colours, pair.where, f"{place.title}, {theme}")
                  for theme in looks.THEMES for kind, pairs in kinds for pair in pairs[theme]]  # fmt: skip
    head = ["page", "elements", "smallest target (px)", "targets below 44", *THEMED]
    return (
        table("As they stand on the phone: least contrast, smallest target", head, rows),
        table("The ten smallest targets", ["side (px)", "size", "name", "page"], sorted(smallest)[:10]),
        table("The ten pairs with the least contrast for their kind (text 4.5, edge 3)",
              ["ratio", "kind", "colours", "where", "page"], closest(worst)),
    )  # fmt: skip


THEMED = ("text, light", "text, dark", "edge, light", "edge, dark")


def closest(pairs: list[tuple[float, str, str, str, str]]) -> list[tuple[float, str, str, str, str]]:
    """The ten that come closest to, or fall short of, what their kind needs; each pair of colours once."""
    needed = {"text": looks.TEXT_MIN, "edge": looks.EDGE_MIN}
    by_colours = {(kind, colours): (ratio, kind, colours, where, page) for ratio, kind, colours, where, page in pairs}
    return sorted(by_colours.values(), key=lambda pair: pair[0] / needed[pair[1]])[:10]


PARTS: dict[str, Callable[[Browser, Running, int], Sequence[str]]] = {
    "loading": loading,
    "steadiness": steadiness,
    "interactions": interactions,
    "appearance": appearance,
}


def note(text: str) -> None:
    """What is being done, apart from the tables."""
    print(f"  {text}", file=sys.stderr, flush=True)
