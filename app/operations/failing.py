"""How a command at the terminal of the server says that it could not be carried out."""

import errno
import sqlite3


class Failed(Exception):
    """No backup, or nothing restored; the message is one sentence that says why, and what to do."""


class Damaged(Failed):
    """The database itself is in pieces, and not a copy of it."""


def is_damage(error: BaseException | None) -> bool:
    """Whether SQLite says that what it reads is no whole database."""
    return _sqlite_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def is_full(error: BaseException | None) -> bool:
    """Whether the disk takes no more. SQLite calls some of these an error of input and output."""
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
    return _sqlite_code(error) in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)


def in_words(error: BaseException | None) -> str:
    """What the system or the database says, in one line."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return " ".join(said.split())


def _sqlite_code(error: BaseException | None) -> int:
    """The kind, without what it has in its upper bits; 0 for what is no error of SQLite itself."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
