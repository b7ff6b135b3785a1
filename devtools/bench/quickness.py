"""How long the room on a phone takes from a touch to the next paint, as browsers measure it (in steps of 8 ms)."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from devtools.bench.app import Running
from devtools.bench.company import Person
from devtools.bench.loads import PHONE, watched
from devtools.bench.places import PEOPLE
from devtools.bench.screens import PHONE as SCREEN
from devtools.bench.screens import browser_of

CLEAR = "window.__seen.events.length = 0"
LONGEST = "Math.max(0, ...window.__seen.events)"
AFTERWARDS_MS = 1200
"""The browser tells of an event once the frame after it was shown."""


def measure(browser: Browser, app: Running, rounds: int) -> dict[str, list[float]]:
    """Milliseconds of each round, by what was done. Below 16 ms a browser tells nothing, and 0 stands here."""
    room = app.code_of("brainstorm")
    keep_the_clock_running(app, room)
    found: dict[str, list[float]] = {}
    for role, touches in (("consultant", CONSULTANT), ("moderator", MODERATOR)):
        context = browser_of(browser, app, SCREEN, app.seat_cookie(room, PEOPLE[role]))
        page = watched(context)
        page.goto(f"{app.url}/sessions/{room}/room")
        page.locator(".room .stage-body").wait_for()
        PHONE.slow_down(context.new_cdp_session(page))
        for _ in range(rounds):
            for name, touch in touches.items():
                page.evaluate(CLEAR)
                touch(page)
                page.wait_for_timeout(AFTERWARDS_MS)
                found.setdefault(name, []).append(page.evaluate(LONGEST))
        context.close()
    return found


def keep_the_clock_running(app: Running, room: str) -> None:
    """Give the step an hour. Over time nothing else on the page moves, and a headless Chromium then tells of a letter
    that it painted after 10 ms only together with the next second's frame.
    """
    moderator = Person(app, room, PEOPLE["moderator"])
    moderator.does("set_time", "brainstorm", seconds=3600)
    moderator.socket.disconnect()


def tap_a_starter(page: Page) -> None:
    page.locator(".composer.is-pinned .starters .chip").first.tap()


def type_a_letter(page: Page) -> None:
    page.locator(".composer.is-pinned textarea").press("x")


def send_the_idea(page: Page) -> None:
    page.locator(".composer.is-pinned [type=submit]").tap()


def open_the_desk(page: Page) -> None:
    page.locator(".dock .button[aria-haspopup=dialog]").tap()


def close_the_desk(page: Page) -> None:
    page.locator("dialog[open] .dialog-head button").tap()


CONSULTANT: dict[str, Callable[[Page], None]] = {
    "tap a starter": tap_a_starter,
    "type a letter": type_a_letter,
    "send the idea": send_the_idea,
}
MODERATOR: dict[str, Callable[[Page], None]] = {
    "open the desk": open_the_desk,
    "close the desk": close_the_desk,
}
