"""A picture of any shape on a square canvas, whole and in its own aspect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Canvases:
    """Pixels uint8 [n, side, side, 3], black around the pictures; ``there`` uint8
    [n, side, side, 1] is 1 where a picture is."""

    pixels: Bytes
    there: Bytes

    @classmethod
    def of(cls, images: list[Image.Image], side: int) -> Canvases:
        """RGB images of any size, at least one."""
        both = [letterbox(image, side) for image in images]
        return cls(np.stack([one for one, _ in both]), np.stack([mask for _, mask in both]))


def letterbox(image: Image.Image, side: int) -> tuple[Bytes, Bytes]:
    """The picture in the middle of a square, as large as it fits, and where it is."""
    scale = side / max(image.size)
    width, height = (max(1, round(length * scale)) for length in image.size)
    left, top = (side - width) // 2, (side - height) // 2
    pixels, there = np.zeros((side, side, 3), np.uint8), np.zeros((side, side, 1), np.uint8)
    small = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=3.0)
    pixels[top : top + height, left : left + width] = np.asarray(small, np.uint8)
    there[top : top + height, left : left + width] = 1
    return pixels, there
