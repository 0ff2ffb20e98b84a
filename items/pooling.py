"""Several pictures of an item as one: their mean, or a mean weighed by attention."""

from __future__ import annotations

import numpy as np

from items.item import Floats


def pooled(pictures: Floats, query: Floats | None) -> Floats:
    """float32 [d] of embeddings [n, d].

    Args:
        pictures: at least one.
        query: float32 [d], learned; None: all pictures count alike. With it each counts by the
            softmax of its inner product with the query (Ilse, Tomczak and Welling, "Attention-based
            deep multiple instance learning", ICML 2018, without the hidden layer).
    """
    if query is None:
        return np.asarray(np.mean(pictures, axis=0), np.float32)
    told = pictures @ query
    weights = np.exp(told - told.max())
    return np.asarray(weights @ pictures / weights.sum(), np.float32)
