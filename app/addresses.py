"""The ids in addresses, and addresses that leave the page they were made on: in a chat, a calendar, a QR code."""

from typing import Any

from flask import current_app, url_for
from werkzeug.routing import IntegerConverter


class Id(IntegerConverter):
    """An id in an address: of nine digits at most, as in `words.number`, for no database takes whatever is typed."""

    regex = r"\d{1,9}"


def public_url(endpoint: str, **values: Any) -> str:
    """The whole address of a page, on PUBLIC_URL and never on the host that a request claims to be for."""
    if public := current_app.config["PUBLIC_URL"]:
        return f"{public}{url_for(endpoint, **values)}"
    return url_for(endpoint, _external=True, **values)
