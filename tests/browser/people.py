"""People at real browsers: each with a context of their own, and with ears for errors on the console."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

AXE_SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LAPTOP = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

PATIENCE_MS = 20_000
expect.set_options(timeout=PATIENCE_MS)  # what another process does is news with the pulse only, up to 5.5 s later

# All of WCAG 2.2 AA that axe can tell, good practice besides, and names that begin with what is to be read.
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}, "label-content-name-mismatch": {"enabled": True}},
    "resultTypes": ["violations"],
}

VERSION = re.compile(r'"version":(\d+)')
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# What the browser says of a connection that a test has cut, or of a page that it expects to be refused.
CUT_LINE = re.compile(r"WebSocket connection|net::ERR_|Failed to load resource")


class Person:
    """One person, one browser. Use `page` for what they see and do."""

    def __init__(
        self, browser: Browser, name: str, url: str, *, phone: bool = False, width: int = 0, **context: Any
    ) -> None:
        self.name = name
        self.url = url
        size: Any = PHONE if phone else LAPTOP | ({"width": width} if width else {})
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
        self.version = -1
        self.page.on("websocket", lambda socket: socket.on("framereceived", self._receive))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not (self.may_fail and CUT_LINE.search(message.text)):
            self.errors.append(f"{self.name}: {message.text} ({message.location.get('url', '')})")

    def _receive(self, frame: str | bytes) -> None:
        """Count along as the page does: a patch that does not follow on what is there is passed over, and asked for."""
        if isinstance(frame, bytes) or not (told := VERSION.search(frame)):
            return
        version, is_patch = int(told[1]), frame.startswith('42["patch"')
        if version == self.version + 1 if is_patch else '"snapshot"' in frame:
            self.version = version

    def hears(self, version: int) -> None:
        """Wait until this screen shows the session's `version`."""
        self.waits_until(lambda: self.version >= version)
        self.page.evaluate(PAINTED)

    def waits_until(self, happened: Callable[[], bool]) -> None:
        """Wait for what this page does not show."""
        for _ in range(PATIENCE_MS // 20):
            if happened():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{self.name} waited in vain")

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
        found = self.axe()
        assert found == [], f"{self.name} at {self.page.url}: {found}"
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.name} scrolls sideways by {wider} px at {self.page.url}"

    def axe(self, **options: Any) -> list[str]:
        """What axe finds on this page as it is now; `options` are further ones of axe.run."""
        # The page's policy forbids other scripts, and rightly; the protocol of the browser's own tools may
        # still evaluate.
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(AXE_SCRIPT.read_text(encoding="utf-8"))
        result = self.page.evaluate("options => axe.run(document, options)", AXE | options)
        return [
            f"{violation['id']}: {', '.join(' '.join(map(str, node['target'])) for node in violation['nodes'])}"
            for violation in result["violations"]
        ]

    def leaves(self) -> None:
        self.context.close()
