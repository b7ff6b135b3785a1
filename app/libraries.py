"""What pages load that others made: modules, a typeface, icons. Not committed: set-up copies it from npm's folder.

Uses the standard library alone, because dev.py runs this file by itself, before the app can be imported.
"""

import hashlib
import re
import shutil
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"

# The name that a module imports -> the file in node_modules. All are the ES-module builds, minified by their makers.
LIBRARIES = {
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "htm": "htm/dist/htm.mjs",
    "htm/preact": "htm/preact/index.mjs",  # not "standalone", which carries an older Preact of its own
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.mjs",
    "@preact/signals": "@preact/signals/dist/signals.mjs",
    "socket.io-client": "socket.io-client/dist/socket.io.esm.min.js",
}

# Its index.css has a @font-face for each range of letters.
TYPEFACE = "@fontsource-variable/figtree"

# The name that templates and the room's views use -> the icon's in lucide-static. Only these go to the browser.
ICONS = {
    "back": "arrow-left",
    "calendar": "calendar-plus",
    "case": "briefcase",
    "check": "check",
    "close": "x",
    "copy": "copy",
    "desk": "sliders-horizontal",
    "down": "chevron-down",
    "download": "download",
    "ear": "ear",
    "hourglass": "hourglass",
    "leave": "log-out",
    "more": "ellipsis",
    "mute": "mic-off",
    "next": "arrow-right",
    "offline": "wifi-off",
    "pause": "pause",
    "people": "users-round",
    "phone": "smartphone",
    "plan": "plus",
    "play": "play",
    "search": "search",
    "silence": "volume-x",
    "sound": "volume-2",
    "speak": "mic",
    "star": "star",
    "video": "video",
}


def copy_libraries() -> None:
    """Copy everything to static/vendor/, with its makers' licences, and leave nothing else there."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in LIBRARIES.items():
        # Without the last line, which names a source map: there is none beside the copy.
        code = (NODE_MODULES / source).read_text(encoding="utf-8").split("//# sourceMappingURL=")[0]
        (VENDOR / vendor_name(name)).write_text(code.rstrip() + "\n", encoding="utf-8")
    copy_typeface(NODE_MODULES / TYPEFACE)
    write_sprite(NODE_MODULES / "lucide-static")
    copy_licences([*LIBRARIES.values(), TYPEFACE, "lucide-static"])


def vendor_name(name: str) -> str:
    """The file under static/vendor/ for the module that is imported as `name`."""
    return name.removeprefix("@").replace("/", "-") + ".js"


def copy_typeface(package: Path) -> None:
    """Write fonts.css from the package's own; each file has its version in its address, as in app/assets.py."""
    faces = (package / "index.css").read_text(encoding="utf-8")
    for name in re.findall(r"url\(\./files/([\w-]+\.woff2)\)", faces):
        content = (package / "files" / name).read_bytes()
        (VENDOR / name).write_bytes(content)
        faces = faces.replace(f"./files/{name}", f"{name}?v={version(content)}")
    (VENDOR / "fonts.css").write_text(faces + "\n", encoding="utf-8")


def write_sprite(package: Path) -> None:
    """Write icons.svg: each icon a symbol that <use> finds by our name for it. The rule for .icon draws its lines."""
    symbols = []
    for name, source in ICONS.items():
        svg = (package / "icons" / f"{source}.svg").read_text(encoding="utf-8")
        drawing = re.sub(r"\s+", " ", svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]).strip()
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{drawing}</symbol>\n')
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">\n{"".join(symbols)}</svg>\n'
    (VENDOR / "icons.svg").write_text(sprite, encoding="utf-8")


def copy_licences(sources: list[str]) -> None:
    for package in {re.match(r"(@[^/]+/)?[^/]+", source)[0] for source in sources}:  # type: ignore[index]
        licence = VENDOR / "licences" / f"{package.replace('/', '-')}.txt"
        licence.parent.mkdir(exist_ok=True)
        shutil.copyfile(NODE_MODULES / package / "LICENSE", licence)


def version(content: bytes) -> str:
    """What stands for a file's contents in its address."""
    return hashlib.sha256(content).hexdigest()[:12]


if __name__ == "__main__":
    copy_libraries()
