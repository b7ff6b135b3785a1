"""People at real browsers: what goes over their sockets is journalled, what they see is read off the page."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

import socketio.packet
from playwright.sync_api import Browser, Locator, Page, WebSocket, sync_playwright

from devtools.chaos.checker import TOKEN
from devtools.chaos.client import Who
from devtools.chaos.journal import Journal
from devtools.chaos.people import token
from devtools.chaos.state import State

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--no-first-run"]
PATIENCE_MS = 30_000
FIELD, BUTTON = "Your idea", "Add the idea"
NEXT_SECOND = """() => new Promise((resolve, reject) => {
  setTimeout(() => reject(new Error("the clock on the screen stands still")), 5000);
  const timer = document.querySelector("[role=timer]");
  const shown = timer.textContent;
  const watch = new MutationObserver(() => {
    if (timer.textContent !== shown) { watch.disconnect(); resolve(timer.textContent); }
  });
  watch.observe(timer, { characterData: true, childList: true, subtree: true });
})"""


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that dev.py found."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["INTERVISE_CHROMIUM"], args=ARGUMENTS)
        yield browser
        browser.close()


class Screen:
    """`with`-less: `leave` ends it. Everything here runs in the thread that started Playwright."""

    def __init__(self, browser: Browser, who: Who, url: str, folder: Path) -> None:
        self.who = who
        self.url = url
        self.state = State()
        self.live = False
        self.journal = Journal(
            folder / f"{who.session}-{who.name}.jsonl",
            session=who.session,
            seat=who.seat,
            name=who.name,
            role=who.role,
            kind="browser",
            offset_s=0,
        )
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        self.context.set_default_timeout(PATIENCE_MS)
        name, value = who.cookie.split("=", 1)
        self.context.add_cookies([{"name": name, "value": value, "url": url}])
        self.page: Page = self.context.new_page()
        self.page.on("websocket", self._listen)

    def enter(self) -> None:
        self.page.goto(f"{self.url}/sessions/{self.who.code}/room")
        self.until(lambda: self.live, "the page is connected")

    def leave(self) -> None:
        with suppress(Exception):
            self.context.close()
        self.journal.close()

    # --- What goes over the socket ----------------------------------------------------------------------------------

    def _listen(self, socket: WebSocket) -> None:
        asked: dict[int, tuple[str, str]] = {}
        socket.on("framesent", partial(self._frame, asked, True))
        socket.on("framereceived", partial(self._frame, asked, False))
        socket.on("close", lambda *_: self._closed())
        self.journal.write("connect")

    def _closed(self) -> None:
        self.live = False
        self.journal.write("disconnect")

    def _frame(self, asked: dict[int, tuple[str, str]], sent: bool, frame: str | bytes) -> None:
        if not isinstance(frame, str) or not frame.startswith("4"):
            return
        packet = socketio.packet.Packet(encoded_packet=frame[1:])
        if packet.packet_type == socketio.packet.EVENT:
            event, *rest = packet.data
            (self._said if sent else self._heard)(event, rest[0] if rest else {}, packet.id, asked)
        elif packet.packet_type == socketio.packet.ACK and packet.id in asked:
            event, id_ = asked.pop(packet.id)
            if event == "command":
                self.journal.write("ack", id=id_, answer=packet.data[0])
            elif event == "sync" and packet.data[0].get("ok"):
                self._take("synced", packet.data[0]["snapshot"])

    def _said(self, event: str, body: dict[str, Any], number: int | None, asked: dict[int, tuple[str, str]]) -> None:
        if number is not None:
            asked[number] = (event, body.get("id", ""))
        if event == "command":
            found = TOKEN.findall(str(body["data"]))
            self.journal.write(
                "send", id=body["id"], name=body["name"], base=body.get("base"), data=body["data"],
                token=found[0] if found else "",
            )  # fmt: skip

    def _heard(self, event: str, body: dict[str, Any], _number: int | None, _asked: object) -> None:
        if event == "snapshot":
            self._take(event, body)
            return
        self.journal.write(event, body=body)
        if event == "patch":
            self.state.merge(body)

    def _take(self, event: str, snapshot: dict[str, Any]) -> None:
        self.journal.write(event, body=snapshot)
        if not self.live or snapshot["version"] >= self.state.version:
            self.state.replace(snapshot)
        self.live = True

    # --- What happens on the screen ---------------------------------------------------------------------------------

    def until(self, condition: Callable[[], bool], words: str, patience_s: float = PATIENCE_MS / 1000) -> float:
        """Seconds until `condition` held; Playwright hears of frames only while somebody waits."""
        began = time.monotonic()
        while not condition():
            if time.monotonic() - began > patience_s:
                raise TimeoutError(f"{self.who.name}: not within {patience_s:.0f} s: {words}")
            self.page.wait_for_timeout(20)
        return time.monotonic() - began

    def writes(self, dice: Any) -> str:
        """Write an idea and press the button; returns its token. Whether it arrives is another matter."""
        word = self.begins(dice)
        self.page.get_by_role("button", name=BUTTON).filter(visible=True).first.click(no_wait_after=True)
        return word

    def begins(self, dice: Any) -> str:
        """Write an idea, and press nothing."""
        word = token(dice)
        self._field().fill(f"Word {word} of idea")
        return word

    def draft(self) -> str:
        """What stands in the field."""
        return self._field().input_value()

    def _field(self) -> Locator:
        return self.page.get_by_label(FIELD).and_(self.page.locator("textarea")).filter(visible=True).first

    def words(self) -> list[str]:
        """The tokens on the page, in the order of the page."""
        return TOKEN.findall(self.page.locator("body").inner_text())

    def freezes(self, on: bool) -> None:
        tools = self.context.new_cdp_session(self.page)
        tools.send("Page.setWebLifecycleState", {"state": "frozen" if on else "active"})
        tools.detach()

    def reads_timer(self) -> None:
        """Note what the clock on the screen shows, at the moment at which it shows something new."""
        ends_at = self.state.session["clock"]["ends_at"]
        shown = str(self.page.evaluate(NEXT_SECOND))
        minutes, seconds = shown.lstrip("+−-").split(":")[-2:]
        left_s = 60 * int(minutes) + int(seconds)
        if ":" in shown and shown.count(":") == 2:
            left_s += 3600 * int(shown.split(":")[0].lstrip("+"))
        self.journal.write("timer", left_s=-left_s if shown.startswith("+") else left_s, ends_at=ends_at)
