"""The query by which an item's pictures are weighed, learned before everything else."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from training.items.losses import info_nce

Floats = NDArray[np.float32]

EPOCHS = 60
BATCH = 512
RATE = 0.05
TEMPERATURE = 0.1


def fit_query(pictures: Sequence[Floats | None], strength: Floats, seed: int = 0) -> Floats:
    """float32 [d]. It begins at zero, which is the mean, and is fitted so that the pooled pictures
    of films that are liked by the same people are close (supervised contrastive loss).

    Args:
        pictures: embeddings [n, d] of each film's pictures; None: it has none.
        strength: who is similar to whom, [films, films].
        seed: of the order of films.
    """
    import keras
    import tensorflow as tf

    rows = np.array([row for row, one in enumerate(pictures) if one is not None])
    most = max(len(one) for one in pictures if one is not None)
    seen = np.stack([_padded(one, most) for one in pictures if one is not None])
    missing = np.where(seen.any(axis=2), 0.0, -1e9).astype(np.float32)
    query = tf.Variable(np.zeros(seen.shape[2], np.float32))
    optimiser = keras.optimizers.Adam(RATE)
    random = np.random.default_rng(seed)
    for _ in range(EPOCHS):
        order = random.permutation(len(rows))
        for part in np.array_split(order, max(1, round(len(order) / BATCH))):
            near = strength[np.ix_(rows[part], rows[part])]
            with tf.GradientTape() as tape:
                told = tf.einsum("npd,d->np", seen[part], query) + missing[part]
                one = tf.einsum("np,npd->nd", tf.nn.softmax(told), seen[part])
                lost = info_nce(tf.math.l2_normalize(one, axis=1), near, TEMPERATURE)
            optimiser.apply_gradients([(tape.gradient(lost, query), query)])
    return np.asarray(query.numpy(), np.float32)


def _padded(pictures: Floats, most: int) -> Floats:
    return np.pad(pictures, ((0, most - len(pictures)), (0, 0)))
