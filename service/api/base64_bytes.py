"""Bytes that come as base64 in JSON."""

from __future__ import annotations

from binascii import a2b_base64
from typing import Annotated

from pydantic import Base64Encoder, EncodedBytes
from pydantic_core import PydanticCustomError


class _Strict(Base64Encoder):
    """Base64 by RFC 4648, with or without line breaks.

    pydantic leaves out what is no base64: a data URL, or the alphabet of URLs (``-`` and ``_``),
    would become other bytes than were sent, and nobody would be told.
    """

    @classmethod
    def decode(cls, data: bytes) -> bytes:
        try:
            return a2b_base64(data.translate(None, b" \t\r\n"), strict_mode=True)
        except ValueError as error:
            raise PydanticCustomError(
                "base64_decode", "is not base64 (RFC 4648): {error}", {"error": str(error)}
            ) from None


Base64 = Annotated[bytes, EncodedBytes(encoder=_Strict)]
