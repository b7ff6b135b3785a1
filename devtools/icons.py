"""The app's own icon as the pictures that phones and browsers ask for, drawn from mark.svg: `dev.py icons`."""

import sys
from dataclasses import dataclass

from devtools.console import ROOT
from devtools.pictures import chromium

IMAGES = ROOT / "app" / "static" / "img"
ROUND = ' rx="16"'
"""The corners of the mark's ground; what a system cuts to a shape of its own goes without."""

PAGE = """<!doctype html>
<style>body {{ margin: 0 }} svg {{ display: block; width: 100vw; height: 100vh }}</style>
{drawing}"""


@dataclass(frozen=True)
class Size:
    name: str
    pixels: int
    is_round: bool = True


# The ring keeps within four fifths of the width: the circle that every mask leaves visible.
SIZES = (
    Size("favicon.png", 32),
    Size("apple-touch-icon.png", 180, is_round=False),
    Size("icon-192.png", 192),
    Size("icon-512.png", 512),
    Size("icon-maskable-512.png", 512, is_round=False),
)


def main() -> int:
    mark = (IMAGES / "mark.svg").read_text(encoding="utf-8")
    assert ROUND in mark
    with chromium() as browser:
        page = browser.new_page()
        for size in SIZES:
            page.set_viewport_size({"width": size.pixels, "height": size.pixels})
            page.set_content(PAGE.format(drawing=mark if size.is_round else mark.replace(ROUND, "")))
            page.screenshot(path=IMAGES / size.name, omit_background=size.is_round)
            print(f"  {size.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
