"""What a sandboxed process does with a photograph: a copy to show and pixels to look at."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from PIL import Image

from pictures.decode import decode
from pictures.limits import ImageError, ImageLimits


def render(options: Mapping[str, Any], data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """Decodes a photograph once, and makes it smaller twice.

    Args:
        options: ``limits`` (the fields of ImageLimits); ``shown`` and ``looked_at``, the longest
            sides of both copies in pixels; ``quality`` of the JPEG.
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
    image.thumbnail((options["looked_at"],) * 2, reducing_gap=2.0)
    return {"shown": size, "looked_at": image.size}, [jpeg, image.tobytes()]


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    # Only pixels are handed over: no EXIF, no colour profile, no comment, no thumbnail.
    image.info.clear()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
