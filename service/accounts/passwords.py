"""Passwords, generated or chosen, stored only as argon2id hashes (RFC 9106)."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from service.accounts.errors import AccountError

PASSWORD_BYTES = 15  # 120 random bits, 20 characters
SHORTEST = 12
LONGEST = 200
FEWEST_LETTERS = 5  # different ones

AT_ONCE = 2  # hashes that one process makes; each takes 64 MiB while it is made

_hasher = PasswordHasher()
_places = BoundedSemaphore(AT_ONCE)


def new_password() -> str:
    """A random password of letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(PASSWORD_BYTES)


def check_choice(password: str, name: str) -> None:
    """Refuse a password that is too easy to guess. There are no rules for digits and signs: NIST SP
    800-63B asks for length only.

    Raises:
        AccountError: it is too short, too long, contains the name, or repeats a few letters.
    """
    if len(password) < SHORTEST:
        raise AccountError("too_short", f"The password needs at least {SHORTEST} characters.")
    if len(password) > LONGEST:
        raise AccountError("too_long", f"The password may have at most {LONGEST} characters.")
    if name.casefold() in password.casefold():
        raise AccountError("has_name", "The password must not contain the name.")
    if len(set(password)) < FEWEST_LETTERS:
        raise AccountError("repeats", "The password repeats the same few characters.")


def hash_password(password: str) -> str:
    """The argon2id hash to store, with its own salt."""
    with _places:
        return _hasher.hash(_composed(password))


def matches(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash.

    If there is no hash (an unknown name), the same work is done, so that the time taken does not
    reveal which names exist. The check may wait for others, so no transaction should be open.
    """
    known = stored or _nobodys_hash()
    try:
        with _places:
            return _hasher.verify(known, _composed(password)) and stored is not None
    except (VerifyMismatchError, InvalidHashError):
        return False


def _composed(password: str) -> str:
    """The password in one Unicode form (NFC), because keyboards compose Hangul in two ways."""
    return unicodedata.normalize("NFKC", password[: LONGEST + 1])


@cache
def _nobodys_hash() -> str:
    return hash_password(new_password())
