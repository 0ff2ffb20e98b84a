"""Regressions on a logarithm: by what is known of a video, and by its thumbnail's embedding."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from sklearn.decomposition import PCA
from sklearn.linear_model import HuberRegressor, LinearRegression, Ridge
from sklearn.model_selection import GroupKFold

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Loss = Literal["squared", "Huber"]

LOSSES: tuple[Loss, ...] = ("squared", "Huber")
COMPONENTS = 128  # of the embedding: with few hundred videos, no more can be told apart
RIDGES = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 1000.0)
INNER = 5
STEPS = 1000


@dataclass(frozen=True)
class Linear:
    """``weights`` float64 [k] and ``bias``: their sum with a row is the prediction."""

    weights: Doubles
    bias: float

    def predict(self, rows: Floats | Doubles) -> Doubles:
        """float64 [n] of rows [n, k]."""
        return np.asarray(rows @ self.weights + self.bias, np.float64)


def by_context(context: Doubles, counted: Doubles, loss: Loss) -> Linear:
    """What age and size alone say: no ridge, as there are one or two of them."""
    if loss == "squared":
        model = LinearRegression().fit(context, counted)
    else:
        model = HuberRegressor(alpha=0.0, max_iter=STEPS).fit(context, counted)
    return Linear(np.asarray(model.coef_, np.float64), float(model.intercept_))


@dataclass(frozen=True)
class Pictures:
    """Embeddings on their principal components, float64 [n, components], and the way back.

    The components are those of all thumbnails: they know nothing of views.
    """

    rows: Doubles
    axes: Doubles
    mean: Doubles

    @classmethod
    def of(cls, embeddings: Floats) -> Pictures:
        """Of at least two embeddings [n, dimension]."""
        count, dimension = embeddings.shape
        found = PCA(min(COMPONENTS, count - 1, dimension), svd_solver="full")
        rows = found.fit_transform(embeddings.astype(np.float64))
        return cls(rows, found.components_, found.mean_)

    def on_embeddings(self, model: Linear) -> Linear:
        """A model of the components as one of the embeddings."""
        weights = model.weights @ self.axes
        return Linear(weights, float(model.bias - self.mean @ weights))


def by_picture(rows: Doubles, values: Doubles, channel: NDArray[np.int64], loss: Loss) -> Linear:
    """A ridge regression on the components.

    The ridge is the one with which channels are predicted best that it was not fitted to; it may be
    so strong that nothing is left of the picture. Huber's loss has the same.
    """
    ridge = _best_ridge(rows, values, channel)
    model: Any = Ridge(alpha=ridge).fit(rows, values)
    if loss == "Huber":
        model = HuberRegressor(alpha=ridge, max_iter=STEPS).fit(rows, values)
    return Linear(np.asarray(model.coef_, np.float64), float(model.intercept_))


def _best_ridge(rows: Doubles, values: Doubles, channel: NDArray[np.int64]) -> float:
    """All strengths in one fit a fold: each has a copy of the values of its own."""
    folds = GroupKFold(min(INNER, len(np.unique(channel))))
    wrong = np.zeros(len(RIDGES))
    for fit, held in folds.split(rows, groups=channel):
        copies = np.repeat(values[fit, None], len(RIDGES), axis=1)
        model = Ridge(alpha=np.array(RIDGES)).fit(rows[fit], copies)
        wrong += ((model.predict(rows[held]) - values[held, None]) ** 2).sum(axis=0)
    return RIDGES[int(wrong.argmin())]
