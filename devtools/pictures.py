"""Pictures of the demo, as people see it in a browser: `dev.py pictures`, or `--all FOLDER` for every one there is."""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from itertools import groupby, product
from pathlib import Path
from urllib.parse import urljoin

import typst
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from app.demo.scenes import SCENES
from devtools.console import ROOT

OF_THE_README = ROOT / "docs" / "pictures"
BROWSER_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--font-render-hinting=none"]
PATIENCE_MS = 30_000
PAPER_DPI = 80

HEIGHTS = {390: 844, 768: 1024, 1440: 900}
"""Of the screens, by their width in CSS pixels."""
THEMES = ("light", "dark")

ONE_PAGE = """
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image(sys.inputs.pdf, page: 1)
"""


@dataclass(frozen=True)
class Place:
    """Where the demo's page leads somebody, by the address of its button, and to which page they go on from there.

    Without a button they are a guest. `title` is what the place is called on the page that shows all pictures; the
    pictures of a scene are taken while everybody else of its case is in the room too.
    """

    title: str
    button: str = ""
    page: str = ""
    link: str = ""
    """The name of a link, the first of which leads on from there."""

    @property
    def scene(self) -> str:
        """The scene's name, when it is one that people are in together."""
        kind, _, rest = self.button.partition("/")
        name = rest.partition("/")[0]
        return name if kind == "rooms" and SCENES[name].is_live else ""

    @property
    def who(self) -> str:
        return self.button.rpartition("/")[2]


@dataclass(frozen=True)
class Picture:
    name: str
    place: Place
    width: int
    theme: str = "light"
    height: int = 0
    """Of the screen; 0: what is usual for its width."""


README = (
    Picture("questions-moderator", Place("", "rooms/questions/moderator"), 1440, height=1120),
    Picture("brainstorm-owner", Place("", "rooms/brainstorm/owner"), 390),
    Picture("brainstorm-consultant", Place("", "rooms/brainstorm/consultant"), 390, "dark"),
    Picture("feedback-owner", Place("", "rooms/feedback/owner"), 390),
    Picture("planning", Place("", "accounts/Hanna", "/sessions/new"), 768, height=1180),
    Picture("record", Place("", "rooms/hospitals/moderator"), 768, height=1180),
)
PLAN = Place("", "rooms/hospitals/owner", "plan.pdf")
"""Its first page is a picture of the README too."""


PAGES = {
    "Hanna": ("/", "/sessions/", "/sessions/new", "/follow-ups", "/lessons", "/lessons/today", "/lessons/feeds",
              "/archive", "/archive?q=zebra", "/dashboard", "/account", "/account/tokens", "/teams", "/teams/2",
              "/teams/2/news"),
    "Femke": ("/", "/lessons", "/archive", "/archive?q=hospital", "/dashboard", "/account"),
}  # fmt: skip
"""By account, what is signed in to."""
LINKED = (
    ("Hanna", "/sessions/", "Invitation"),
    ("Hanna", "/archive", "Record"),
    ("Femke", "/archive", "How it went"),
)
"""By account: a page, and the link on it that leads on."""
AFTER = {"moderator": ("process", "replay"), "owner": ("follow-up", "replay", "mine"), "consultant": ("replay",)}
"""Of a closed session, by role: the pages beside the record."""


def places() -> list[Place]:
    """Everywhere that somebody can be."""
    rooms = [Place(scene.title, f"rooms/{scene.name}/{part}")
             for scene in SCENES.values() for part in ("moderator", "owner", "consultant")]  # fmt: skip
    newcomer = Place("Coming in", "rooms/lobby/newcomer")
    guest = [Place(page, page=page) for page in ("/", "/join", "/sign-in", "/demo", "/api", "/no-such-page")]
    account = [Place(page, f"accounts/{name}", page) for name, pages in PAGES.items() for page in pages]
    linked = [Place(link, f"accounts/{name}", page, link) for name, page, link in LINKED]
    closed = [scene for scene in SCENES.values() if not scene.is_live]
    after = [Place(page, f"rooms/{scene.name}/{part}", page)
             for scene in closed for part, pages in AFTER.items() for page in pages]  # fmt: skip
    return [*guest, *account, *linked, newcomer, *rooms, *after]


def every_picture() -> list[Picture]:
    return [
        Picture(f"{number:02}-{width}-{theme}", place, width, theme)
        for number, place in enumerate(places(), 1)
        for width, theme in product(HEIGHTS, THEMES)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py pictures")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every page, person and screen, and an index.html")
    parser.add_argument("--only", default="", metavar="WORD", help="with --all: the places whose address has this word")
    options = parser.parse_args()
    folder = (options.all or OF_THE_README).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    wanted = every_picture() if options.all else README
    wanted = [it for it in wanted if options.only in f"{it.place.button} {it.place.page}"]
    with serve_demo() as url, chromium() as browser:
        Studio(browser, url, folder).take(wanted)
        if not options.all:
            paper(Studio(browser, url, folder).download(PLAN), folder / "plan.png")
    if options.all:
        (folder / "index.html").write_text(index(wanted), encoding="utf-8")
    print(f"The pictures are in {folder}")
    return 0


