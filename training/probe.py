"""Linear heads on embeddings that stay as they are: seconds instead of minutes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.targets import Targets

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
    scale = targets.weights.astype(np.float64)
    x = embeddings.astype(np.float64)
    dimension, columns = x.shape[1], len(targets.names) + 1
    kernel, bias = np.zeros((dimension, columns)), np.zeros(columns)
    for column, scene in enumerate(targets.scenes):
        if not scene:
            truth = targets.truth[:, column].astype(np.float64)
            known = ~np.isnan(truth)
            kernel[:, column], bias[column] = _binary(x[known], truth[known], scale[known])
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    if members:
        place = [*members, columns - 1]
        kernel[:, place], bias[place] = _softmax(x, scene_shares(targets), scale)
    return kernel.astype(np.float32), bias.astype(np.float32)


def scene_shares(targets: Targets) -> Doubles:
    """float64 [n, scenes + 1]: a photograph's scenes share 1; without any it is all "none"."""
    members = [column for column, scene in enumerate(targets.scenes) if scene]
    shown = np.nan_to_num(targets.truth[:, members].astype(np.float64))
    none = (shown.sum(axis=1, keepdims=True) == 0).astype(np.float64)
    together = np.concatenate([shown, none], axis=1)
    shares: Doubles = together / together.sum(axis=1, keepdims=True)
    return shares


def _binary(x: Doubles, truth: Doubles, weights: Doubles) -> tuple[Doubles, float]:
    total = weights.sum()

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        z = x @ flat[:-1] + flat[-1]
        value = (weights * (np.logaddexp(0, z) - truth * z)).sum() / total
        slope = weights * (0.5 * (1 + np.tanh(z / 2)) - truth) / total
        gradient = np.append(x.T @ slope + 2 * PENALTY * flat[:-1], slope.sum())
        return value + PENALTY * flat[:-1] @ flat[:-1], gradient

    found = minimize(
        loss, np.zeros(x.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": STEPS}
    ).x
    return found[:-1], float(found[-1])


def _softmax(x: Doubles, shares: Doubles, weights: Doubles) -> tuple[Doubles, Doubles]:
    total, shape = weights.sum(), (x.shape[1], shares.shape[1])

    def loss(flat: Doubles) -> tuple[float, Doubles]:
        kernel, bias = flat[: -shape[1]].reshape(shape), flat[-shape[1] :]
        z = x @ kernel + bias
        z -= z.max(axis=1, keepdims=True)
        chances = np.exp(z)
        norm = chances.sum(axis=1, keepdims=True)
        value = (weights * (np.log(norm[:, 0]) - (shares * z).sum(axis=1))).sum() / total
        slope = weights[:, None] * (chances / norm - shares) / total
        gradient = x.T @ slope + 2 * PENALTY * kernel
        return (
            value + PENALTY * float((kernel**2).sum()),
            np.concatenate([gradient.ravel(), slope.sum(axis=0)]),
        )

    start = np.zeros(shape[0] * shape[1] + shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return found[: -shape[1]].reshape(shape), found[-shape[1] :]
