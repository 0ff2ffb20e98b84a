"""What a sandboxed process does with a photograph: a copy to show and pixels to look at."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from pictures.decode import decode
from pictures.limits import ImageError, ImageLimits
from pictures.pixels import reduced


def render(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Decodes a photograph once, and makes it smaller twice.

    Args:
        options: ``limits`` (the fields of ImageLimits); ``shown``, the longest side of the copy in
            pixels; ``looked_at``, for the other: its shorter side is that or more, unless
            the copy's is less; ``quality`` of the JPEG.
        data: the file.

    Returns:
        ``shown`` and ``looked_at``, the sizes of both, with a JPEG without EXIF and 8-bit RGB
        pixels; or ``error``, a code and a message.
    """
    shown = int(options["shown"])
    try:
        image = decode(data, ImageLimits(**options["limits"]), at_least=shown)
    except ImageError as error:
        return {"error": [error.code, error.message]}, []
    image.thumbnail((shown, shown), reducing_gap=2.0)
    jpeg, size = _jpeg(image, options["quality"]), image.size
    small = reduced(image, int(options["looked_at"]))
    return {"shown": size, "looked_at": small.size}, [jpeg, small.tobytes()]


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    # Only pixels are handed over: no EXIF, no colour profile, no comment, no thumbnail.
    image.info.clear()
    # Tables made for each photograph would save 3 % of its bytes, and double the time.
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
