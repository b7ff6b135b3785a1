"""People at real browsers: each with a context of their own, and with ears for errors on the console."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

PATIENCE_MS = 20_000

# What the browser says of a connection that a test has cut, or of a page that it expects to be refused.
CUT_LINE = re.compile(r"WebSocket connection|net::ERR_|Failed to load resource")


class Person:
    """One person, one browser. Use `page` for what they see and do."""

    def __init__(self, browser: Browser, name: str, url: str, *, phone: bool = False, **context: Any) -> None:
        self.name = name
        self.url = url
        size: Any = PHONE if phone else LAPTOP
        self.context: BrowserContext = browser.new_context(
            viewport=size,
            has_touch=phone,
            is_mobile=phone,
            accept_downloads=True,
            locale="en-GB",
            reduced_motion="reduce",
            **context,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.may_fail = False
        self.page: Page = self.context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.errors.append(f"{self.name}: {error}"))
        self.page.on("request", self._watch)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (self.may_fail and CUT_LINE.search(message.text)):
            self.errors.append(f"{self.name}: {message.text} ({message.location.get('url', '')})")

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, self.url.replace("http", "ws", 1), "data:", "blob:")):
            self.errors.append(f"{self.name}: a request to another host: {request.url}")

    def goes_to(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.url + path)

    def sees(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible()

    def does_not_see(self, text: str) -> None:
        expect(self.page.get_by_text(text).filter(visible=True)).to_have_count(0)

    def presses(self, name: str, *, within: str | None = None) -> None:
        """Press the first visible button (or link) of this name."""
        place = self.page.locator(within) if within else self.page
        for role in ("button", "link"):
            found = place.get_by_role(role, name=name).filter(visible=True)
            if found.count():
                found.first.click()
                return
        place.get_by_role("button", name=name).filter(visible=True).first.click()

    def writes(self, label: str, text: str) -> None:
        self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label).and_(self.page.locator("input, textarea")).filter(visible=True).first

    def is_in(self, step_title: str) -> None:
        """The room has come to this step, by its heading."""
        expect(self.heading(step_title)).to_be_visible(timeout=PATIENCE_MS)

    def heading(self, title: str) -> Locator:
        return self.page.get_by_role("heading", level=1, name=title, exact=True)

    def finds_nothing_wrong(self) -> None:
        """axe finds nothing on this page, and it has no sideways scroll."""
        found = self._axe()
        assert found == [], f"{self.name} at {self.page.url}: {found}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.name} scrolls sideways by {wider} px at {self.page.url}"

    def _axe(self) -> list[str]:
        # The page's policy forbids other scripts, and rightly; the protocol of the browser's own tools may
        # still evaluate.
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        result = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {', '.join(' '.join(map(str, node['target'])) for node in violation['nodes'])}"
            for violation in result["violations"]
        ]

    def leaves(self) -> None:
        self.context.close()
