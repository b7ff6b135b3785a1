"""`dev.py bench drawing`: what one more contribution costs a browser, with ten on its screen and with a thousand."""

import argparse
import sys

from playwright.sync_api import Browser, CDPSession

from devtools.bench import kept, staging
from devtools.bench.app import Running, running
from devtools.bench.company import READER, company
from devtools.bench.figures import at
from devtools.bench.screens import LAPTOP, browser_of
from devtools.bench.tables import table
from devtools.pictures import chromium

FEW, MANY = 10, 1000
WORK = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration")
SETTLED_MS = 350


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench drawing", description=__doc__)
    parser.add_argument("--contributions", type=int, default=40, help="how many are measured of each")
    parser.add_argument("--save", action="store_true", help="keep the table in docs/performance.md")
    options = parser.parse_args(arguments)
    rows = []
    with running() as app, chromium() as browser:
        for said in (FEW, MANY):
            print(f"  with {said} on the screen", file=sys.stderr)
            took, waited = measure(browser, app, said, options.contributions)
            rows.append([said, *(f"{at(took, share):.1f}" for share in (50, 95, 100)), f"{at(waited, 50):.1f}"])
    head = ["on the screen", "median", "p95", "longest", "of it the clock’s own work, median"]
    report = table("Script, style and layout for one more contribution, ms", head, rows)
    report = f"{report}\n`python3 dev.py bench drawing`, {kept.machine()}\n"
    print(report)
    if options.save:
        kept.save("drawing", report)
    return 0


def measure(browser: Browser, app: Running, said: int, contributions: int) -> tuple[list[float], list[float]]:
    """Milliseconds of the page's own work, sorted: for each contribution, ticks of the clock meanwhile included; and in
    spans as long in which nobody said anything.
    """
    with company(app, "brainstorm") as everybody:
        staging.fill(everybody.room(), said)
        context = browser_of(browser, app, LAPTOP, app.seat_cookie(everybody.code, READER))
        page = context.new_page()
        page.goto(f"{app.url}/sessions/{everybody.code}/room")
        page.locator(".room .stage-body").wait_for()
        devtools = context.new_cdp_session(page)
        devtools.send("Performance.enable")
        page.wait_for_timeout(2000)
        took, waited = [], []
        for _ in range(contributions):
            before = worked_ms(devtools)
            everybody.say()
            page.wait_for_timeout(SETTLED_MS)
            between = worked_ms(devtools)
            page.wait_for_timeout(SETTLED_MS)
            took.append(between - before)
            waited.append(worked_ms(devtools) - between)
        context.close()
    return sorted(took), sorted(waited)


def worked_ms(devtools: CDPSession) -> float:
    metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
    return 1000 * sum(float(metrics[name]) for name in WORK)
