"""Draw a random sample that cannot be predicted and is the same when drawn again."""

from __future__ import annotations

import hmac

from pydantic import SecretStr


def drawn(key: SecretStr, lottery: str, row_id: int, share: float) -> bool:
    """Whether a row is among the ``share`` (0..1) of all rows that a lottery takes.

    The lot is a keyed hash (HMAC-SHA256, RFC 2104) of the row's number, read as a number in 0..1:
    without the key it cannot be told from chance. Each lottery draws apart from the others.
    """
    return int(lot(key, lottery, row_id)[:16], 16) / 2**64 < share


def lot(key: SecretStr, lottery: str, row_id: int) -> str:
    """A row's lot in a lottery, as 64 hexadecimal digits."""
    message = f"{lottery}:{row_id}".encode()
    return hmac.new(key.get_secret_value().encode(), message, "sha256").hexdigest()
