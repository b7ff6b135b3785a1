"""Passwords: hashed with argon2, aside from other work, and as slowly for an account that does not exist."""

import unicodedata
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.aside import aside
from app.places import Places

T = TypeVar("T")

AT_ONCE = 4
_places = Places(AT_ONCE)
"""So many are hashed at a time: the flushes of all commits need a thread from the same pool (app/aside.py)."""

SHORTEST = 10
LONGEST = 200
"""Characters. The upper end only keeps a megabyte from being hashed."""

_TYPED = 4 * LONGEST
"""Another keyboard sends a letter in pieces. What is longer is nobody's, and is not even normalized: for marks without
end that takes the square of their number.
"""

# The least that OWASP's Password Storage Cheat Sheet asks of argon2id: 19 MiB, two passes, one lane. The library's own
# choice takes four processors for a moment, and the rooms that are live would feel it.
_hasher = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)


def hash_password(password: str) -> str:
    return _in_turn(lambda: _hasher.hash(_typed(password)))


def is_right(password: str, stored: str | None) -> bool:
    """Whether `password` belongs to the stored hash. None (nobody's account) takes the same work and is never right;
    neither is a password that is too long.
    """
    could_be = len(password) <= _TYPED
    right = _in_turn(lambda: _verify(password if could_be else "", stored or _nobodys_hash()))
    return right and could_be and stored is not None


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def _in_turn(work: Callable[[], T]) -> T:
    with _places:
        return aside(work)


def _verify(password: str, stored: str) -> bool:
    try:
        return _hasher.verify(stored, _typed(password))
    except (VerificationError, InvalidHashError):
        return False


def _typed(password: str) -> str:
    """The same on every keyboard: a phone and a laptop may send "é" in different ways."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
