"""Decoded frames as upright 8-bit RGB with square pixels."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame

from videos.quality import Pixels

WIDEST = 50  # to one: what headers say of the pixels' shape is not believed beyond


def shown_size(frame: VideoFrame, aspect: Fraction | None, longest: int) -> tuple[int, int]:
    """Width and height of a frame as it lies, with square pixels, its longer side at most
    ``longest`` and at most what it has."""
    shape = float(aspect) if aspect else 1.0
    if not 1 / WIDEST <= shape <= WIDEST:
        shape = 1.0
    # The side that is stretched grows, so that no line of pixels is lost.
    width, height = frame.width * max(shape, 1.0), frame.height / min(shape, 1.0)
    scale = min(1.0, longest / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))


def rgb(frame: VideoFrame, aspect: Fraction | None, longest: int) -> Pixels:
    """uint8 [height, width, 3] of a frame, turned as its display matrix says.

    Args:
        frame: as decoded.
        aspect: width of a pixel over its height; None: square.
        longest: of both sides, at most, in pixels.
    """
    width, height = shown_size(frame, aspect, longest)
    small = frame.reformat(width, height, "rgb24", interpolation="AREA", threads=1)
    quarter_turns = round(frame.rotation / 90) % 4  # counterclockwise, as the matrix rotates
    return np.ascontiguousarray(np.rot90(small.to_ndarray(), quarter_turns))
