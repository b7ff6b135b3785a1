"""`flask deliver`: the outbox at the terminal of the server, or from a timer."""

import click
from flask import current_app
from flask.cli import with_appcontext

from app.deliveries import worker
from app.operations.failing import Failed
from app.operations.unfinished import refuse_unfinished


@click.command()
@with_appcontext
def deliver() -> None:
    """Send what is due now: mail and webhooks. A running server does that by itself."""
    try:
        refuse_unfinished(current_app)
    except Failed as failure:
        raise click.ClickException(str(failure)) from None
    sent, failed = worker.deliver_due()
    click.echo(f"Sent {sent}, to be tried again {failed}.")
