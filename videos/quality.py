"""How good one frame is as a picture, by measures of its pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

LAYOUT = 16
MEASURED_AT = 320  # pixels of the longer side: sharpness depends on the size
DARK_BAR = 20  # of 255; what is darker along a whole edge is a bar and no part of the picture
LEAST_CONTENT = 0.3  # of a side: smaller, and what was taken for bars is a dark picture

BLACK_AT = 45  # the lightest twentieth is darker: black, or nearly
WHITE_SHARE = 0.3  # of the pixels, without any drawing left: blown out
FLAT_SHARE = 0.965  # of the pixels have three colours: a card, a fade to a colour
BLURRED_AT = 22.0  # variance of the Laplacian
SHARP_AT = 600.0
SECOND = np.array([[1, -2, 1]], np.float32)  # a second derivative
ONE_WAY = 8.0  # times the detail of the poorer direction: at most so much is that of the whole
CHANGED_AT = 0.16  # share of the colours that differ from both sides: a fade, a flash, a pan

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]


@dataclass(frozen=True)
class Quality:
    """Measures of one frame.

    ``sharpness``: variance of the Laplacian of its lightness at a fixed size. ``dark``: the
    lightness, 0 to 255, below which all but the lightest twentieth lies. ``white``, ``flat``:
    shares of pixels that are blown out, and that have one of the three commonest colours.
    ``change``: share of colours that differ both from shortly before and from shortly after, as in
    a fade, a flash or a fast pan. ``frozen``: exactly as the look before or after, which is no
    fault in itself. ``torn``: it, or what it was predicted from, is damaged.
    """

    sharpness: float
    dark: float
    white: float
    flat: float
    change: float
    torn: bool
    frozen: bool = False

    @property
    def faults(self) -> tuple[str, ...]:
        """What speaks against showing the frame: of black, white, flat, blurred, transition and
        torn."""
        found = {
            "black": self.dark < BLACK_AT,
            "white": self.white > WHITE_SHARE,
            "flat": self.flat > FLAT_SHARE,
            "blurred": self.sharpness < BLURRED_AT,
            "transition": self.change > CHANGED_AT,
            "torn": self.torn,
        }
        return tuple(name for name, is_so in found.items() if is_so)

    @property
    def score(self) -> float:
        """How good the frame is, in 0..1; below 0.2 with a fault, and from 0.2 on without one."""
        sharp = min(1.0, math.log1p(self.sharpness) / math.log1p(SHARP_AT))
        steady = 1 - min(1.0, self.change / CHANGED_AT) / 2
        exposed = (1 - min(1.0, self.white / WHITE_SHARE) / 2) * min(1.0, self.dark / 100)
        good = sharp * steady * exposed
        return 0.2 * good / (1 + len(self.faults)) if self.faults else 0.2 + 0.8 * good


def content(pixels: Pixels) -> Pixels:
    """A picture without the black bars around it."""
    light = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    rows = _inside(cv2.reduce(light, 1, cv2.REDUCE_MAX).ravel())
    columns = _inside(cv2.reduce(light, 0, cv2.REDUCE_MAX).ravel())
    return np.ascontiguousarray(pixels[rows, columns])


def _inside(lightest: cv2.typing.MatLike) -> slice:
    lit = np.flatnonzero(lightest > DARK_BAR)
    if not len(lit) or lit[-1] + 1 - lit[0] < LEAST_CONTENT * len(lightest):
        return slice(None)
    return slice(int(lit[0]), int(lit[-1]) + 1)


def colours(pixels: Pixels) -> Floats:
    """Shares of colours: a histogram of hue, saturation and lightness, which sums to 1."""
    hsv = cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV)
    counted = cv2.calcHist([hsv], [0, 1, 2], None, [8, 4, 4], [0, 180, 0, 256, 0, 256])
    return np.asarray(counted.ravel() / counted.sum(), np.float32)


def difference(one: Floats, other: Floats) -> float:
    """Which share of the colours of two pictures differs, in 0..1."""
    return float(np.abs(one - other).sum() / 2)


def layout(pixels: Pixels) -> Floats:
    """Where a picture is light: 16 by 16 means of its lightness, in 0..1."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    means = cv2.resize(grey, (LAYOUT, LAYOUT), interpolation=cv2.INTER_AREA)
    return np.asarray(means.ravel() / 255, np.float32)


def measure(seen: Pixels, *, change: float, torn: bool, frozen: bool = False) -> Quality:
    """Measures of a picture's content at ``MEASURED_AT``; what that does not tell is handed in."""
    grey = cv2.cvtColor(seen, cv2.COLOR_RGB2GRAY)
    lightness = cv2.calcHist([grey], [0], None, [256], [0, 256]).ravel() / grey.size
    bins = cv2.calcHist([seen], [0, 1, 2], None, [16, 16, 16], [0, 256, 0, 256, 0, 256]).ravel()
    return Quality(
        sharpness=_sharpness(grey),
        dark=float(np.searchsorted(np.cumsum(lightness), 0.95)),
        white=float(lightness[250:].sum()),
        flat=float(np.partition(bins, -3)[-3:].sum() / grey.size),
        change=change,
        torn=torn,
        frozen=frozen,
    )


def measure_still(pixels: Pixels) -> Quality:
    """Measures of a picture that is of no video: uint8 RGB [height, width, 3], of any size."""
    height, width = pixels.shape[:2]
    scale = min(1.0, MEASURED_AT / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    return measure(content(small), change=0.0, torn=False)


def _sharpness(grey: cv2.typing.MatLike) -> float:
    """The variance of the Laplacian; less where one direction has hardly any detail, as when the
    camera or all that it shows moves."""
    across = _variance(cv2.filter2D(grey, cv2.CV_16S, SECOND))
    down = _variance(cv2.filter2D(grey, cv2.CV_16S, SECOND.T))
    return min(_variance(cv2.Laplacian(grey, cv2.CV_16S)), ONE_WAY * min(across, down))


def _variance(values: cv2.typing.MatLike) -> float:
    _, deviation = cv2.meanStdDev(values)
    return float(deviation[0, 0]) ** 2
