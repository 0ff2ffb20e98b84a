"""From a photograph's bytes to the image that is looked at and the copy that is kept."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from PIL.Image import Image

from classifiers import ImageLimits, open_image
from service.config import Config

QUALITY = 85
LOOK_PIXELS = 512  # more than any backbone takes in, and a batch of them fits into memory


@dataclass(frozen=True)
class Picture:
    """A decoded photograph: a small RGB image to look at, the SHA-256 of the original's bytes, and
    a JPEG without EXIF, ``width`` by ``height`` pixels, to show."""

    image: Image
    sha256: str
    derivative: bytes
    width: int
    height: int


def open_picture(data: bytes, config: Config) -> Picture:
    """Decode untrusted bytes.

    Raises:
        ImageError: with the reason.
    """
    limits = ImageLimits(config.image_bytes, config.image_pixels)
    image = open_image(data, limits, at_least=config.derivative_pixels)
    image.thumbnail((config.derivative_pixels, config.derivative_pixels), reducing_gap=2.0)
    buffer = io.BytesIO()
    # Only pixels are handed over: no EXIF, no colour profile, no comment, no thumbnail.
    image.info.clear()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    width, height = image.size
    image.thumbnail((LOOK_PIXELS, LOOK_PIXELS), reducing_gap=2.0)
    return Picture(image, hashlib.sha256(data).hexdigest(), buffer.getvalue(), width, height)
