"""A bundle names the log-odds of this picture; a machine that gets others must not serve it.

The picture is made with integer arithmetic, so that it is the same on every machine.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# Twice the rounding of the network's last layer moves log-odds by less; arithmetic that saturates,
# or rounds to fewer bits, moves them by more (tests/classifiers/test_canary.py).
TOLERANCE = 0.02


def picture(size: int) -> NDArray[np.uint8]:
    """uint8 [size, size, 3]: slopes, squares and noise, so that every channel is busy."""
    row, column = np.mgrid[0:size, 0:size].astype(np.uint32)
    noise = (row * np.uint32(2654435761) + column * np.uint32(40503)) >> np.uint32(24)
    red = (row * 255 // size + noise // 4) % 256
    green = (column * 255 // size) ^ (((row // 16 + column // 16) % 2) * 96)
    blue = (noise + (row * column // size)) % 256
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def differs(found: Sequence[float], named: Sequence[float]) -> bool:
    """Whether log-odds are further than ``TOLERANCE`` from those that a bundle names."""
    return len(found) != len(named) or bool(
        np.abs(np.asarray(found) - np.asarray(named)).max() > TOLERANCE
    )
