"""The linear heads on feature maps: labels independent of each other, or scenes exclusive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.calibration import LARGEST, Calibration
from classifiers.pooling import embed, log_mean_exp, places

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Heads:
    """All heads as one matrix.

    ``kernel`` is float32 [dimension, labels + 1] and ``bias`` float32 [labels + 1]; the last
    column is the scene "none" (zeros where none is exclusive). The others have one entry a label:
    whether it is a scene that excludes other such scenes, how its log-odds become scores, and how
    much more its strongest places count than all others (``log_mean_exp``; 0: all count alike).
    """

    kernel: Floats
    bias: Floats
    exclusive: tuple[bool, ...]
    calibrations: tuple[Calibration, ...]
    sharpness: tuple[float, ...]

    def checked(self, dimension: int) -> Heads:
        """Returns these heads. Raises ValueError for another shape or type, or for numbers of which
        come some that float32 cannot hold."""
        columns = len(self.exclusive) + 1
        if self.kernel.shape != (dimension, columns) or self.bias.shape != (columns,):
            raise ValueError(f"shapes {self.kernel.shape} and {self.bias.shape}")
        if self.kernel.dtype != np.float32 or self.bias.dtype != np.float32:
            raise ValueError(f"numbers of the types {self.kernel.dtype} and {self.bias.dtype}")
        if not (np.isfinite(self.kernel).all() and np.isfinite(self.bias).all()):
            raise ValueError("numbers that are not finite")
        if max(np.abs(self.kernel).max(), np.abs(self.bias).max()) > LARGEST:
            raise ValueError(f"numbers greater than {LARGEST:g}")
        return self

    def logits(self, features: Floats) -> Floats:
        """Log-odds [n, labels] of feature maps [n, h, w, dimension], before calibration."""
        raw = embed(features) @ self.kernel + self.bias
        sharp = [column for column, one in enumerate(self.sharpness) if one]
        if sharp:
            outputs = places(features) @ self.kernel[:, sharp]
            wanted = np.array([self.sharpness[column] for column in sharp], np.float32)
            raw[:, sharp] = log_mean_exp(outputs, wanted)[0] + self.bias[sharp]
        return log_odds(raw, self.exclusive)

    def scores(self, features: Floats) -> Floats:
        """Calibrated probabilities [n, labels]."""
        return self.calibrated(self.logits(features))

    def calibrated(self, logits: Floats) -> Floats:
        """Probabilities [n, labels] from log-odds [n, labels]."""
        columns = [way.score(logits[:, i]) for i, way in enumerate(self.calibrations)]
        return np.stack(columns, axis=1)

    def direction(self, index: int) -> Floats:
        """The direction [dimension] of a place along which a label's log-odds grow.

        For an exclusive scene this is seen against the mean of those it competes with.
        """
        column: Floats = self.kernel[:, index]
        if not self.exclusive[index]:
            return column
        others = [i for i, one in enumerate((*self.exclusive, True)) if one and i != index]
        return np.asarray(column - self.kernel[:, others].mean(axis=1), np.float32)


def log_odds(raw: Floats, exclusive: tuple[bool, ...]) -> Floats:
    """Log-odds [n, labels] from head outputs [n, labels + 1].

    Most are log-odds already. An exclusive scene's softmax probability p has the log-odds
    ``z - logsumexp(the other exclusive scenes and none)``.
    """
    odds = raw[:, :-1].astype(np.float32).copy()
    members = [index for index, one in enumerate(exclusive) if one]
    if not members:
        return odds
    rivals = np.concatenate([raw[:, members], raw[:, -1:]], axis=1)
    for place, index in enumerate(members):
        rest = np.delete(rivals, place, axis=1)
        top = rest.max(axis=1)
        total = top + np.log(np.exp(rest - top[:, None]).sum(axis=1))
        odds[:, index] = rivals[:, place] - total
    return odds
