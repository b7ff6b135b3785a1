"""Whoever was erased after a backup was made is erased again when it is put back."""

from pathlib import Path

from app.extensions import db
from app.operations.backup import ERASURES, add_lines
from app.operations.failing import Failed, in_words
from app.privacy import erasure, erasures
from app.privacy.erasures import Erasure
from app.sessions.rules import Refused


def gather(file: Path, instance: Path) -> list[Erasure]:
    """All who were ever erased: from the list of this installation, and from the one beside the backup, which knows
    more on a new machine and is taken over. Raises Failed: to be asked before anything is replaced.
    """
    listed, beside = instance / ERASURES, file.parent / ERASURES
    try:
        if beside.exists():
            instance.mkdir(parents=True, exist_ok=True)
            add_lines(beside, listed)
        return list(erasures.noted())
    except OSError as error:
        raise Failed(
            f"The list of who was erased, {error.filename or listed}, cannot be read or written ({in_words(error)}); "
            "make room, or give it to the user that runs the app, and try again."
        ) from error
    except (ValueError, KeyError, TypeError) as error:  # no text, or a line that no version has written
        raise Failed(
            f"The list of who was erased, {listed}, is damaged ({type(error).__name__}: {in_words(error)}); put a "
            "whole copy of it in its place, such as the one beside the newest backup, and try again."
        ) from error


def erase_again(erased: list[Erasure]) -> str:
    """Returns what was done, in a sentence. One that fails keeps none of the others in the database; then Failed."""
    if not erased:
        return "Nobody had been erased since."
    failed = [(each, why) for each in erased if (why := _erase_again(each))]
    if failed:
        [first, why], *_ = failed
        raise Failed(
            f"Of {len(erased)} erasures {len(failed)} could not be done again (the first: {first.what} {first.id}, "
            f"{why}), so there is somebody in the database who should not be."
        )
    return "Those who were erased since were erased again."


def _erase_again(each: Erasure) -> str:
    """Why it could not be; empty if it was."""
    try:
        erasure.again(each)
    except Refused as refused:
        return refused.code
    except Exception as error:  # whatever it is: who comes after this one is to be erased all the same
        return type(error).__name__
    finally:
        db.session.rollback()
    return ""
