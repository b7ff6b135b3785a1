"""What a page must do for everybody, beside what axe knows. The rules themselves are in reach.js."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.people import PAINTED, Person

RULES = (Path(__file__).parent / "reach.js").read_text(encoding="utf-8")
# What depends on the colours; the rest of axe need not run twice.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}, "rules": {}}
SMALL_WIDTHS = (320, 390)
ZOOMED = (720, 450)
"""A laptop's screen at 200 %."""
MOST_TABS = 200


def faults(person: Person) -> Iterator[str]:
    """All that keeps somebody from this page as it is now, unfolded: colours, sizes, zoom, high contrast."""
    look(person)
    yield from in_light_and_dark(person)
    yield from ask(person, "headings", "cutWords", "colourAlone")
    yield from on_small_screens(person)
    yield from zoomed_and_in_high_contrast(person)


def in_light_and_dark(person: Person) -> Iterator[str]:
    yield from (f"in light: {fault}" for fault in person.axe())
    person.page.emulate_media(color_scheme="dark")
    yield from (f"in dark: {fault}" for fault in person.axe(**COLOURS))
    person.page.emulate_media(color_scheme="light")


def on_small_screens(person: Person) -> Iterator[str]:
    for width in SMALL_WIDTHS:
        with screen(person, width, 844):
            yield from ask(person, "sideways", "cutWords", "smallTargets")


def zoomed_and_in_high_contrast(person: Person) -> Iterator[str]:
    """At 200 %, tab through everything; as the colours are forced, the focus must not live on colour."""
    with screen(person, *ZOOMED):
        person.page.emulate_media(forced_colors="active")
        yield from ask(person, "sideways", "cutWords", "colourAlone", "edgeless")
        yield from along_the_focus(person)
        person.page.emulate_media(forced_colors="none")


def along_the_focus(person: Person) -> Iterator[str]:
    """Tab from the top to the end: everywhere one sees where one is."""
    person.page.evaluate("() => { document.activeElement.blur(); window.scrollTo(0, 0); }")
    for count in range(MOST_TABS):
        person.page.keyboard.press("Tab")
        now = person.page.evaluate("reach.focused()")
        if now["last"] and count:
            return
        yield from now["wrong"]
    yield "the focus never comes to the end"


def ask(person: Person, *rules: str) -> Iterator[str]:
    width = person.page.evaluate("innerWidth")
    for rule in rules:
        yield from (f"at {width}: {fault}" for fault in person.page.evaluate(f"reach.{rule}()"))


@contextmanager
def screen(person: Person, width: int, height: int) -> Iterator[None]:
    """For a while the page is this large."""
    home = person.page.viewport_size
    assert home
    person.page.set_viewport_size({"width": width, "height": height})
    look(person)
    yield
    person.page.set_viewport_size(home)


def look(person: Person) -> None:
    """Learn the rules, and open what is folded."""
    if not person.page.evaluate("typeof window.reach === 'object'"):
        person.page.evaluate(RULES)
    person.page.evaluate(PAINTED)
    if person.page.evaluate("reach.unfold()"):
        person.page.evaluate(PAINTED)
