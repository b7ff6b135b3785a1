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
    if not has_account():
        if app.config["INTERVISE_ENV"] == "production":  # what is printed there is kept in a log: no place for a link
            lines.insert(0, "There is no account yet: `flask first-link` prints the link that makes the first one.")
        else:
            lines.insert(0, first_link(app))
    elif is_demo():
        lines.insert(0, f"Every room and every role of the demo: {app.config['PUBLIC_URL']}/demo")
    db.session.rollback()
    return lines


def has_account() -> bool:
    return db.session.scalar(select(Account.id).limit(1)) is not None


def first_link(app: Flask) -> str:
    """One line with a new link to the first account. Needs an app context."""
    begin_write(db.session)
    token = links.make("account", hours=FIRST_LINK_HOURS, kind=AccountKind.MODERATOR.value, admin=True)
    db.session.commit()
    # Under the host that people use: TRUSTED_HOSTS knows no other one.
    with app.test_request_context(base_url=app.config["PUBLIC_URL"] or None):
        link = public_url("accounts.new_account", token=token)
    return f"Make the first account here (the link works once, for {FIRST_LINK_HOURS} hours): {link}"
