"""The signature of an upload URL: it permits putting that one file and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from service.config import Config

PATH = re.compile(r"/v1/uploads/([0-9a-f]{32})/content")
LONGEST = 500
# The library would read "/" and "+" as "_" and "-", so that one ticket had several texts.
_LETTERS = re.compile(r"[A-Za-z0-9._-]*")
_SALT = "upload"


class ForgedError(Exception):
    """A ticket was not written by us, or for another upload."""


class LateError(Exception):
    """A ticket was valid, but is so no longer."""


@dataclass(frozen=True)
class Ticket:
    """What may be put: the upload's key, and the file's exact length in bytes."""

    key: str
    size: int


def tickets_of(config: Config) -> Tickets:
    """Those of the service: every process of it reads what another wrote."""
    return Tickets(config.secret_key.get_secret_value(), config.upload_lifetime)


class Tickets:
    """Writes and reads tickets. It asks no database, so that a server can refuse a body before it
    has read it."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        self._serializer = URLSafeTimedSerializer(secret, salt=_SALT)
        self._seconds = int(lifetime.total_seconds())

    def write(self, ticket: Ticket) -> str:
        """The ticket as text for a URL."""
        text = self._serializer.dumps([ticket.key, ticket.size])
        return text if isinstance(text, str) else text.decode("ascii")

    def read(self, key: str, text: str) -> Ticket:
        """The ticket that a URL carries.

        Raises:
            LateError: its time is over.
            ForgedError: it is no ticket of this upload.
        """
        if len(text) > LONGEST or not _LETTERS.fullmatch(text):
            raise ForgedError
        try:
            found, size = self._serializer.loads(text, max_age=self._seconds)
        except SignatureExpired:
            raise LateError from None
        except (BadData, ValueError, TypeError):
            raise ForgedError from None
        if found != key:
            raise ForgedError
        return Ticket(found, size)
