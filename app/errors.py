"""Error pages: one sentence that says what happened and what to do next."""

from flask import Flask, Response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from app.api import problems
from app.extensions import db
from app.headers import is_api


def init_errors(app: Flask) -> None:
    app.register_error_handler(CSRFError, page_is_old)
    app.register_error_handler(HTTPException, show)


def page_is_old(error: CSRFError) -> tuple[str, int]:
    sentence = _("This page was open for a long time. Go back, load it again, and send it once more.")
    return render_template("error.html", code=400, sentence=sentence), 400


def show(error: HTTPException) -> tuple[str, int] | Response | HTTPException:
    """The page for any HTTP error; redirects and ready-made answers pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if isinstance(error, SecurityError):
        return error  # a host that TRUSTED_HOSTS does not name: no page of ours has an address there
    if is_api(request.path):
        return problems.show(error)
    if isinstance(error, InternalServerError):
        db.session.rollback()  # what failed half-way must not be in the way of drawing the page
    return render_template("error.html", code=error.code, sentence=_sentence(error.code)), error.code


def _sentence(code: int) -> str:
    return {
        403: _("This page is not open to you. If you should be here, ask your moderator for a new link."),
        404: _("There is nothing at this address. Check the link, or ask the person who sent it."),
        405: _("This address cannot be used that way. Go back and try again."),
        413: _("That was too much text at once. Go back, shorten it, and send it again."),
        429: _("That was a lot of tries in a short time. Wait a minute, then try again."),
        500: _("Something went wrong on our side, and it is in our log. Try again in a moment."),
        503: _("The server is busy. Try again in a moment."),
    }.get(code, _("That request could not be understood. Go back and try again."))
