"""The entry: `python wsgi.py` serves the app. `wsgi:app` is what the `flask` command finds."""

import os
import sys
import warnings

if "flask" in sys.modules:
    # The `flask` command was there first. It serves nobody, and patching what is imported already would only hurt.
    os.environ["ASYNC_MODE"] = "threading"
elif (os.environ.get("ASYNC_MODE") or "eventlet") == "eventlet":
    # It says at import that it is in maintenance: known, and weighed in docs/decisions/0001-eventlet.md.
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    # Its own look-up of host names is one more thing that can differ from the system's, and slow to load.
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")
    import eventlet

    eventlet.monkey_patch()  # before anything else is imported, and nowhere else

from app import create_app
from app.config import BadSetting
from app.server import serve

try:
    app = create_app()
except BadSetting as error:
    sys.exit(str(error))

if __name__ == "__main__":
    serve(app)
