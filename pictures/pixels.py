"""Decoded images as upright 8-bit RGB, no larger than needed."""

from __future__ import annotations

from typing import cast

from PIL import ExifTags, Image

STRIP_PIXELS = 1_000_000  # converted at once: a copy of each in other modes is in memory

_WAYS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def smaller_rgb(image: Image.Image, longer: int) -> Image.Image:
    """A decoded image as RGB: transparency on white, deep samples as 8 bits.

    One whose longer side is several times ``longer`` is made smaller by that whole number, by
    averaging. That is done strip by strip, so the whole is never in memory in another mode.
    """
    factor = max(1, max(image.size) // longer)
    if factor == 1 and image.mode == "RGB" and not image.has_transparency_data:
        return image
    scale, offset = _to_eight_bits(image)
    width, height = image.size
    rows = max(1, STRIP_PIXELS // width // factor) * factor
    smaller = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, rows):
        strip = image.crop((0, top, width, min(top + rows, height)))
        rgb = _rgb(strip, scale, offset)
        smaller.paste(rgb.reduce(factor) if factor > 1 else rgb, (0, top // factor))
    return smaller


def reduced(image: Image.Image, shorter: int) -> Image.Image:
    """An image made smaller by a whole number, its shorter side still ``shorter`` or more.

    The shorter side counts because a network's input is a square, into which both sides are
    squeezed. Averaging by a whole number costs a fifth of resampling, and what a network sees of
    the result differs no more (docs/benchmarks.md).
    """
    return image.reduce(max(1, min(image.size) // shorter))


def upright(image: Image.Image, source: Image.Image) -> Image.Image:
    """An image turned as the EXIF data of its source say; damaged data leave it as it lies."""
    try:
        way = _WAYS.get(source.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # EXIF blocks are often damaged, and Pillow then raises many kinds of error
        return image
    return image if way is None else image.transpose(way)


def _to_eight_bits(image: Image.Image) -> tuple[float, float]:
    """Scale and offset from grey of 16 bits, 32 bits or floats to 0..255, by the whole image.

    Pillow's own conversion clips instead of scaling.
    """
    if image.mode == "F":
        low, high = _extrema(image)
        scale = 255 / (high - low or 1.0)
        return scale, -low * scale
    if image.mode.startswith("I;16") or (image.mode == "I" and _extrema(image)[1] > 255):
        return 255 / 65535, 0.0
    return 1.0, 0.0


def _extrema(image: Image.Image) -> tuple[float, float]:
    low, high = cast("tuple[float, float]", image.getextrema())  # of one band
    return float(low), float(high)


def _rgb(strip: Image.Image, scale: float, offset: float) -> Image.Image:
    if strip.mode == "F" or strip.mode.startswith("I"):
        return _stretched(strip, scale, offset).convert("RGB")
    if strip.mode == "P" or strip.has_transparency_data:
        rgba = strip.convert("RGBA")
        ground = Image.new("RGBA", rgba.size, "white")
        return Image.alpha_composite(ground, rgba).convert("RGB")
    return strip.convert("RGB")


def _stretched(strip: Image.Image, scale: float, offset: float) -> Image.Image:
    """Grey of any depth to 8 bits. As floats: they alone are neither clipped nor rounded before."""
    deep = strip if strip.mode == "F" else strip.convert("I").convert("F")
    return deep.point(lambda value: value * scale + offset).convert("L")
