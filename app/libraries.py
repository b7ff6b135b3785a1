"""The third-party modules that pages load: none is committed, set-up copies them from npm's folder.

Uses the standard library alone, because dev.py runs this file by itself, before the app can be imported.
"""

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


def copy_libraries() -> None:
    """Copy the modules to static/vendor/, and leave nothing else there."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in LIBRARIES.items():
        # Without the last line, which names a source map: there is none beside the copy.
        code = (NODE_MODULES / source).read_text(encoding="utf-8").split("//# sourceMappingURL=")[0]
        (VENDOR / vendor_name(name)).write_text(code.rstrip() + "\n", encoding="utf-8")


def vendor_name(name: str) -> str:
    """The file under static/vendor/ for the module that is imported as `name`."""
    return name.removeprefix("@").replace("/", "-") + ".js"


if __name__ == "__main__":
    copy_libraries()
