"""How well one picture can be laid over another: the check of what hash and embedding leave open.

Points of both pictures are matched by their surroundings (SIFT: Lowe, 2004; RootSIFT: Arandjelović
and Zisserman, 2012), an affine map is fitted to the matches (RANSAC), and the pixels under the map
are compared, place by place. So a crop, a bar of text, a border, a turn and a change of proportions
are seen through, and so is a picture inside a collage.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from similarity.duplicates import Floats
from similarity.hashes import Grey

SIDE = 160  # pixels of the longer side: small pictures are enlarged to it, so all compare alike
POINTS = 200
FAINTEST = 0.02  # contrast of a point that counts; half of OpenCV's own, for dark pictures
RATIO = 0.8  # the best match of a point against the second best (Lowe, 2004)
LEAST_MATCHES = 12  # fewer fit a map by accident
PIXELS_OFF = 2.0  # of a match that fits the map
TRIES = 500
LARGEST_SCALE = 10.0  # of areas: what a map shrinks or enlarges by more is an accident
AROUND = 3.0  # pixels: the deviation of the bell that weighs what is around a place
LEAST_CONTRAST = 2.0  # standard deviation, of 255 greys: noise of a JPEG is less
QUARTER = 0.25


@dataclass(frozen=True)
class Points:
    """A picture made ready: its pixels, where its points are, [n, 2], and what is around them,
    [n, 128], of norm 1."""

    pixels: Grey
    places: Floats
    around: Floats


@dataclass(frozen=True)
class Overlay:
    """How well one picture lies on another.

    ``matches`` fit one map. ``agreement``, -1 to 1: at three quarters of the places where both have
    contrast, their surroundings correlate by so much or more. ``share`` is how much of the other
    picture is covered, 0 to 1.
    """

    matches: int
    agreement: float
    share: float


NONE = Overlay(0, 0.0, 0.0)
# What is around a point is told by 4 rows of 4 cells of 8 directions, as seen along the point's own
# direction. In the mirror its rows are the other way round, and so are its turns.
_ROWS, _CELLS, _DIRECTIONS = np.ogrid[:4, :4, :8]
_MIRRORED = (((3 - _ROWS) * 4 + _CELLS) * 8 + -_DIRECTIONS % 8).ravel()


def points_of(picture: Grey, side: int = SIDE) -> Points:
    """Find the points of a picture whose longer side is made ``side`` pixels long.

    A picture of one colour has none.
    """
    scale = side / max(picture.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = [max(1, round(length * scale)) for length in picture.shape[::-1]]
    pixels = cv2.resize(picture, size, interpolation=how).astype(np.uint8)
    finder = cv2.SIFT.create(nfeatures=POINTS, contrastThreshold=FAINTEST)
    found, around = finder.detectAndCompute(pixels, np.full_like(pixels, 255))
    if not found:
        return Points(pixels, np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    sums = np.maximum(around.sum(axis=1, keepdims=True), 1e-6)
    places = np.array([point.pt for point in found], np.float32)
    return Points(pixels, places, np.sqrt(around / sums).astype(np.float32))


def mirrored(points: Points) -> Points:
    """The points of the mirrored picture, without looking for them again."""
    places = points.places.copy()
    places[:, 0] = points.pixels.shape[1] - 1 - places[:, 0]
    pixels = np.ascontiguousarray(points.pixels[:, ::-1])
    return Points(pixels, places, points.around[:, _MIRRORED])


def matches(one: Points, other: Points) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Points that are each other's best match, and clearly so: rows of both, [n, 2]."""
    if len(one.around) < 2 or len(other.around) < 2:
        return np.zeros((0, 2), np.intp)
    likeness = one.around @ other.around.T
    best = likeness.argmax(axis=1)
    two = np.partition(likeness, -2, axis=1)[:, -2:]
    near, next_near = np.sqrt(np.maximum(2 - 2 * two[:, ::-1].T, 0))
    mutual = likeness.argmax(axis=0)[best] == np.arange(len(best))
    clear = np.flatnonzero(mutual & (near < RATIO * next_near))
    return np.stack([clear, best[clear]], axis=1)


def overlay(one: Points, other: Points) -> Overlay:
    """Lay one picture over another as well as it goes; ``NONE`` where it does not go at all."""
    pairs = matches(one, other)
    if len(pairs) < LEAST_MATCHES:
        return NONE
    places, targets = one.places[pairs[:, 0]], other.places[pairs[:, 1]]
    cv2.setRNGSeed(0)  # the same two pictures give the same answer each time
    found, fits = cv2.estimateAffine2D(
        places, targets, method=cv2.RANSAC, ransacReprojThreshold=PIXELS_OFF, maxIters=TRIES
    )
    # Nothing fits, or it collapses: OpenCV then gives no map, whatever its types say.
    if found is None or not np.isfinite(found).all():
        return NONE
    fitting = int(np.count_nonzero(fits))
    scale = abs(float(np.linalg.det(found[:, :2])))
    if fitting < LEAST_MATCHES or not 1 / LARGEST_SCALE < scale < LARGEST_SCALE:
        return NONE
    agreement, share = _compare(one.pixels, other.pixels, found.astype(np.float32))
    return Overlay(fitting, agreement, share)


def _compare(one: Grey, other: Grey, how: Floats) -> tuple[float, float]:
    """``agreement`` and ``share`` of one picture that is laid over another.

    The correlation of all pixels at once would follow the layout alone: an empty sky over dark
    ground correlates with any other. So each place is compared with the same place by what is
    around it, and the worst quarter may be a text, a corner or an edge that only one of them has.
    """
    size = other.shape[::-1]
    covered = cv2.warpAffine(np.full_like(one, 255), how, size) == 255
    laid = cv2.warpAffine(one, how, size).astype(np.float32)
    under = other.astype(np.float32)
    mean, other_mean = _around(laid), _around(under)
    variance = _around(laid * laid) - mean * mean
    other_variance = _around(under * under) - other_mean * other_mean
    told = covered & (np.minimum(variance, other_variance) > LEAST_CONTRAST**2)
    if not told.any():
        return 0.0, float(covered.mean())
    common = (_around(laid * under) - mean * other_mean)[told]
    correlation = common / np.sqrt(variance[told] * other_variance[told])
    return float(np.quantile(correlation, QUARTER)), float(covered.mean())


def _around(values: Floats) -> Floats:
    """The mean around each place, the nearest counting most."""
    return cv2.GaussianBlur(values, (0, 0), AROUND).astype(np.float32, copy=False)
