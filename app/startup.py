"""What the server says on the terminal once it listens."""

from flask import Flask
from sqlalchemy import select

from app.accounts import links
from app.accounts.models import Account, AccountKind
from app.addresses import public_url
from app.database import begin_write
from app.demo.fill import is_demo
from app.extensions import db

FIRST_LINK_HOURS = 24


def first_lines(app: Flask) -> list[str]:
    """The lines to print, the first of them with the address. Needs an app context."""
    lines = [f"Intervise is at {app.config['PUBLIC_URL']}"]
    if db.session.scalar(select(Account.id).limit(1)) is None:
        # Under the host that people use: TRUSTED_HOSTS knows no other one.
        with app.test_request_context(base_url=app.config["PUBLIC_URL"] or None):
            link = public_url("accounts.new_account", token=_first_link())
        lines.insert(0, f"Make the first account here (the link works once, for {FIRST_LINK_HOURS} hours): {link}")
    elif is_demo():
        lines.insert(0, f"Every room and every role of the demo: {app.config['PUBLIC_URL']}/demo")
    db.session.rollback()
    return lines


def _first_link() -> str:
    begin_write(db.session)
    token = links.make("account", hours=FIRST_LINK_HOURS, kind=AccountKind.MODERATOR.value, admin=True)
    db.session.commit()
    return token
