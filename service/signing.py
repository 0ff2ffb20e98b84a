"""Standard Webhooks signatures over any bytes.

The specification (standardwebhooks.com) signs the raw body; its Python library takes text only, and
a multipart body with a photograph is not text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

from standardwebhooks.webhooks import Webhook


class BytesWebhook(Webhook):
    """The library's Webhook for bodies that need not be UTF-8.

    Bytes that are no text travel through the library as lone surrogates (PEP 383).
    """

    def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
        """The signature of one body, given as ``as_text`` makes it."""
        seconds = str(int(timestamp.timestamp()))
        return self.signature(msg_id, seconds, data.encode("utf-8", "surrogateescape"))

    def signature(self, msg_id: str, timestamp: str, body: bytes) -> str:
        """The signature of one body. ``timestamp`` is the header's text.

        A body may have 32 MB, so it is hashed without copying it.
        """
        # A header's bytes beyond ASCII come as Latin-1 from the web server (PEP 3333).
        head = f"{msg_id}.{timestamp}.".encode("latin-1", "replace")
        mac = hmac.new(self._whsecret, head, hashlib.sha256)
        mac.update(body)
        return f"v1,{base64.b64encode(mac.digest()).decode()}"

    def has_signed(self, signatures: str, msg_id: str, timestamp: str, body: bytes) -> bool:
        """Whether a ``webhook-signature`` header contains a valid signature."""
        own = self.signature(msg_id, timestamp, body).encode()
        given = [one.encode("latin-1", "replace") for one in signatures.split(" ")]
        return any(hmac.compare_digest(own, one) for one in given)


def as_text(body: bytes) -> str:
    """The text form of any bytes, which ``BytesWebhook`` turns back into the same bytes."""
    return body.decode("utf-8", "surrogateescape")
