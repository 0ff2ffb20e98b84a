"""The plain alternative to learning: parts put beside each other, and projected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from items.inputs import Layout

Floats = NDArray[np.float32]

# What each part counts, text, tags, period and picture: measured in docs/items.md.
SHARES = (0.7, 1.0, 0.7, 0.7)
PICTURE_AXES = 200


@dataclass(frozen=True)
class Concatenation:
    """Linear maps: the principal axes of pictures, then those of all parts side by side.

    ``axes`` float32 [picture, a] and ``centre`` [a] make ``picture @ axes - centre``;
    ``projection`` is float32 [text + tags + period + a, dimension]. Inner products stay what they
    are, as far as ``dimension`` numbers can hold them.
    """

    axes: Floats
    centre: Floats
    projection: Floats

    def parts(self, inputs: Floats, layout: Layout) -> Floats:
        """The weighted parts side by side, float32 [n, text + tags + period + a]."""
        text, tags, period, picture = (
            inputs[:, slice(*place)]
            for place in (layout.text, layout.tags, layout.period, layout.picture)
        )
        seen = _unit((picture @ self.axes - self.centre) * picture.any(axis=1, keepdims=True))
        weighed = [s * p for s, p in zip(SHARES, (text, tags, period, seen), strict=True)]
        return np.concatenate(weighed, axis=1)

    def vectors(self, inputs: Floats, layout: Layout) -> Floats:
        """float32 [n, dimension] of norm 1."""
        return _unit(self.parts(inputs, layout) @ self.projection)


def fit_concatenation(inputs: Floats, layout: Layout, dimension: int) -> Concatenation:
    """Principal axes of the inputs that are learned from."""
    pictures = inputs[:, slice(*layout.picture)]
    pictures = pictures[pictures.any(axis=1)]
    axes = np.zeros((layout.picture[1] - layout.picture[0], 0), np.float32)
    centre = np.zeros(0, np.float32)
    if len(pictures):
        mean = pictures.mean(axis=0)
        axes = _axes(pictures - mean, PICTURE_AXES)
        centre = mean @ axes
    start = Concatenation(axes, centre, np.empty((0, 0), np.float32))
    parts = start.parts(inputs, layout)
    found = _axes(parts, dimension)
    projection = np.zeros((parts.shape[1], dimension), np.float32)
    projection[:, : found.shape[1]] = found
    return Concatenation(axes, centre, projection)


def _axes(rows: Floats, most: int) -> Floats:
    _, vectors = np.linalg.eigh(rows.T.astype(np.float64) @ rows)
    return np.asarray(vectors[:, ::-1][:, :most], np.float32)


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
