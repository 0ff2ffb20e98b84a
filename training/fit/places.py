"""Heads that look at each place of a photograph and listen to the strongest more than to others.

What is small in a large scene is averaged away by the mean over places (``classifiers.pooling``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.heads import log_odds
from classifiers.pixels import to_square
from classifiers.pooling import log_mean_exp, places
from training.data.clean import read_each
from training.data.targets import Targets
from training.errors import TrainingError
from training.fit.arrays import write_array
from training.fit.embed import BATCH, Embedded
from training.fit.frozen import Frozen
from training.fit.probe import PENALTY, Back, Doubles, Means, binary, scaled

Floats = NDArray[np.float32]

FILES = "places-"  # what the files of feature maps in the cache are called
# From heads that see the mean it is a short way.
STEPS = 60


@dataclass(frozen=True)
class Places:
    """Photographs by their places float32 [n, places, dimension], the mean of which has norm 1.

    Labels are independent of each other, scenes too.
    """

    features: Floats
    sharpness: float

    def take(self, rows: NDArray[np.intp]) -> Places:
        """Some of the photographs, in memory."""
        return Places(np.asarray(self.features[rows]), self.sharpness)

    def outputs(self, kernel: Floats) -> tuple[Floats, Back]:
        """As ``training.fit.probe.Seen``."""
        flat = self.features.reshape(-1, self.features.shape[-1])
        local = (flat @ kernel).reshape(*self.features.shape[:2], -1)
        pooled, shares = log_mean_exp(local, self.sharpness)

        def back(small: Floats) -> Floats:
            return np.asarray(flat.T @ (shares * small[:, None]).reshape(len(flat), -1))

        return pooled, lambda slope: scaled(back, slope)

    def fit(self, targets: Targets) -> tuple[Floats, Floats]:
        """Kernel [dimension, labels + 1] and bias [labels + 1], the last column zero."""
        zero = np.zeros((self.features.shape[-1] + 1, len(targets.names)))
        mean = Means(self.features.mean(axis=1))
        start = binary(mean, *_known(targets), zero, PENALTY)
        return _heads(binary(self, *_known(targets), start, PENALTY, zero, STEPS))

    def adapt(
        self, targets: Targets, kernel: Floats, bias: Floats, penalty: float
    ) -> tuple[Floats, Floats]:
        """Fits heads to more photographs. The penalty is on their distance from the heads given."""
        start = np.vstack([kernel, bias])[:, :-1].astype(np.float64)
        return _heads(binary(self, *_known(targets), start, penalty, steps=STEPS))

    def odds(self, kernel: Floats, bias: Floats, scenes: tuple[bool, ...]) -> Floats:
        """Log-odds [n, labels]."""
        return log_odds(self.outputs(kernel)[0] + bias, scenes)


def look_at_places(found: Embedded, network: Frozen) -> Floats:
    """The places of photographs, float32 [n, places, dimension], in a file of the cache.

    They take places times dimension times four bytes of the disk each: 184 kB for InceptionV3
    through ``mixed8`` at 256 pixels.
    """
    key = hashlib.sha256(" ".join(found.digests).encode()).hexdigest()[:16]
    path = network.folder / f"{FILES}{key}.npy"
    if not path.is_file():
        write_array(path, len(found.photos), _pieces(found, network))
    return np.load(path, mmap_mode="r")  # type: ignore[no-any-return]  # numpy says Any


def _pieces(found: Embedded, network: Frozen) -> Iterator[Floats]:
    look = network.feature_maps()
    waiting: list[NDArray[np.uint8]] = []
    for photo, read in read_each(found.photos, network.size):
        if read.image is None:
            raise TrainingError(f"{photo.path} could be read before and cannot now: start again.")
        waiting.append(to_square(read.image, network.size))
        if len(waiting) == BATCH:
            yield places(look(np.stack(waiting)))
            waiting.clear()
    if waiting:
        yield places(look(np.stack(waiting)))


def _known(targets: Targets) -> tuple[Doubles, Doubles]:
    """The truth, 0 where it is unknown, and weights that are 0 there: float64 [n, labels]."""
    truth = targets.truth.astype(np.float64)
    weights = ~np.isnan(truth) * targets.weights.astype(np.float64)[:, None]
    return np.nan_to_num(truth), weights


def _heads(found: Doubles) -> tuple[Floats, Floats]:
    whole = np.pad(found, ((0, 0), (0, 1))).astype(np.float32)
    return whole[:-1], whole[-1]
