"""Perceptual hashes: 64 bits that stay nearly the same when a picture is stored again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

Grey = NDArray[np.uint8]

_ALL_BITS = (1 << 64) - 1


def grey(image: Image.Image) -> Grey:
    """A picture's lightness, uint8 [height, width]."""
    return np.asarray(image.convert("L"))


def perceptual_hash(picture: Grey) -> int:
    """pHash (Zauner, 2010): the signs of the lowest frequencies of the cosine transform.

    Returns:
        a signed 64-bit number, as PostgreSQL stores one. A picture of one colour has a hash, too,
        which says nothing: it is the same for all of them.
    """
    code: bytes = cv2.img_hash.pHash(picture).tobytes()
    return int.from_bytes(code, "big", signed=True)


def distance(one: int, other: int) -> int:
    """In how many of the 64 bits two hashes differ."""
    return ((one ^ other) & _ALL_BITS).bit_count()
