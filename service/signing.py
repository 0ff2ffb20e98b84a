"""Standard Webhooks signatures over any bytes.

The specification (standardwebhooks.com) signs the raw body; its Python library takes text only,
and a multipart body with a photograph in it is none.
"""

from __future__ import annotations

import base64
from datetime import datetime

from standardwebhooks.webhooks import Webhook, hmac_data


class BytesWebhook(Webhook):
    """The library's Webhook for bodies that need not be UTF-8.

    Bytes that are no text travel through the library as lone surrogates (PEP 383).
    """

    def sign(self, msg_id: str, timestamp: datetime, data: str) -> str:
        """The signature of one body, given as ``as_text`` makes it."""
        head = f"{msg_id}.{int(timestamp.timestamp())}.".encode()
        digest = hmac_data(self._whsecret, head + data.encode("utf-8", "surrogateescape"))
        return f"v1,{base64.b64encode(digest).decode()}"


def as_text(body: bytes) -> str:
    """The text form of any bytes, which ``BytesWebhook`` turns back into the same bytes."""
    return body.decode("utf-8", "surrogateescape")
