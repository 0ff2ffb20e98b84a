"""Linear heads on embeddings that stay as they are: seconds instead of minutes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.data.targets import Targets

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

# The embedding has norm 1, so that useful weights are large and the penalty on them small.
PENALTY = 5e-6
STEPS = 300


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
    """Heads fitted to more photographs, held near the heads they were: distance is penalised."""
    scale = targets.weights.astype(np.float64)
    x = embeddings.astype(np.float64)
    kernel, bias = kernel.astype(np.float64), bias.astype(np.float64)
    for column, scene in enumerate(targets.scenes):
        if not scene:
            truth = targets.truth[:, column].astype(np.float64)
            known = ~np.isnan(truth)
            start = np.append(kernel[:, column], bias[column])
            found = _binary(x[known], truth[known], scale[known], start, penalty)
            kernel[:, column], bias[column] = found[:-1], found[-1]
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    if members:
        place = [*members, len(bias) - 1]
        start = np.vstack([kernel[:, place], bias[place]])
        found = _softmax(x, scene_shares(targets), scale, start, penalty)
        kernel[:, place], bias[place] = found[:-1], found[-1]
    return kernel.astype(np.float32), bias.astype(np.float32)


def balanced(embeddings: Floats, targets: Targets) -> tuple[Floats, Floats]:
    """Kernel [dimension, labels] and bias [labels] of a logistic regression a label, scenes too.

    Photographs that show the label weigh as much together as those that do not.
    """
    x = embeddings.astype(np.float64)
    kernel = np.zeros((x.shape[1], len(targets.names)), np.float32)
    bias = np.zeros(len(targets.names), np.float32)
    for column in range(len(targets.names)):
        truth = targets.truth[:, column].astype(np.float64)
        known = ~np.isnan(truth)
        shown = max(float(np.nanmean(truth)), 1e-6)
        weights = np.where(truth[known] > 0, 0.5 / shown, 0.5 / max(1 - shown, 1e-6))
        found = _binary(x[known], truth[known], weights, np.zeros(x.shape[1] + 1), PENALTY)
        kernel[:, column], bias[column] = found[:-1], found[-1]
    return kernel, bias


def scene_shares(targets: Targets) -> Doubles:
    """float64 [n, scenes + 1]: a photograph's scenes share 1; without any it is all "none"."""
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    shown = np.nan_to_num(targets.truth[:, members].astype(np.float64))
    none = (shown.sum(axis=1, keepdims=True) == 0).astype(np.float64)
    together = np.concatenate([shown, none], axis=1)
    shares: Doubles = together / together.sum(axis=1, keepdims=True)
    return shares


def _binary(
    x: Doubles, truth: Doubles, weights: Doubles, start: Doubles, penalty: float
) -> Doubles:
    total = weights.sum()

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        z = x @ flat[:-1] + flat[-1]
        away = flat[:-1] - start[:-1]
        value = (weights * (np.logaddexp(0, z) - truth * z)).sum() / total
        slope = weights * (0.5 * (1 + np.tanh(z / 2)) - truth) / total
        gradient = np.append(x.T @ slope + 2 * penalty * away, slope.sum())
        return value + penalty * away @ away, gradient

    return _least(loss, start)


def _softmax(
    x: Doubles, shares: Doubles, weights: Doubles, start: Doubles, penalty: float
) -> Doubles:
    total = weights.sum()

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        both = flat.reshape(start.shape)
        away = both[:-1] - start[:-1]
        z = x @ both[:-1] + both[-1]
        z -= z.max(axis=1, keepdims=True)
        chances = np.exp(z)
        norm = chances.sum(axis=1, keepdims=True)
        value = (weights * (np.log(norm[:, 0]) - (shares * z).sum(axis=1))).sum() / total
        slope = weights[:, None] * (chances / norm - shares) / total
        gradient = np.vstack([x.T @ slope + 2 * penalty * away, slope.sum(axis=0)])
        return value + penalty * float((away**2).sum()), gradient.ravel()

    return _least(loss, start.ravel()).reshape(start.shape)


def _least(loss: Callable[[Doubles], tuple[float, Doubles]], start: Doubles) -> Doubles:
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return np.asarray(found, np.float64)
