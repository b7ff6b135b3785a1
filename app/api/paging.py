"""Pages of a list: the address of the following one."""

from flask import request

from app.addresses import public_url
from app.api.asked import Asked


def following(asked: Asked, number: int, last: int) -> str | None:
    """The whole address of the page after this one, with all else that was asked; None after the last."""
    if number >= last:
        return None
    assert request.endpoint
    return public_url(request.endpoint, **request.args.to_dict() | {"page": number + 1})
