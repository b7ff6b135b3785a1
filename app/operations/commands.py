"""What is done at the terminal of the server: the commands of `flask`. Run where wsgi.py is."""

import sys
from pathlib import Path

import click
from flask import Blueprint, current_app
from sqlalchemy.exc import DBAPIError

from app.extensions import db
from app.operations import backup, doctor
from app.operations.failing import Failed
from app.operations.old_copies import KEEP_DAYS_MAX
from app.operations.restore import restore
from app.operations.upgrade import upgrade
from app.startup import first_link, has_account

operations = Blueprint("operations", __name__, cli_group=None)


@operations.cli.command("first-link")
def first_link_command() -> None:
    """Print a link that makes the first account."""
    try:
        is_late = has_account()
    except DBAPIError:
        sys.exit("The database has no tables yet, or cannot be reached: `flask doctor` says more.")
    if is_late:
        sys.exit("There is an account already; whoever has it can invite others on the page “Account”.")
    db.session.rollback()
    click.echo(first_link(current_app._get_current_object()))  # type: ignore[attr-defined]


@operations.cli.command("migrate")
def migrate_command() -> None:
    """Bring the database's tables to the newest revision; a copy of SQLite's is kept before."""
    try:
        done = upgrade(current_app, db.engine)
    except Failed as failed:
        sys.exit(str(failed))
    click.echo("\n".join(done or ["The database has the newest tables already."]))


@operations.cli.command("backup")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option(
    "--keep-days",
    type=click.IntRange(1, KEEP_DAYS_MAX),
    default=KEEP_DAYS_MAX,
    show_default=True,
    help="Older backups in the folder are removed; what was deleted since is still in them.",
)
def backup_command(folder: Path | None, keep_days: int) -> None:
    """Write a backup into FOLDER (default: backups in INSTANCE_FOLDER) while the app runs, and print its name."""
    instance = Path(current_app.instance_path)
    try:
        click.echo(backup.make(db.engine, folder or instance / "backups", instance, keep_days))
    except Failed as failed:
        sys.exit(str(failed))


@operations.cli.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Also where there is data; that is copied aside before.")
def restore_command(file: Path, force: bool) -> None:
    """Put the backup FILE in place of the database. Stop the app before."""
    try:
        click.echo("\n".join(restore(current_app, db.engine, file, force)))
    except Failed as failed:
        sys.exit(str(failed))


@operations.cli.command("doctor")
def doctor_command() -> None:
    """Look for what is wrong with this installation, a line each; exit code 1 when something has to be done."""
    found = doctor.look(current_app, db.engine)
    click.echo("\n".join(str(each) for each in found))
    sys.exit(1 if any(each.mark == doctor.BAD for each in found) else 0)