class Studio:
    """Takes pictures with one browser, of the demo at `url`, into `folder`."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.browser = browser
        self.url = url
        self.folder = folder

    def take(self, pictures: Iterable[Picture]) -> None:
        for scene, of_scene in groupby(pictures, key=lambda picture: picture.place.scene):
            with self.company(scene):
                for place, of_place in groupby(of_scene, key=lambda picture: picture.place):
                    self.portray(place, list(of_place))

    @contextmanager
    def company(self, scene: str) -> Iterator[None]:
        """Everybody of the scene's case is in the room, each in a browser of their own."""
        people = SCENES[scene].case.people if scene else ()
        contexts = [self.visitor() for _ in people]
        for context, name in zip(contexts, people, strict=True):
            self.enter(context, Place("", f"rooms/{scene}/{name}"))
        yield
        for context in contexts:
            context.close()

    def portray(self, place: Place, pictures: Sequence[Picture]) -> None:
        """The pictures of one place: the same page, on one screen after the other."""
        context = self.visitor(scale=1.5 if max(picture.width for picture in pictures) <= 390 else 1)
        page = self.enter(context, place)
        for picture in pictures:
            print(f"  {picture.name}: {place.title} {place.who} {place.page}".rstrip(), flush=True)
            dark = picture.theme == "dark"
            page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
            page.set_viewport_size({"width": picture.width, "height": picture.height or HEIGHTS[picture.width]})
            settle(page)
            # Plain pages as long as they are; a room fills its screen.
            whole = not (picture.height or place.scene)
            page.screenshot(path=self.folder / f"{picture.name}.png", full_page=whole)
        context.close()

    def download(self, place: Place) -> bytes:
        context = self.visitor()
        page = self.enter(context, Place("", place.button))
        answer = context.request.get(page.url.rpartition("/")[0] + "/" + place.page)
        assert answer.ok, f"{answer.url}: {answer.status}"
        content = answer.body()
        context.close()
        return content

    def visitor(self, scale: float = 1) -> BrowserContext:
        context = self.browser.new_context(
            device_scale_factor=scale, locale="en-GB", timezone_id="Europe/Brussels", reduced_motion="reduce"
        )
        context.set_default_timeout(PATIENCE_MS)
        return context

    def enter(self, context: BrowserContext, place: Place) -> Page:
        """Go to `place`; in a room, wait until it is there and connected."""
        page = context.new_page()
        if place.button:
            page.goto(f"{self.url}/demo")
            with page.expect_navigation():
                # The page has a button for some people only; its form knows the way for all.
                press = "(form, address) => { form.action = address; form.submit(); }"
                page.locator("main form").first.evaluate(press, f"/demo/{place.button}")
        if place.page:
            # A session's own pages stand beside the one that the demo leads to.
            page.goto(urljoin(page.url, place.page) if place.button else self.url + place.page)
        if place.link:
            page.get_by_role("link", name=place.link).first.click()
        if place.scene and place.who != "newcomer":
            page.locator("main h1, main h2").first.wait_for()
        settle(page)
        return page


def settle(page: Page) -> None:
    """Wait until fonts are there, and two frames have been drawn since."""
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.fonts.ready.then(() => new Promise(go => requestAnimationFrame(() => requestAnimationFrame(go))))"
    )


def paper(pdf: bytes, picture: Path) -> None:
    """The first page of a document, as a picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "document.pdf").write_bytes(pdf)
        (folder / "page.typ").write_text(ONE_PAGE)
        inputs = {"pdf": "document.pdf"}
        typst.compile(folder / "page.typ", picture, root=folder, format="png", ppi=PAPER_DPI, sys_inputs=inputs)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["INTERVISE_CHROMIUM"], args=BROWSER_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def serve_demo() -> Iterator[str]:
    """A demo of its own, in a folder that is gone afterwards; yields its address."""
    with tempfile.TemporaryDirectory() as folder:
        own = {"INSTANCE_FOLDER": folder, "DATABASE_URL": "", "HOST": "127.0.0.1", "PORT": "0", "PUBLIC_URL": "",
               "INTERVISE_ENV": "development"}  # fmt: skip
        subprocess.run([sys.executable, "-m", "app.demo"], cwd=ROOT, env=os.environ | own, check=True)
        server = subprocess.Popen(
            [sys.executable, "wsgi.py"], cwd=ROOT, env=os.environ | own, text=True, stdout=subprocess.PIPE
        )
        try:
            yield address(server)
        finally:
            server.terminate()
            server.communicate(timeout=10)


def address(server: subprocess.Popen[str]) -> str:
    assert server.stdout
    for line in server.stdout:
        if "Intervise is at " in line:
            return line.split()[-1]
    raise AssertionError(f"the server ended with {server.wait()} before it said where it is")


def index(pictures: Iterable[Picture]) -> str:
    """A page with all the pictures, one place after the other."""
    parts = ['<!doctype html><html lang="en"><meta charset="utf-8"><title>Intervise in pictures</title>']
    for place, of_place in groupby(pictures, key=lambda picture: picture.place):
        words = " · ".join(filter(None, (place.title, place.who, place.page)))
        parts.append(f"<h2>{escape(words)}</h2>")
        parts += [
            f'<a href="{it.name}.png"><img src="{it.name}.png" alt="{escape(words)}, {it.width} px, {it.theme}" '
            f'width="{it.width // 3}" loading="lazy"></a>'
            for it in of_place
        ]
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
