"""Addresses of the browser's files that change with the contents, so that browsers may keep them for good."""

from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for
from markupsafe import Markup

from app.libraries import LIBRARIES, vendor_name, version

STATIC = Path(__file__).parent / "static"

SHARED_STYLES = ("css/tokens.css", "css/base.css", "css/components.css", "css/board.css")
PAGE_STYLES = (*SHARED_STYLES, "css/pages.css")
"""What every plain page looks like, in this order."""
ROOM_STYLES = (*SHARED_STYLES, *(f"css/{name}.css" for name in ("room", "side", "widths", "stage", "steps")))
"""What the room looks like, in this order."""


def init_assets(app: Flask) -> None:
    app.add_template_global(asset)
    app.add_template_global(import_map)
    app.add_template_global(built)
    app.add_template_global(page_styles)
    app.add_template_global(room_styles)
    app.add_template_global(icon)


def asset(name: str) -> str:
    """The address of a file under static/, such as 'css/app.css', with its version."""
    return url_for("static", filename=name, v=_version(STATIC / name))


def import_map(*folders: str) -> dict[str, dict[str, str]]:
    """The page's import map: libraries by their npm names, our own modules as 'room/store.js' and so on.

    `folders` are those under static/ that the page needs beside the room's.

    Our modules import each other by these names too, never by relative paths: only then do versions reach them.
    """
    return {"imports": {name: asset(file) for name, file in modules(*folders).items()}}


def modules(*folders: str) -> dict[str, str]:
    """The files under static/ by the names that modules import them by."""
    names = {name: f"vendor/{vendor_name(name)}" for name in LIBRARIES}
    paths = [path for folder in ("room", *folders) for path in (STATIC / folder).rglob("*.js")]
    own = sorted(path.relative_to(STATIC).as_posix() for path in paths)
    return names | dict(zip(own, own, strict=True))


def page_styles() -> list[str]:
    """The addresses of the styles that all plain pages share."""
    return [asset(name) for name in PAGE_STYLES]


def room_styles() -> list[str]:
    """The addresses of the room's styles."""
    return [asset(name) for name in ROOM_STYLES]


def built(kind: str) -> str | None:
    """The address of the room's modules ("js") or styles ("css") in one small file, if there is one of what is there
    now. Set-up makes it (devtools/bundle.py); once one of its sources changes it is not current any more.
    """
    name = built_name(kind)
    return asset(name) if (STATIC / name).is_file() else None


def built_name(kind: str) -> str:
    """The file under static/ that holds the room in one, named after everything that it is made of."""
    sources = sorted({*modules().values(), *ROOM_STYLES})
    made_of = "".join(f"{name} {_version(STATIC / name)}\n" for name in sources)
    return f"built/room-{version(made_of.encode())}.{kind}"


def icon(name: str) -> Markup:
    """A picture of libraries.ICONS, to stand beside words: by itself it says nothing. The room has a view for it."""
    use = Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>')
    return use.format(asset("vendor/icons.svg"), name)


def is_current(name: str, asked: str | None) -> bool:
    """Is this the version that the file has now, so that a browser may keep it for good?"""
    path = STATIC / name
    return asked is not None and path.is_file() and asked == _version(path)


def _version(path: Path) -> str:
    if not path.is_file():
        return "missing"
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1000)
def _hash(path: Path, _changed_at: int) -> str:
    return version(path.read_bytes())
