"""Images to the square of bytes that a backbone takes; used in training and in serving alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def to_square(image: Image.Image, size: int) -> NDArray[np.uint8]:
    """uint8 [size, size, 3] of an RGB image, its whole content squeezed into the square.

    Nothing is cropped: what a hashtag claims may be at the edge of the photograph.
    """
    squeezed = image.resize((size, size), Image.Resampling.BILINEAR)
    return np.asarray(squeezed, np.uint8)
