"""Which revision the database is at, which ones this code knows, and whether that fits."""

import re
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, inspect, text

NEWER = (
    "The database was used by a newer version of Intervise (its tables are at revision %s); "
    "install that version again, or restore a backup from before it."
)


class NewerSchema(Exception):
    """The database is ahead of this code; the message is one sentence that says what to do."""

    def __init__(self, revision: str) -> None:
        super().__init__(NEWER % revision)


def revisions_of(connection: Connection) -> set[str]:
    """What the database is at; empty when it has no tables yet."""
    if not inspect(connection).has_table("alembic_version"):
        return set()
    return set(connection.scalars(text("SELECT version_num FROM alembic_version")))


@cache
def known(folder: Path) -> frozenset[str]:
    """Every revision that this code has, from the files in its folder of migrations."""
    return frozenset(_named("revision", folder))


@cache
def newest(folder: Path) -> frozenset[str]:
    """Those that no other one follows: what this code wants."""
    return known(folder) - _named("down_revision", folder)


def refuse_newer(revisions: set[str], folder: Path) -> None:
    """Raise NewerSchema if one of these is not known to this code."""
    if unknown := revisions - known(folder):
        raise NewerSchema(", ".join(sorted(unknown)))


def _named(name: str, folder: Path) -> set[str]:
    files = "\n".join(path.read_text(encoding="utf-8") for path in (folder / "versions").glob("*.py"))
    return set(re.findall(rf"^{name}\b.*= *[\"'](\w+)", files, re.MULTILINE))
