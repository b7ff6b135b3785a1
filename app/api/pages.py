"""The pages for people: their tokens, and what the API offers."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.accounts import passwords
from app.accounts.auth import Answer, signed_in
from app.accounts.failures import address, count_failure, limit_failures
from app.addresses import public_url
from app.api import tokens
from app.api.forms import TokenForm
from app.api.scopes import SCOPES
from app.api.table import ENDPOINTS
from app.sessions.exports import dates

api_pages = Blueprint("api_pages", __name__)


@api_pages.get("/api")
def guide() -> str:
    """What the API offers, for people; for anybody, as the document is."""
    return render_template("api/guide.html", endpoints=ENDPOINTS, scopes=SCOPES, base=_base())


@api_pages.get("/account/tokens")
@signed_in
def index() -> Answer:
    return _page(TokenForm(formdata=None))


@api_pages.post("/account/tokens")
@signed_in
@limit_failures("10 per 15 minutes", address)
def make() -> Answer:
    """A new token; it is shown once, on the page that this answers with."""
    form = TokenForm()
    if not form.validate():
        return _page(form)
    if not passwords.is_right(form.password.data, g.account.password_hash):
        count_failure()
        form.password.errors = [_("That is not your password. Please try again.")]
        return _page(form)
    made = tokens.make(g.account, form.name.data, form.scopes.data, form.days.data)
    if made is None:
        form.name.errors = [_("You have %(most)s tokens already. End one that you no longer need.", most=tokens.MOST)]
        return _page(form)
    return _page(TokenForm(formdata=None), made)


@api_pages.post("/account/tokens/<int:token_id>/end")
@signed_in
def end(token_id: int) -> Answer:
    tokens.revoke(g.account, token_id)
    flash(_("The token is ended. Whatever used it is shut out from now on."))
    return redirect(url_for("api_pages.index"))


def _page(form: TokenForm, made: str | None = None) -> str:
    return render_template(
        "api/tokens.html",
        form=form,
        made=made,
        tokens=tokens.of(g.account),
        scopes=SCOPES,
        base=_base(),
        dates=dates,
        language=str(get_locale()),
    )


def _base() -> str:
    return public_url("api.openapi").removesuffix("/openapi.json")
