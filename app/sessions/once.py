"""A form that is sent twice, by a second press or by a page that is loaded again, is carried out once."""

import json
import uuid
from typing import Any

from flask import request


def command_id(act: str, data: dict[str, Any]) -> str:
    """The id of the command that a form gives; `command` in it is new for each time that it was shown.

    The same for the same words sent again; another one for each act of the form, and for other words in it: somebody
    may go back to it, change them, and send it anew.
    """
    try:
        form = uuid.UUID(request.form.get("command", ""))
    except ValueError:
        form = uuid.uuid4()
    return str(uuid.uuid5(form, f"{act} {json.dumps(data, sort_keys=True)}"))
