"""Linear heads on the embeddings of a network that is not trained. Fitting takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from classifiers.heads import log_odds
from training.data.targets import Targets

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# The embedding has norm 1, so that useful weights are large and the penalty on them small.
PENALTY = 5e-6
STEPS = 300

# From the loss's derivative by each output float64 [n, columns] to that by each weight.
Back = Callable[[Doubles], Doubles]


class Seen(Protocol):
    """Photographs as heads see them."""

    def outputs(self, kernel: Floats) -> tuple[Floats, Back]:
        """Outputs [n, columns] of heads without bias, and how their derivatives go back."""


class Photographs(Protocol):
    """Photographs that heads can be fitted to."""

    def take(self, rows: NDArray[np.intp]) -> Photographs:
        """Some of them."""

    def fit(self, targets: Targets) -> tuple[Floats, Floats]:
        """Kernel [dimension, labels + 1] and bias [labels + 1]."""

    def adapt(
        self, targets: Targets, kernel: Floats, bias: Floats, penalty: float
    ) -> tuple[Floats, Floats]:
        """Fits heads to more photographs. The penalty is on their distance from the heads given."""

    def odds(self, kernel: Floats, bias: Floats, scenes: tuple[bool, ...]) -> Floats:
        """Log-odds [n, labels]."""


class Means:
    """Photographs by their embeddings float32 [n, dimension] of norm 1: all places count alike."""

    def __init__(self, embeddings: Floats) -> None:
        self._x = np.ascontiguousarray(embeddings, np.float32)

    def outputs(self, kernel: Floats) -> tuple[Floats, Back]:
        """As ``Seen.outputs``."""
        return self._x @ kernel, lambda slope: scaled(lambda small: self._x.T @ small, slope)

    def take(self, rows: NDArray[np.intp]) -> Means:
        """Some of the photographs."""
        return Means(self._x[rows])

    def fit(self, targets: Targets) -> tuple[Floats, Floats]:
        """As ``fit_heads``."""
        return fit_heads(self._x, targets)

    def adapt(
        self, targets: Targets, kernel: Floats, bias: Floats, penalty: float
    ) -> tuple[Floats, Floats]:
        """As ``adapt_heads``."""
        return adapt_heads(self._x, targets, kernel, bias, penalty)

    def odds(self, kernel: Floats, bias: Floats, scenes: tuple[bool, ...]) -> Floats:
        """Log-odds [n, labels]."""
        return log_odds(self._x @ kernel + bias, scenes)


def fit_heads(embeddings: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """Kernel [dimension, labels + 1] and bias [labels + 1] of L2-penalised logistic regressions.

    Objects are independent of each other, scenes a softmax with "none" as the last column. What is
    unknown is left out of the loss. Embeddings are float32 [n, dimension] of norm 1.
    """
    columns = len(targets.names) + 1
    kernel = np.zeros((embeddings.shape[1], columns), np.float32)
    return adapt_heads(embeddings, targets, kernel, np.zeros(columns, np.float32), PENALTY)


def adapt_heads(
    embeddings: Floats, targets: Targets, kernel: Floats, bias: Floats, penalty: float
) -> tuple[Floats, Floats]:
    """Fits heads to more photographs. The penalty is on their distance from the heads given."""
    x = np.ascontiguousarray(embeddings, np.float32)
    kernel, bias = kernel.copy(), bias.copy()
    objects = [column for column, scene in enumerate(targets.scenes) if not scene]
    if objects:
        start = np.vstack([kernel[:, objects], bias[objects]]).astype(np.float64)
        truth = targets.truth[:, objects].astype(np.float64)
        known = ~np.isnan(truth)
        weights = known * targets.weights.astype(np.float64)[:, None]
        found = binary(Means(x), np.nan_to_num(truth), weights, start, penalty)
        kernel[:, objects], bias[objects] = found[:-1], found[-1]
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    if members:
        place = [*members, len(bias) - 1]
        start = np.vstack([kernel[:, place], bias[place]]).astype(np.float64)
        weights = targets.weights.astype(np.float64)
        found = _softmax(Means(x), scene_choices(targets), weights, start, penalty)
        kernel[:, place], bias[place] = found[:-1], found[-1]
    return kernel, bias


def balanced(embeddings: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """Kernel [dimension, labels] and bias [labels] of a logistic regression a label, scenes too.

    Photographs that show the label weigh as much together as those that do not.
    """
    truth = targets.truth.astype(np.float64)
    known = ~np.isnan(truth)
    shown = np.nan_to_num(truth).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    shown = np.clip(shown, 1e-6, 1 - 1e-6)
    weights = known * np.where(truth > 0, 0.5 / shown, 0.5 / (1 - shown))
    start = np.zeros((embeddings.shape[1] + 1, len(targets.names)))
    x = np.ascontiguousarray(embeddings, np.float32)
    found = binary(Means(x), np.nan_to_num(truth), weights, start, PENALTY).astype(np.float32)
    return found[:-1], found[-1]


def scene_choices(targets: Targets) -> Doubles:
    """float64 [n, scenes + 1]: 1 for each scene that a photograph may be, the last being "none".

    A photograph that shows scenes may be these. One that shows none may be "none", or any scene of
    which nothing is known.
    """
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    truth = targets.truth[:, members].astype(np.float64)
    shown = np.nan_to_num(truth) > 0
    some = shown.any(axis=1, keepdims=True)
    may_be = np.where(some, shown, np.isnan(truth))
    return np.concatenate([may_be, ~some], axis=1).astype(np.float64)


def binary(
    seen: Seen,
    truth: Doubles,
    weights: Doubles,
    start: Doubles,
    penalty: float,
    anchor: Doubles | None = None,
    steps: int = STEPS,
) -> Doubles:
    """Independent logistic regressions, all columns at once; ``start`` is [dimension + 1, columns].

    ``weights`` [n, columns] is 0 where nothing is known. The penalty is on the distance from
    ``anchor`` (None: from the start).
    """
    total = np.maximum(weights.sum(axis=0), 1e-12)
    near = (start if anchor is None else anchor)[:-1]

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        both = flat.reshape(start.shape)
        away = both[:-1] - near
        outputs, back = seen.outputs(both[:-1].astype(np.float32))
        z = outputs + both[-1]
        value = (weights * (np.logaddexp(0, z) - truth * z) / total).sum()
        slope = weights * (0.5 * (1 + np.tanh(z / 2)) - truth) / total
        gradient = np.vstack([back(slope) + 2 * penalty * away, slope.sum(axis=0)])
        return float(value + penalty * (away**2).sum()), gradient.ravel()

    return _least(loss, start.ravel(), steps).reshape(start.shape)


def _softmax(
    seen: Seen, choices: Doubles, weights: Doubles, start: Doubles, penalty: float
) -> Doubles:
    """One softmax. The loss takes the summed probability of all that a photograph may be."""
    total = weights.sum()

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        both = flat.reshape(start.shape)
        away = both[:-1] - start[:-1]
        outputs, back = seen.outputs(both[:-1].astype(np.float32))
        z = (outputs + both[-1]).astype(np.float64)
        z -= z.max(axis=1, keepdims=True)
        chances = np.exp(z)
        allowed = np.maximum(chances * choices, 1e-300)
        norm, right = chances.sum(axis=1, keepdims=True), allowed.sum(axis=1, keepdims=True)
        value = (weights * (np.log(norm) - np.log(right))[:, 0]).sum() / total
        slope = weights[:, None] * (chances / norm - allowed * choices / right) / total
        gradient = np.vstack([back(slope) + 2 * penalty * away, slope.sum(axis=0)])
        return value + penalty * float((away**2).sum()), gradient.ravel()

    return _least(loss, start.ravel()).reshape(start.shape)


def scaled(back: Callable[[Floats], Floats], slope: Doubles) -> Doubles:
    """``back`` of a slope in float32, scaled so that small slopes keep their digits."""
    scale = float(np.abs(slope).max()) or 1.0
    return np.asarray(back((slope / scale).astype(np.float32)), np.float64) * scale


def _least(
    loss: Callable[[Doubles], tuple[float, Doubles]], start: Doubles, steps: int = STEPS
) -> Doubles:
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": steps}).x
    return np.asarray(found, np.float64)
