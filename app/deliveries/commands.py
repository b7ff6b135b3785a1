"""`flask deliver`: the outbox at the terminal of the server, or from a timer."""

import click
from flask.cli import with_appcontext

from app.deliveries import worker


@click.command()
@with_appcontext
def deliver() -> None:
    """Send what is due now: mail and webhooks. A running server does that by itself."""
    sent, failed = worker.deliver_due()
    click.echo(f"Sent {sent}, to be tried again {failed}.")
