"""How often the nearest films are similar ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AT = (1, 10, 20)
DRAWS = 1000

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Recall:
    """One row a query that has a similar film: what was found among its k nearest.

    ``hit`` is the thesis's recall@k (as in cross-modal retrieval): 1 if at least one of the k
    nearest is similar. ``share`` is the field's recall@k: similar films among the k nearest over
    all similar films. ``precision`` is the mean average precision. Each float [queries, 3] for
    k = 1, 10, 20, but ``precision`` [queries].
    """

    hit: Floats
    share: Floats
    precision: Floats

    def summary(self) -> dict[str, list[float]]:
        """Means, in per cent."""
        return {
            "recall": (100 * self.hit.mean(axis=0)).tolist(),
            "recall_field": (100 * self.share.mean(axis=0)).tolist(),
            "map": [float(100 * self.precision.mean())],
        }

    def intervals(self, seed: int = 0) -> dict[str, list[tuple[float, float]]]:
        """95 % bootstrap intervals over queries, in per cent."""
        random = np.random.default_rng(seed)
        draws = random.integers(0, len(self.hit), (DRAWS, len(self.hit)))
        return {
            "recall": _interval(self.hit, draws),
            "recall_field": _interval(self.share, draws),
            "map": _interval(self.precision[:, None], draws),
        }


def recall(
    queries: Floats, vectors: Floats, related: NDArray[np.bool_], at: tuple[int, ...] = AT
) -> Recall:
    """Each film is asked for with its row of ``queries`` among all other rows of ``vectors``.

    Both are float32 [n, d]; the nearest have the highest cosine. ``related`` is bool [n, n].
    Raises ValueError where no film has a similar one.
    """
    if not related.any():
        raise ValueError("no film has a similar one")
    cosine = _unit(queries) @ _unit(vectors).T
    np.fill_diagonal(cosine, -np.inf)
    asked = related.any(axis=1)
    order = np.argsort(-cosine[asked], axis=1, kind="stable")[:, :-1]
    good = np.take_along_axis(related[asked], order, axis=1)
    found = np.cumsum(good, axis=1)
    total = found[:, -1]
    last = [min(k, good.shape[1]) - 1 for k in at]
    ranks = np.arange(1, good.shape[1] + 1)
    return Recall(
        (found[:, last] > 0).astype(np.float32),
        (found[:, last] / total[:, None]).astype(np.float32),
        ((found / ranks * good).sum(axis=1) / total).astype(np.float32),
    )


def _interval(values: Floats, draws: NDArray[np.int64]) -> list[tuple[float, float]]:
    means = 100 * np.stack([values[draw].mean(axis=0) for draw in draws])
    low, high = np.percentile(means, [2.5, 97.5], axis=0)
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _unit(vectors: Floats) -> Floats:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)
