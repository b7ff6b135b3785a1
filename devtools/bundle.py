"""The room in two files instead of sixty: `python -m devtools.bundle NODE` makes them with esbuild. Set-up runs it.

Their names say what they were made of, so the app serves them only as long as that is what is there (app/assets.py).
"""

import json
import shutil
import subprocess
import sys
from typing import Any

from app.assets import ROOM_STYLES, STATIC, built_name, modules
from devtools.console import ROOT

BUILD = "require('esbuild').buildSync(JSON.parse(process.argv[1]))"


def main(node: str) -> None:
    """`node` is the program that runs esbuild. Nothing else stays in static/built/."""
    shutil.rmtree(STATIC / "built", ignore_errors=True)
    styles = "".join(f"@import './{name}';" for name in ROOM_STYLES)
    build(node, "css", stdin={"contents": styles, "resolveDir": str(STATIC), "loader": "css"})
    files = {name: str(STATIC / file) for name, file in modules().items()}
    build(node, "js", entryPoints=[files["room/main.js"]], alias=files, format="esm", sourcemap=True)


def build(node: str, kind: str, **options: Any) -> None:
    options |= {"outfile": str(STATIC / built_name(kind)), "bundle": True, "minify": True, "charset": "utf8",
                "target": "esnext", "logLevel": "warning"}  # fmt: skip
    subprocess.run([node, "-e", BUILD, json.dumps(options)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1])
