"""Hostile pictures, whose decoding needs far more memory or time than their size suggests."""

from __future__ import annotations

import io

from PIL import Image

SIDE = 8000


def pictures() -> list[bytes]:
    """One of each kind; small in bytes, up to 64 million pixels when decoded."""
    return [
        _saved(Image.new("RGBA", (SIDE, SIDE - 1)), "PNG"),
        _saved(Image.new("LA", (SIDE, SIDE)), "PNG"),
        _saved(Image.new("I;16", (SIDE, SIDE)), "PNG"),
        _saved(Image.new("1", (1, SIDE * SIDE)), "PNG"),
        _saved(Image.new("F", (SIDE, SIDE)), "TIFF", compression="tiff_adobe_deflate"),
        _saved(Image.new("I", (SIDE, SIDE)), "TIFF", compression="tiff_adobe_deflate"),
        _saved(Image.new("RGB", (16383, 3900)), "WEBP", quality=1),
        _saved(Image.new("RGBA", (8191, 7800)), "WEBP", lossless=True),
        _saved(Image.new("P", (SIDE, SIDE)), "GIF"),
        scans(2000),
        b"\xff\xd8\xff\xe0 no photograph",
    ]


def scans(count: int) -> bytes:
    """A progressive JPEG whose last scan is repeated: each asks for a pass over all pixels."""
    data = _saved(Image.new("L", (2048, 2048)), "JPEG", progressive=True)
    start = data.rfind(b"\xff\xda")
    return data[:-2] + data[start:-2] * count + b"\xff\xd9"


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()
