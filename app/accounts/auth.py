"""Who is signed in: the signed cookie names the account and its `key_turn`; a new password raises that.

It also names the browser, by a random word: signing out ends that word, and with it every copy of the cookie.
"""

import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

from blinker import Signal
from flask import current_app, g, redirect, request, session, url_for
from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from app.accounts.models import Account, SignOut
from app.database import begin_write
from app.extensions import db
from app.refusals import refuse
from app.times import now

P = ParamSpec("P")
Answer = str | tuple[str, int] | Response
KEPT_AT_SIGN_IN = ("seats", "joining")
"""What a guest holds already stays theirs; everything else in the cookie starts anew."""


shut_out = Signal("Some cookie is worth nothing any more; sent after the commit.")


def current_account() -> Account | None:
    """The account that this browser is signed in with; in a page and in a socket alike."""
    if "account" not in g:
        g.account = _read_account()
    account: Account | None = g.account
    return account


def sign_in(account: Account) -> None:
    """Sign this browser in, with a new cookie; the one of before is worth nothing any more."""
    kept = {name: session[name] for name in KEPT_AT_SIGN_IN if name in session}
    held = [account.id, account.key_turn]
    sign_out()
    session.update(kept, account=held)
    name_the_browser()
    session.permanent = True
    g.account = db.session.get(Account, held[0])


def sign_out() -> None:
    """Forget everything about this browser, the seats that it holds too: the next person here is somebody else."""
    name = session.get("browser")
    session.clear()
    g.account = None
    if name:
        begin_write(db.session)
        db.session.execute(delete(SignOut).where(SignOut.at < now() - current_app.permanent_session_lifetime))
        db.session.merge(SignOut(browser=name, at=now()))
        try:
            db.session.commit()
        except IntegrityError:  # another request of this browser was faster, and its name is ended
            db.session.rollback()
    shut_out.send()


def name_the_browser() -> str:
    """The random word that stands for this browser in its cookie."""
    name: str = session.setdefault("browser", secrets.token_urlsafe(12))
    return name


def forget_if_signed_out() -> None:
    """A copy of a cookie from before signing out holds nothing."""
    name = session.get("browser")
    if name and db.session.get(SignOut, str(name)):
        session.clear()


def signed_in(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """A page for people with an account; others are asked to sign in first."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        if current_account() is None:
            here = request.full_path.rstrip("?") if request.method == "GET" else None
            return redirect(url_for("accounts.sign_in", next=here))
        return view(*args, **kwargs)

    return guarded


def moderator_only(view: Callable[P, Answer]) -> Callable[P, Answer]:
    """A page for accounts that plan sessions."""

    @wraps(view)
    @signed_in
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        if not g.account.plans:
            refuse(
                403, _("Your account looks after sessions and does not plan them. Ask a moderator to plan this one.")
            )
        return view(*args, **kwargs)

    return guarded


def local_path(target: str | None) -> str | None:
    """`target` if it is a path on this site, such as "/sessions/"; None for anything that could lead elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//"):
        return None
    if "\\" in target or any(ord(char) <= 32 or ord(char) == 127 for char in target):
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def _read_account() -> Account | None:
    held = session.get("account")
    if not isinstance(held, list) or len(held) != 2:
        return None
    account = db.session.get(Account, held[0])
    return account if account and account.key_turn == held[1] else None
