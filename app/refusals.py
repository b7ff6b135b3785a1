"""Refusing a request with a sentence of its own."""

from typing import NoReturn

from flask import abort, make_response, render_template


def refuse(code: int, sentence: str) -> NoReturn:
    """End the request with an error page that says `sentence`."""
    abort(make_response(render_template("error.html", code=code, sentence=sentence), code))
