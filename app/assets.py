"""The browser's files: third-party modules copied from npm's folder, and addresses that change with the contents.

Third-party code is never committed. `python -m app.assets` (a step of dev.py's set-up) copies what pages load.
"""

import hashlib
import shutil
from functools import lru_cache
from pathlib import Path

from flask import Flask, url_for

STATIC = Path(__file__).parent / "static"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"

# The name that a module imports -> the file in node_modules. All are the ES-module builds, minified by their makers.
LIBRARIES = {
    "preact": "preact/dist/preact.mjs",
    "preact/hooks": "preact/hooks/dist/hooks.mjs",
    "htm": "htm/dist/htm.mjs",
    "htm/preact": "htm/preact/index.mjs",
    "@preact/signals-core": "@preact/signals-core/dist/signals-core.mjs",
    "@preact/signals": "@preact/signals/dist/signals.mjs",
    "socket.io-client": "socket.io-client/dist/socket.io.esm.min.js",
}


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
    names = {name: f"vendor/{_vendor_name(name)}" for name in LIBRARIES}
    own = sorted(path.relative_to(STATIC).as_posix() for path in (STATIC / "room").rglob("*.js"))
    return {"imports": {name: asset(file) for name, file in (names | dict(zip(own, own, strict=True))).items()}}


def is_current(name: str, version: str | None) -> bool:
    """Is this the version that the file has now, so that a browser may keep it for good?"""
    path = STATIC / name
    return version is not None and path.is_file() and version == _version(path)


def copy_libraries() -> None:
    """Copy the libraries that pages load from node_modules to static/vendor/, and nothing else stays there."""
    vendor = STATIC / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name, source in LIBRARIES.items():
        # Without the last line that names a source map: there is none beside the copy.
        lines = (NODE_MODULES / source).read_text(encoding="utf-8").split("//# sourceMappingURL=")[0]
        (vendor / _vendor_name(name)).write_text(lines.rstrip() + "\n", encoding="utf-8")


def _vendor_name(name: str) -> str:
    return name.removeprefix("@").replace("/", "-") + ".js"


def _version(path: Path) -> str:
    if not path.is_file():
        return "missing"
    return _hash(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1000)
def _hash(path: Path, _changed_at: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


if __name__ == "__main__":
    copy_libraries()
