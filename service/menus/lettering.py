"""Whether a photograph looks as if it held lines of text; cheap, and no more than a guess."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

SIDE = 512  # pixels of the longer side, at which lines of a menu are 6 to 48 high
LEAST_HIGH, MOST_HIGH = 6, 48
LEAST_LONG = 1.5  # times its height
FILLED = 0.45  # of the rectangle around it
LINES = 6  # every one of forty drawn menus has nine or more (docs/benchmarks.md)


def is_lettered(grey: NDArray[np.uint8]) -> bool:
    """Whether a picture's lightness [height, width] has what look like words, at least a few."""
    return count_words(grey) >= LINES


def count_words(grey: NDArray[np.uint8]) -> int:
    """Long, low, well filled patches of strong edges: letters run together by a closing along the
    line."""
    high, wide = grey.shape
    smaller = SIDE / max(high, wide)
    size = max(1, round(wide * smaller)), max(1, round(high * smaller))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    edges = cv2.morphologyEx(small, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    _, strong = cv2.threshold(edges, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    line = cv2.getStructuringElement(cv2.MORPH_RECT, (9, 1))
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, line)
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    width, height, area = (
        stats[1:, column] for column in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA)
    )
    words = (height >= LEAST_HIGH) & (height <= MOST_HIGH) & (width >= LEAST_LONG * height)
    return int((words & (area >= FILLED * width * height)).sum())
