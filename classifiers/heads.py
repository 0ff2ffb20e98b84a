"""The linear heads on the embedding: objects independent of each other, scenes exclusive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.calibration import Calibration

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Heads:
    """All heads as one matrix.

    ``kernel`` is float32 [dimension, labels + 1] and ``bias`` float32 [labels + 1]; the last
    column is the scene "none" (zeros where there are no scenes). ``scenes`` and ``calibrations``
    have one entry a label: whether it is a scene, and how its log-odds become scores.
    """

    kernel: Floats
    bias: Floats
    scenes: tuple[bool, ...]
    calibrations: tuple[Calibration, ...]

    def checked(self, dimension: int) -> Heads:
        """Returns these heads. Raises ValueError for a wrong shape or a number not finite."""
        columns = len(self.scenes) + 1
        if self.kernel.shape != (dimension, columns) or self.bias.shape != (columns,):
            raise ValueError(f"shapes {self.kernel.shape} and {self.bias.shape}")
        if not (np.isfinite(self.kernel).all() and np.isfinite(self.bias).all()):
            raise ValueError("numbers that are not finite")
        return self

    def logits(self, embeddings: Floats) -> Floats:
        """Log-odds [n, labels] of embeddings [n, dimension], before calibration."""
        raw = embeddings @ self.kernel + self.bias
        return log_odds(raw, self.scenes)

    def scores(self, embeddings: Floats) -> Floats:
        """Calibrated probabilities [n, labels]."""
        return self.calibrated(self.logits(embeddings))

    def calibrated(self, logits: Floats) -> Floats:
        """Probabilities [n, labels] from log-odds [n, labels]."""
        columns = [way.score(logits[:, i]) for i, way in enumerate(self.calibrations)]
        return np.stack(columns, axis=1)

    def direction(self, index: int) -> Floats:
        """The direction [dimension] of the embedding along which a label's log-odds grow.

        For a scene this is seen against the mean of the scenes it competes with.
        """
        column: Floats = self.kernel[:, index]
        if not self.scenes[index]:
            return column
        others = [i for i, scene in enumerate((*self.scenes, True)) if scene and i != index]
        return np.asarray(column - self.kernel[:, others].mean(axis=1), np.float32)


def log_odds(raw: Floats, scenes: tuple[bool, ...]) -> Floats:
    """Log-odds [n, labels] from head outputs [n, labels + 1].

    Objects are log-odds already. A scene's softmax probability p has the log-odds
    ``z - logsumexp(the other scenes and none)``.
    """
    odds = raw[:, :-1].astype(np.float32).copy()
    members = [index for index, scene in enumerate(scenes) if scene]
    if not members:
        return odds
    exclusive = np.concatenate([raw[:, members], raw[:, -1:]], axis=1)
    for place, index in enumerate(members):
        rest = np.delete(exclusive, place, axis=1)
        top = rest.max(axis=1)
        total = top + np.log(np.exp(rest - top[:, None]).sum(axis=1))
        odds[:, index] = exclusive[:, place] - total
    return odds
