"""The text of a key, and what is stored of it."""

from __future__ import annotations

import hashlib
import re
import secrets

MARK = "tsk_"
TOKEN_BYTES = 32
PREFIX = len(MARK) + 8  # characters that are shown, 48 of the 256 random bits

_TOKEN = re.compile(rf"{MARK}[\w-]{{43}}", re.ASCII)


def new_token() -> str:
    """A new random key; only the platform keeps it."""
    return MARK + secrets.token_urlsafe(TOKEN_BYTES)


def looks_like_one(text: str) -> bool:
    """Whether a text can be a key: the database need not be asked about any other."""
    return _TOKEN.fullmatch(text) is not None


def hash_of(token: str) -> str:
    """The stored hash. A fast one is enough, because a random key cannot be guessed from it."""
    return hashlib.sha256(token.encode()).hexdigest()
