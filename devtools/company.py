"""The company to look around in. It lives apart from the real data, and has a secret key of its own.

Apart, so that a real start afterwards is a first start. A key of its own, so that a cookie from the demo, where anybody
may be anybody, opens nothing in an app that the same machine serves later.
"""

import os
import subprocess

from devtools.console import PYTHON, ROOT, Stop

FOLDER = ROOT / "instance" / "demo"


def fill(keep: bool) -> None:
    """Fill the demo's database: a file in FOLDER, unless DATABASE_URL names another; `keep` one that is there.

    From now on this process, and what it becomes, works on the demo. Stop when the database is not for a demo.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    os.environ["INSTANCE_FOLDER"] = str(FOLDER)
    command = [str(PYTHON), "-m", "app.demo", *(["--keep"] if keep else [])]
    filled = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    if filled.returncode:
        raise Stop(filled.stderr.strip())
