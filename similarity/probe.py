"""A linear probe: a few examples for something and against it, told apart by their embeddings.

Logistic regression with a ridge. Both sides weigh the same, however many they are.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from similarity.duplicates import Floats

RIDGE = 0.05
STEPS = 1000  # at most
FOLDS = 5
TRUE_AT, FALSE_AT = 0.7, 0.3
CLIPPED = 30.0  # log odds: beyond, a probability is 0 or 1 to all digits that count

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Probe:
    """``weights``, float32 [dimension], and ``bias``: their sum with an embedding is log odds."""

    weights: Floats
    bias: float

    def scores(self, embeddings: Floats) -> Floats:
        """How likely each shows it, in 0..1; float32 [n]."""
        odds = np.clip(embeddings @ self.weights + self.bias, -CLIPPED, CLIPPED)
        found: Floats = (1 / (1 + np.exp(-odds))).astype(np.float32)
        return found


def fit(embeddings: Floats, positive: Bools) -> Probe:
    """A probe that tells positive examples from the others.

    Args:
        embeddings: L2-normalised, [n, dimension].
        positive: bool [n]; some are, and some are not.

    Raises:
        ValueError: all examples are of one side.
    """
    if positive.all() or not positive.any():
        raise ValueError("A probe needs examples of both sides.")
    # Loaded here, as screening needs the probe's answers only: a second, and tens of megabytes.
    from sklearn.linear_model import LogisticRegression

    # The bias is one more feature, so that the ridge keeps it small, too.
    wide = np.hstack([embeddings, np.ones((len(embeddings), 1))]).astype(np.float64)
    model = LogisticRegression(
        C=1 / RIDGE, class_weight="balanced", fit_intercept=False, max_iter=STEPS
    ).fit(wide, positive)
    weights = model.coef_[0].astype(np.float32)
    return Probe(weights[:-1], float(weights[-1]))


def held_back(embeddings: Floats, positive: Bools, authors: Sequence[Hashable]) -> Floats:
    """The score of each example by a probe that saw neither it nor its author's others.

    Returns:
        float32 [n]; NaN where without them one side has no example left.
    """
    numbers = {author: at for at, author in enumerate(dict.fromkeys(authors))}
    fold = np.array([numbers[author] % FOLDS for author in authors])
    found = np.full(len(positive), np.nan, np.float32)
    for which in range(FOLDS):
        seen = fold != which
        if not seen.all() and positive[seen].any() and not positive[seen].all():
            found[~seen] = fit(embeddings[seen], positive[seen]).scores(embeddings[~seen])
    return found


def says(score: float) -> bool | None:
    """What a score says: True from ``TRUE_AT``, False up to ``FALSE_AT``, None in between."""
    if score >= TRUE_AT:
        return True
    return False if score <= FALSE_AT else None
