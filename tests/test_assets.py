"""What pages load that others made, and the app's own icons: all there, all used, under addresses that may be kept."""

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from flask.testing import FlaskClient
from playwright.sync_api import Browser

from app.assets import STATIC
from app.libraries import ICONS, TYPEFACE, VENDOR
from tests.conftest import Server

TEMPLATES = STATIC.parent / "templates"
# Where a name can stand: <${Icon} name=…>, a view's own icon="…" or icon=${…}, icon: "…" in a table, {{ icon("…") }}.
PLACES = (
    r"<\$\{Icon\}\s+name=(\"[^\"]*\"|\$\{[^}]*\})",
    r"\bicon\s*=\s*(\"[^\"]*\"|\$\{[^}]*\})",
    r"\bicon:\s*(\"[^\"]*\")",
    r"\bicon\(([^)]*)\)",
)
COMPARISON = r"[=!]==?\s*\"[^\"]*\"|\"[^\"]*\"\s*[=!]==?"


def icons_in(text: str) -> set[str]:
    asked = [re.sub(COMPARISON, "", words) for place in PLACES for words in re.findall(place, text)]
    return {name for words in asked for name in re.findall(r"\"([^\"]+)\"", words)}


def sources() -> Iterator[Path]:
    yield from (STATIC / "room").rglob("*.js")
    yield from TEMPLATES.rglob("*.html")


def test_every_icon_that_is_asked_for_is_in_the_table_and_no_other():
    used = {path.relative_to(STATIC.parent).as_posix(): icons_in(path.read_text("utf-8")) for path in sources()}
    assert {file: sorted(names - set(ICONS)) for file, names in used.items() if names - set(ICONS)} == {}
    assert set(ICONS) - set().union(*used.values()) == set()


def test_a_choice_between_icons_counts_as_both():
    assert icons_in('<${Icon} name=${kind === "late" ? "hourglass" : "check"} />') == {"hourglass", "check"}
    assert icons_in('<${Item} icon="leave" danger>') == {"leave"}
    assert icons_in('{{ icon("copy") }}') == {"copy"}


def test_the_sprite_holds_a_drawing_for_each_icon():
    """When this fails, set-up is older than the table: python3 dev.py run mends it."""
    sprite = (VENDOR / "icons.svg").read_text("utf-8")
    drawings = dict(re.findall(r'<symbol id="([\w-]+)" viewBox="0 0 24 24">(.+)</symbol>', sprite))
    assert set(drawings) == set(ICONS)
    assert all(re.search(r"<(path|circle|rect|line|polyline|polygon|ellipse) ", it) for it in drawings.values())


def test_the_typeface_comes_from_here_under_addresses_that_may_be_kept(client: FlaskClient):
    page = client.get("/").text
    style = re.search(r'href="(/static/vendor/fonts\.css\?v=\w+)"', page)
    assert style
    addresses = re.findall(r"url\(([^)]+)\)", client.get(style[1]).text)
    assert len(addresses) == 2
    for address in addresses:
        answer = client.get(f"/static/vendor/{address}")
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
    # One letter of difference, and browsers would load the file twice.
    preloaded = re.findall(r'<link rel="preload" href="/static/vendor/([^"]+)" as="font"', page)
    assert preloaded == [address for address in addresses if "figtree-latin-wght" in address]


def test_a_browser_draws_the_typeface_and_the_icons_under_the_policy(browser: Browser, server: Server):
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(server.url)
    face = "[...document.fonts].some(it => it.family.includes('Figtree Variable') && it.status === 'loaded')"
    page.wait_for_function(face)
    page.wait_for_function("document.querySelector('.icon use').getBBox().width > 0")
    assert said == []
    page.context.close()


def test_the_tokens_name_the_typeface_as_its_package_does():
    family = re.search(r"font-family: '([^']+)'", (VENDOR / "fonts.css").read_text("utf-8"))
    assert family
    assert f'--font: "{family[1]}", ' in (STATIC / "css" / "tokens.css").read_text("utf-8")


def test_the_licence_of_everything_that_is_served_stands_beside_it():
    licences = {path.stem: path.read_text("utf-8") for path in (VENDOR / "licences").iterdir()}
    assert "SIL OPEN FONT LICENSE" in licences[TYPEFACE.replace("/", "-")].upper()
    assert "Permission to use, copy, modify" in licences["lucide-static"]
    assert {"preact", "htm", "socket.io-client"} <= set(licences)


def test_the_app_can_be_installed(client: FlaskClient):
    page = client.get("/").text
    address = re.search(r'<link rel="manifest" href="([^"]+)"', page)
    assert address
    answer = client.get(address[1])
    assert answer.mimetype == "application/manifest+json"
    manifest = json.loads(answer.text)
    assert manifest["display"] == "standalone"
    assert manifest["id"] == manifest["start_url"] == manifest["scope"] == "/"
    assert client.get(manifest["start_url"]).status_code == 200
    icons = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in manifest["icons"]}
    assert set(icons) == {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")}
    for (sizes, _purpose), source in icons.items():
        assert size_of_png(client, source) == sizes


def test_each_icon_that_pages_name_has_its_size(client: FlaskClient):
    page = client.get("/").text
    touch = re.search(r'<link rel="apple-touch-icon" href="([^"]+)"', page)
    small = re.search(r'<link rel="icon" href="([^"]+\.png[^"]*)" type="image/png" sizes="(\w+)"', page)
    assert touch
    assert small
    assert size_of_png(client, touch[1]) == "180x180"
    assert size_of_png(client, small[1]) == small[2]


def size_of_png(client: FlaskClient, address: str) -> str:
    """As its header says (PNG, 11.2.1: IHDR)."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", answer.data[16:24])
    return f"{width}x{height}"
