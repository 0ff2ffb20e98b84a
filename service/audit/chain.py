"""The hashes that bind one entry of the audit log to the one before.

An entry's digest is the SHA-256 of its canonical JSON (RFC 8785). Its hash is the SHA-256 of
``position:id:hash before:digest``, and that of nothing is 64 zeros. Both are written as hex. The
digest is made where the entry is made; the hash is made by the database when the transaction
commits (``migrations/versions/0007``), because only then is it known which entry comes before.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import rfc8785

from service.tables import Json

NOTHING = "0" * 64
LARGEST = 2**53 - 1  # beyond it, JSON's numbers are not exact


def digest(at: datetime, actor: str, action: str, subject: str, details: Json) -> str:
    """The digest of what an entry says.

    Raises:
        rfc8785.CanonicalizationError: ``details`` has a value that JSON cannot carry exactly.
    """
    content: Json = {
        "action": action,
        "actor": actor,
        "at": stamp(at),
        "details": details,
        "subject": subject,
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def link(position: int, row_id: int, before: str, own_digest: str) -> str:
    """The hash of an entry: of its place, of the hash before, and of what it says."""
    return hashlib.sha256(f"{position}:{row_id}:{before}:{own_digest}".encode()).hexdigest()


def stamp(at: datetime) -> str:
    """A time as it is hashed: UTC, with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
