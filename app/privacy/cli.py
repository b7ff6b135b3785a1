"""Commands for whoever runs the server: flask purge, flask erase account|seat, flask administrator."""

from collections.abc import Callable
from typing import NoReturn

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Account
from app.database import begin_write
from app.extensions import db
from app.operations.upgrade import unreachable
from app.privacy import audit, erasure, retention
from app.sessions.rules import Refused

NOTHING = "There was nothing left to erase."
words_too = click.option("--words", is_flag=True, help="What the person said goes too, and not the name alone.")


def init_commands(app: Flask) -> None:
    for command in (purge, erase, administrator):
        app.cli.add_command(command)


@click.command()
@click.option("--dry-run", is_flag=True, help="Say what would go, and change nothing.")
@with_appcontext
def purge(dry_run: bool) -> None:
    """Delete the sessions whose time is over, and all else that is old: links, lines of the audit trail, addresses for
    mail, messages that were given up, tokens, and copies from before an upgrade or a restore.
    """
    try:
        gone = retention.purge(dry_run=dry_run)
    except DBAPIError as error:
        _fail(unreachable(db.engine, error))
    for it in gone.sessions:
        click.echo(f"{it.code}  {it.day.isoformat()}  {it.team}")
    verb = "Would delete" if dry_run else "Deleted"
    click.echo(
        f"{verb}: sessions {len(gone.sessions)}, old links {gone.links}, old lines of the trail {gone.lines}, "
        f"addresses for mail {gone.addresses}, messages given up {gone.messages}, tokens {gone.tokens}, "
        f"old copies {gone.copies}"
    )
    if gone.left:
        codes = ", ".join(each.code for each in gone.left)
        _fail(f"Sessions that could not be deleted: {codes}. See what flask doctor finds, and run flask purge again.")


erase = AppGroup("erase", help="Erase a person. The same again changes nothing.")


@erase.command("account")
@click.argument("email")
@words_too
def erase_account(email: str, words: bool) -> None:
    """Erase the account with this EMAIL, and its person from every session."""
    account = _account(email)
    _say(lambda: erasure.erase_account(account.id, words=words))


@erase.command("seat")
@click.argument("seat_id")
@words_too
def erase_seat(seat_id: str, words: bool) -> None:
    """Erase the person in this seat from its session."""
    _say(lambda: erasure.erase_seat(seat_id, words=words))


@click.command()
@click.argument("email")
@with_appcontext
def administrator(email: str) -> None:
    """Let the account with this EMAIL look after the others."""
    account_id = _account(email).id
    begin_write(db.session)
    db.session.get_one(Account, account_id).admin = True
    audit.record("administrator", rows=db.session, account_id=account_id)
    db.session.commit()
    click.echo("It looks after the other accounts now.")


def _account(email: str) -> Account:
    found = db.session.scalar(select(Account).where(Account.email == email.strip().casefold()))
    return found or _fail("There is no account with this e-mail.")


def _say(erase: Callable[[], bool]) -> None:
    try:
        click.echo("Erased." if erase() else NOTHING)
    except Refused as refused:
        _fail(refused.sentence())


def _fail(sentence: str) -> NoReturn:
    raise click.ClickException(sentence)
