"""The two screens that pages are measured on, and browsers of somebody on them."""

from typing import Any

from playwright.sync_api import Browser, BrowserContext

from devtools.bench.app import Running

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LAPTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
SCREENS = (PHONE, LAPTOP)


def browser_of(browser: Browser, app: Running, screen: dict[str, Any], cookie: str = "") -> BrowserContext:
    """A browser without anything in its store, with somebody's cookie."""
    context = browser.new_context(**screen, locale="en-GB", timezone_id="Europe/Brussels")
    if cookie:
        name = app.near.config["SESSION_COOKIE_NAME"]
        context.add_cookies([{"name": name, "value": cookie, "url": app.url}])
    return context
