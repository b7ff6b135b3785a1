"""Loading one page: what goes over the wire, and when something can be seen and used."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page

HERE = Path(__file__).parent
WATCH = (HERE / "watch.js").read_text(encoding="utf-8")
LOOK = (HERE / "look.js").read_text(encoding="utf-8")
PATIENCE_MS = 60_000
UNTIL_USABLE = """() => new Promise((go) => {
  const look = () => (window.__seen.usable !== null && window.__seen.lcp !== null ? go() : setTimeout(look, 50));
  look();
})"""

KINDS = {"Document": "page", "Script": "scripts", "Stylesheet": "styles", "Font": "font"}
"""The Chrome DevTools Protocol's resource types as the table names them; everything else is “other”."""


@dataclass(frozen=True)
class Line:
    """What the page is loaded over, and the machine that it is loaded on.

    A phone as Lighthouse simulates one on slow 4G: 150 ms there and back for each request, 1.6 Mbit/s down and
    750 kbit/s up, a processor that is four times slower. Of a web socket Chromium slows down the handshake alone.
    """

    title: str
    slow: bool

    def slow_down(self, tools: CDPSession) -> None:
        if self.slow:
            tools.send("Network.emulateNetworkConditions",
                       {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8,
                        "uploadThroughput": 750_000 / 8})  # fmt: skip
            tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})


PHONE = Line("On the simulated phone", slow=True)
LAPTOP = Line("Unthrottled", slow=False)


@dataclass
class Load:
    """One load: bytes over the wire by kind, headers included; the number of requests; milliseconds from the start;
    layout shift."""

    bytes: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    socket_bytes: int = 0
    fcp: float = 0
    lcp: float = 0
    usable: float = 0
    blocked: float = 0
    shift: float = 0

    @property
    def total(self) -> int:
        return self.bytes.total() + self.socket_bytes


def load(page: Page, url: str, line: Line) -> Load:
    """Go to `url` and measure, until the page can be used and the line is quiet."""
    measured = Load()
    tools = page.context.new_cdp_session(page)
    tools.send("Network.enable")
    kinds: dict[str, str] = {}

    def answered(event: dict[str, Any]) -> None:
        if not event["response"].get("fromDiskCache"):  # else it has crossed no wire
            kinds[event["requestId"]] = KINDS.get(event["type"], "other")

    def served_from_store(event: dict[str, Any]) -> None:
        kinds.pop(event["requestId"], None)

    def finished(event: dict[str, Any]) -> None:
        if event["encodedDataLength"] and event["requestId"] in kinds:
            measured.bytes[kinds[event["requestId"]]] += int(event["encodedDataLength"])
            measured.requests += 1

    def received(event: dict[str, Any]) -> None:
        measured.socket_bytes += len(event["response"]["payloadData"].encode())

    tools.on("Network.responseReceived", answered)
    tools.on("Network.requestServedFromCache", served_from_store)
    tools.on("Network.loadingFinished", finished)
    tools.on("Network.webSocketFrameReceived", received)
    line.slow_down(tools)
    answer = page.goto(url)
    assert answer is not None
    assert answer.ok, f"{url}: {answer.status}"
    page.evaluate(UNTIL_USABLE)
    page.wait_for_load_state("networkidle")
    seen = page.evaluate("window.__seen")
    measured.fcp, measured.lcp, measured.usable = seen["fcp"], seen["lcp"], max(seen["usable"], seen["fcp"])
    measured.blocked = blocked(seen["long"], measured.fcp)
    measured.shift = sum(shift["value"] for shift in seen["shifts"])
    tools.detach()
    return measured


def blocked(tasks: list[list[float]], fcp: float) -> float:
    """Total blocking time: what tasks after the first paint take beyond 50 ms each, in milliseconds."""
    return sum(max(0, start + length - max(start, fcp) - 50) for start, length in tasks if start + length > fcp)


def watched(context: BrowserContext) -> Page:
    """A new page whose painting and shifting is written down from the start."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(WATCH)
    return page
