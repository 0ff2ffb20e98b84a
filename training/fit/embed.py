"""Embeddings of photographs. Each is computed once and then read from the cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifiers.pixels import to_square
from training.data.clean import CleanPhotos, read_each
from training.data.photo import Photo
from training.fit.cache import Embeddings
from training.fit.frozen import Frozen

Floats = NDArray[np.float32]

BATCH = 32
# Embeddings between two writes of the cache: what a run that is stopped loses at most.
SAVED_EVERY = 512


@dataclass(frozen=True)
class Embedded:
    """Photographs with their SHA-256 and embeddings float32 [n, dimension].

    ``left_out`` and ``fingerprint`` are those of ``training.data.clean.Photos``.
    """

    photos: tuple[Photo, ...]
    digests: tuple[str, ...]
    embeddings: Floats
    left_out: tuple[str, ...]
    fingerprint: str


def embed_photos(photos: Sequence[Photo], network: Frozen) -> Embedded:
    """Embeds photographs, computing those that the cache lacks; unreadable ones are left out."""
    cache = Embeddings(network.folder)
    kept = CleanPhotos()
    waiting: list[tuple[str, NDArray[np.uint8]]] = []
    look = None
    fresh = 0
    for photo, read in read_each(photos, network.size, known=cache):
        if not kept.take(photo, read) or read.image is None:
            continue
        waiting.append((read.digest, to_square(read.image, network.size)))
        if len(waiting) == BATCH:
            look = look or network.embedder()
            cache.add([digest for digest, _ in waiting], look(np.stack([p for _, p in waiting])))
            waiting.clear()
            fresh += BATCH
            if fresh % SAVED_EVERY == 0:
                cache.save()
    if waiting:
        look = look or network.embedder()
        cache.add([digest for digest, _ in waiting], look(np.stack([p for _, p in waiting])))
    if fresh or waiting:
        cache.save()
    digests = list(kept.photos)
    embeddings = (
        cache.take(digests) if digests else np.empty((0, network.backbone.dimension), np.float32)
    )
    return Embedded(
        tuple(kept.photos.values()),
        tuple(digests),
        embeddings,
        tuple(kept.left_out),
        kept.fingerprint(),
    )
