"""Addresses of the browser's files that change with the contents, so that browsers may keep them for good."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

from app.libraries import LIBRARIES, vendor_name

STATIC = Path(__file__).parent / "static"


def init_assets(app: Flask) -> None:
    app.add_template_global(asset)
    app.add_template_global(import_map)


def asset(name: str) -> str:
    """The address of a file under static/, such as 'css/app.css', with its version."""
    return url_for("static", filename=name, v=_version(STATIC / name))


def import_map() -> dict[str, dict[str, str]]:
    """The page's import map: libraries by their npm names, our own modules as 'room/store.js' and so on.

    Our modules import each other by these names too, never by relative paths: only then do versions reach them.
    """
    names = {name: f"vendor/{vendor_name(name)}" for name in LIBRARIES}
    own = sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "room").rglob("*.js"))
    return {"imports": {name: asset(file) for name, file in (names | dict(zip(own, own, strict=True))).items()}}


def is_current(name: str, version: str | None) -> bool:
    """Is this the version that the file has now, so that a browser may keep it for good?"""
    path = STATIC / name
    return version is not None and path.is_file() and version == _version(path)


def _version(path: Path) -> str:
    if not path.is_file():
        return "missing"
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1000)
def _hash(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
