"""Image bytes to RGB pixels, for bytes that strangers send."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

# What people post. Phones' MPO files open as JPEG; formats whose decoders are rarely attacked, and
# those that call other programs, are left out.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")


@dataclass(frozen=True)
class ImageLimits:
    """The most that one image may cost: bytes as sent, pixels when decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000


class ImageError(Exception):
    """Bytes that cannot be had as an image.

    ``code`` is one of too_large, too_many_pixels, not_an_image, truncated, unsupported; ``message``
    says in one sentence what was wrong.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def open_image(data: bytes, limits: ImageLimits, at_least: int = 1280) -> Image.Image:
    """The first frame of an image as 8-bit RGB, upright.

    EXIF rotation is applied, transparency is laid on white, CMYK and 16-bit samples are converted.
    A JPEG much larger than needed is decoded at a half, a quarter or an eighth, as long as both
    sides stay at least ``at_least`` pixels. Raises ImageError, and nothing else, for bad bytes; the
    limits are checked before any pixel is decoded.
    """
    if len(data) > limits.max_bytes:
        raise ImageError(
            "too_large", f"The image has {len(data)} bytes; at most {limits.max_bytes} are read."
        )
    image = _identify(data)
    pixels = image.width * image.height
    if pixels > limits.max_pixels:
        raise ImageError(
            "too_many_pixels",
            f"The image is {image.width} x {image.height} pixels; "
            f"at most {limits.max_pixels} pixels are decoded.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata; the pixels decide
            if image.format == "JPEG":
                image.draft("RGB", (at_least, at_least))
            image.load()
            return _as_rgb(_upright(image))
    except (OSError, EOFError, SyntaxError, ValueError, struct.error) as error:
        raise ImageError("truncated", f"The image breaks off or is damaged: {error}.") from error
    except MemoryError as error:
        raise ImageError("too_many_pixels", "The image needs more memory than there is.") from error


def _identify(data: bytes) -> Image.Image:
    """Opens the header only."""
    try:
        with warnings.catch_warnings():
            # Pillow's own bomb limit warns below ours and raises above it; ours is checked next.
            warnings.simplefilter("ignore")
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageError("too_many_pixels", "The image has far too many pixels.") from error
    except UnidentifiedImageError as error:
        raise ImageError("not_an_image", "The bytes are not an image of a known format.") from error
    except Exception as error:  # decoders raise what they like on a hostile header
        raise ImageError("not_an_image", f"The image's header cannot be read: {error}.") from error


def _upright(image: Image.Image) -> Image.Image:
    """Applies EXIF rotation; damaged EXIF data leaves the image as it lies."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # EXIF blocks are often damaged, and Pillow then raises many kinds of error
        return image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_wide_grey(image)
    if image.mode == "P" or image.has_transparency_data:
        rgba = image.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(ground, rgba).convert("RGB")
    return image.convert("RGB")


def _from_wide_grey(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit or float grey to 8 bits: Pillow's own conversion clips instead of scaling."""
    samples = np.asarray(image, np.float64)
    if image.mode == "F":
        low, high = float(samples.min()), float(samples.max())
        samples = (samples - low) / (high - low or 1.0) * 255
    elif samples.max() > 255 or image.mode.startswith("I;16"):
        samples = samples / 65535 * 255
    return Image.fromarray(np.clip(samples, 0, 255).astype(np.uint8)).convert("RGB")
