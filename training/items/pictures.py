"""Embeddings of films' posters, each computed once and then read from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifiers.pixels import to_square
from training.data.clean import read_each
from training.data.photo import Photo
from training.fit.cache import Embeddings
from training.fit.frozen import Frozen

BATCH = 32

Floats = NDArray[np.float32]


def embed_posters(paths: Sequence[Path], network: Frozen) -> list[Floats | None]:
    """One embedding [dimension] a picture, in order; None where there is none to be read."""
    cache = Embeddings(network.folder)
    digests: list[str | None] = []
    waiting: dict[str, NDArray[np.uint8]] = {}
    look = None
    photos = [Photo(path, frozenset()) for path in paths]
    for _, read in read_each(photos, network.size, known=cache):
        digests.append(None if read.trouble else read.digest)
        if read.image is not None:
            waiting[read.digest] = to_square(read.image, network.size)
        if len(waiting) == BATCH:
            look = look or network.embedder()
            cache.add(list(waiting), look(np.stack(list(waiting.values()))))
            waiting.clear()
    if waiting:
        look = look or network.embedder()
        cache.add(list(waiting), look(np.stack(list(waiting.values()))))
    if look is not None:
        cache.save()
    return [None if digest is None else cache.take([digest])[0] for digest in digests]
