"""Passwords: made by us, kept only as argon2id hashes (RFC 9106)."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

PASSWORD_BYTES = 15  # 120 random bits, 20 characters

_hasher = PasswordHasher()


def new_password() -> str:
    """A random password of letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def hash_password(password: str) -> str:
    """The argon2id hash to store, with its own salt."""
    return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash.

    Where there is none, as for an unknown name, the same work is done before the answer is no, so
    that the time it takes does not tell which names exist.
    """
    try:
        return _hasher.verify(stored or _nobodys_hash(), password) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return hash_password(new_password())
