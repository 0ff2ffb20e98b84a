"""Whether one picture can be laid over another: the check of what hash and embedding leave open.

Points of both pictures are matched by their surroundings (SIFT: Lowe, 2004; RootSIFT: Arandjelović
and Zisserman, 2012), an affine map is fitted to the matches (RANSAC), and the pixels under the map
are correlated. So a crop, a bar of text, a border, a turn and a change of proportions are seen
through, and so is a picture inside a collage.
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
LEAST_MATCHES = 6
PIXELS_OFF = 4.0  # of a match that fits the map
TRIES = 500
LARGEST_SCALE = 10.0  # of areas: what a map shrinks or enlarges by more is an accident


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

    ``matches`` fit one map; ``correlation`` is that of the pixels under it, -1 to 1; ``share`` is
    how much of the other picture it covers, 0 to 1.
    """

    matches: int
    correlation: float
    share: float


NONE = Overlay(0, 0.0, 0.0)
# What is around a point is told by 4 rows of 4 cells of 8 directions, as seen along the point's own
# direction. In the mirror its rows are the other way round, and so are its turns.
_ROWS, _CELLS, _DIRECTIONS = np.ogrid[:4, :4, :8]
_MIRRORED = (((3 - _ROWS) * 4 + _CELLS) * 8 + -_DIRECTIONS % 8).ravel()


def points_of(picture: Grey) -> Points:
    """Find a picture's points; a picture of one colour has none."""
    scale = SIDE / max(picture.shape)
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = [max(1, round(side * scale)) for side in picture.shape[::-1]]
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


def overlay(one: Points, other: Points) -> Overlay:
    """Lay one picture over another as well as it goes; ``NONE`` where it does not go at all."""
    pairs = _matches(one.around, other.around)
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
    scale = abs(float(np.linalg.det(found[:, :2])))
    if not 1 / LARGEST_SCALE < scale < LARGEST_SCALE:
        return NONE
    correlation, share = _correlate(one.pixels, other.pixels, found.astype(np.float32))
    return Overlay(int(np.count_nonzero(fits)), correlation, share)


def _matches(one: Floats, other: Floats) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Points that are each other's best match, and clearly so: rows of both, [n, 2]."""
    if len(one) < LEAST_MATCHES or len(other) < LEAST_MATCHES:
        return np.zeros((0, 2), np.intp)
    likeness = one @ other.T
    best = likeness.argmax(axis=1)
    two = np.partition(likeness, -2, axis=1)[:, -2:]
    near, next_near = np.sqrt(np.maximum(2 - 2 * two[:, ::-1].T, 0))
    mutual = likeness.argmax(axis=0)[best] == np.arange(len(one))
    clear = np.flatnonzero(mutual & (near < RATIO * next_near))
    return np.stack([clear, best[clear]], axis=1)


def _correlate(one: Grey, other: Grey, how: Floats) -> tuple[float, float]:
    """Of the pixels that one covers of the other, and how large a share of them it covers."""
    size = other.shape[::-1]
    covered = cv2.warpAffine(np.full_like(one, 255), how, size) == 255
    if not covered.any():
        return 0.0, 0.0
    laid = cv2.warpAffine(one, how, size)[covered].astype(np.float32)
    under = other[covered].astype(np.float32)
    laid -= laid.mean()
    under -= under.mean()
    norm = float(np.sqrt((laid**2).sum() * (under**2).sum()))
    return (float(laid @ under) / norm if norm else 0.0), float(covered.mean())
