"""Image bytes to RGB pixels, for bytes that strangers send."""

from __future__ import annotations

import io
import struct
import warnings

import pillow_heif
from PIL import Image, UnidentifiedImageError

from pictures.cost import (
    check_memory,
    check_scans,
    check_size,
    coefficients,
    needed_bytes,
    webp_size,
)
from pictures.limits import ImageError, ImageLimits
from pictures.pixels import smaller_rgb, upright

JPEGS = ("JPEG", "MPO")
# What people post. Phones' MPO files are opened as JPEG; formats whose decoders are rarely
# attacked, and those that call other programs, are left out.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")

pillow_heif.register_heif_opener(thumbnails=False)


def open_image(data: bytes, limits: ImageLimits, at_least: int = 1280) -> Image.Image:
    """``decode`` for a process that has no limit of its memory: bytes that are trusted a little."""
    try:
        return decode(data, limits, at_least)
    except MemoryError as error:
        raise ImageError("too_much_memory", "The image needs more memory than there is.") from error


def decode(data: bytes, limits: ImageLimits, at_least: int) -> Image.Image:
    """The first frame of an image as 8-bit RGB, upright.

    EXIF rotation is applied, transparency is laid on white, CMYK and 16-bit samples are converted.
    A JPEG much larger than needed is decoded at a half, a quarter or an eighth, as long as both
    sides stay at least ``at_least`` pixels; any other image is made smaller by a whole number while
    its longer side stays at least twice that. The limits are checked before a pixel is decoded.

    Raises:
        ImageError: the bytes are no image, or one that costs too much.
        MemoryError: there was too little memory for it.
    """
    if len(data) > limits.max_bytes:
        raise ImageError(
            "too_large", f"The image has {len(data)} bytes; at most {limits.max_bytes} are read."
        )
    if size := webp_size(data):
        check_size(size, limits)
    image = _identify(data)
    check_size(image.size, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata; the pixels decide
            cost = coefficients(image)
            if image.format in JPEGS:
                check_scans(data)
                image.draft("RGB", (at_least, at_least))
            check_memory(cost + needed_bytes(image), limits)
            image.load()
            return upright(smaller_rgb(image, 2 * at_least), image)
    except (OSError, EOFError, SyntaxError, ValueError, struct.error) as error:
        raise ImageError("truncated", f"The image breaks off or is damaged: {error}.") from error


def _identify(data: bytes) -> Image.Image:
    """Opens the header only."""
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb limit warns below ours and raises above it; ours is checked next.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageError("too_many_pixels", "The image has far too many pixels.") from error
    except MemoryError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError("not_an_image", "The bytes are not an image of a known format.") from error
    except Exception as error:  # decoders raise what they like on a hostile header
        raise ImageError("not_an_image", f"The image's header cannot be read: {error}.") from error
