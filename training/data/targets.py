"""The labels of photographs as a matrix, with NaN where nothing is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.data.labels import Meanings
from training.data.photo import Photo

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Targets:
    """``truth`` is float32 [n, labels]: 1 shown, 0 not shown, NaN unknown.

    ``names`` and ``scenes`` have one entry a label, ``weights`` (float32, mean 1) one a photograph.
    """

    names: tuple[str, ...]
    scenes: tuple[bool, ...]
    truth: Floats
    weights: Floats

    def take(self, index: NDArray[np.intp]) -> Targets:
        """The targets of some of the photographs."""
        return Targets(self.names, self.scenes, self.truth[index], self.weights[index])


def make_targets(photos: Sequence[Photo], names: Sequence[str], meanings: Meanings) -> Targets:
    """Targets of photographs; a label is unknown where the photograph's table or the label's
    meaning says so. A table's word on a label overrides the meaning."""
    truth = np.zeros((len(photos), len(names)), np.float32)
    for row, photo in enumerate(photos):
        for column, name in enumerate(names):
            truth[row, column] = _truth(photo, name, meanings)
    scenes = tuple(meanings.of(name).group == "scene" for name in names)
    return Targets(tuple(names), scenes, truth, _source_weights(photos))


def _truth(photo: Photo, name: str, meanings: Meanings) -> float:
    if photo.absent & {name, *meanings.ancestors(name)}:
        return 0.0
    if name in photo.unknown:
        return np.nan
    if name in photo.labels and photo.absent:
        return 1.0  # a table that says what is absent looked for each label
    if photo.labels & set(meanings.of(name).unknown_when):
        return np.nan
    return float(name in photo.labels)


def _source_weights(photos: Sequence[Photo]) -> Floats:
    """A source counts by the square root of its size: big ones teach more, but not alone."""
    sizes = Counter(photo.source for photo in photos)
    weights = np.array([sizes[photo.source] ** -0.5 for photo in photos], np.float32)
    return weights / weights.mean() if len(weights) else weights
