"""A thumbnail cropped to another shape around what was seen in it."""

from __future__ import annotations

import io

from PIL import Image

SHAPES = {"16x9": (16, 9), "1x1": (1, 1), "9x16": (9, 16)}
QUALITY = 90

Box = tuple[int, int, int, int]


def box(size: tuple[int, int], focus: tuple[float, float], shape: tuple[int, int]) -> Box:
    """The largest part of a picture that has a shape, its middle as near to the focus as the edges
    allow: left, top, right and bottom in pixels.

    Args:
        size: width and height in pixels.
        focus: across and down, in 0..1 from the top left.
        shape: width to height.
    """
    width, height = size
    wide, high = shape
    part_width = max(1, min(width, round(height * wide / high)))
    part_height = max(1, min(height, round(width * high / wide)))
    left = min(max(round(focus[0] * width - part_width / 2), 0), width - part_width)
    top = min(max(round(focus[1] * height - part_height / 2), 0), height - part_height)
    return left, top, left + part_width, top + part_height


def cropped(jpeg: bytes, focus: tuple[float, float], shape: tuple[int, int]) -> bytes:
    """A JPEG of ours cropped to a shape around the focus, not scaled and never squashed."""
    with Image.open(io.BytesIO(jpeg)) as image:
        part = image.crop(box(image.size, focus, shape))
    made = io.BytesIO()
    part.save(made, "JPEG", quality=QUALITY)
    return made.getvalue()
