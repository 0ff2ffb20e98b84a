"""Untrusted bytes to an RGB image, or one clear error."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

# What phones and browsers produce. Formats outside this list never reach their decoders.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


@dataclass(frozen=True)
class ImageLimits:
    """The largest image that is decoded, in bytes and in pixels."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000


class ImageError(Exception):
    """An image cannot be used. ``code`` is one of too_large, too_many_pixels, not_an_image,
    truncated and unsupported; ``message`` says what was wrong in a sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def open_image(data: bytes, limits: ImageLimits, at_least: int = 1280) -> Image.Image:
    """Decode an image to RGB as a person would see it.

    EXIF rotation is applied, transparency is laid on white, the first frame stands for an
    animation, CMYK and 16-bit samples are converted. A JPEG is decoded at an eighth, a quarter or
    half of its size where both its sides stay at or above ``at_least`` pixels (libjpeg's scaled
    decoding), which costs a fraction of the time.

    Raises:
        ImageError: the bytes are no image, too large in bytes or pixels, or cut short.
    """
    if len(data) > limits.max_bytes:
        raise ImageError("too_large", f"{len(data)} bytes; at most {limits.max_bytes} are read.")
    try:
        # Limits are checked here on the header's word, so Pillow's own warning has nothing to add.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=FORMATS)
            _check_pixels(image, limits)
            image.draft("RGB", (at_least, at_least))
            image.load()
            return _as_rgb(ImageOps.exif_transpose(image))
    except ImageError:
        raise
    except UnidentifiedImageError:
        raise ImageError("not_an_image", "The bytes are no image of a known format.") from None
    except Image.DecompressionBombError as error:
        raise ImageError("too_many_pixels", str(error)) from None
    except MemoryError:
        raise ImageError("too_many_pixels", "The image does not fit into memory.") from None
    except (OSError, SyntaxError, EOFError) as error:  # Pillow's words for broken data
        raise ImageError("truncated", f"The image is cut short or damaged: {error}.") from None
    except Exception as error:  # a decoder met bytes its author did not think of
        raise ImageError("unsupported", f"The image cannot be decoded: {error}.") from None


def _check_pixels(image: Image.Image, limits: ImageLimits) -> None:
    width, height = image.size
    if width * height > limits.max_pixels:
        raise ImageError(
            "too_many_pixels",
            f"{width} by {height} pixels; at most {limits.max_pixels} in all are decoded.",
        )
    if min(width, height) < 1:
        raise ImageError("not_an_image", f"{width} by {height} pixels hold no photograph.")


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        return _from_deep_samples(image)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        rgba = image.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(ground, rgba).convert("RGB")
    return image.convert("RGB")


def _from_deep_samples(image: Image.Image) -> Image.Image:
    """Samples of 16 or 32 bits to 8: Pillow's own conversion clips instead of scaling."""
    samples = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = 65535.0 if image.mode.startswith("I;16") or samples.max(initial=0) > 255 else 255.0
    scaled = (samples / top * 255.0).clip(0, 255).astype(np.uint8)
    return Image.fromarray(scaled).convert("RGB")
