"""What a classifier's network sees in posters: each embedded once and then read from the cache."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from classifiers.pixels import to_square
from training.data.clean import read_each
from training.data.photo import Photo
from training.fit.cache import Embeddings
from training.fit.frozen import Frozen

BATCH = 32
# A film has one poster: besides the whole of it, the square at either end of its longer side.
ENDS = (None, 0, 1)

Floats = NDArray[np.float32]


def embed_posters(paths: Sequence[Path], network: Frozen) -> list[Floats | None]:
    """One embedding [dimension] a picture, in order; None where there is none to be read."""
    found = _embed(paths, network, (None,))
    return [None if one is None else one[0] for one in found]


def embed_parts(paths: Sequence[Path], network: Frozen) -> list[Floats | None]:
    """Embeddings [3, dimension] a picture: the whole of it, and the squares at its two ends."""
    return _embed(paths, network, ENDS)


@dataclass(frozen=True)
class _Kept:
    """The content of which the cache holds every part."""

    cache: Embeddings
    ends: Sequence[int | None]

    def __contains__(self, digest: object) -> bool:
        return all(_key(str(digest), end) in self.cache for end in self.ends)


def _embed(
    paths: Sequence[Path], network: Frozen, ends: Sequence[int | None]
) -> list[Floats | None]:
    cache = Embeddings(network.folder)
    digests: list[str | None] = []
    waiting: dict[str, NDArray[np.uint8]] = {}
    look = None
    photos = [Photo(path, frozenset()) for path in paths]
    for _, read in read_each(photos, network.size, known=_Kept(cache, ends)):
        digests.append(None if read.trouble else read.digest)
        if read.image is not None:
            for end in ends:
                key = _key(read.digest, end)
                if key not in cache:
                    waiting[key] = to_square(_part(read.image, end), network.size)
        if len(waiting) >= BATCH:
            look = look or network.embedder()
            cache.add(list(waiting), look(np.stack(list(waiting.values()))))
            waiting.clear()
    if waiting:
        look = look or network.embedder()
        cache.add(list(waiting), look(np.stack(list(waiting.values()))))
    if look is not None:
        cache.save()
    return [
        None if digest is None else cache.take([_key(digest, end) for end in ends])
        for digest in digests
    ]


def _key(digest: str, end: int | None) -> str:
    """What the cache calls a part: the whole picture by its SHA-256."""
    return digest if end is None else hashlib.sha256(f"{digest} {end}".encode()).hexdigest()


def _part(image: Image.Image, end: int | None) -> Image.Image:
    if end is None:
        return image
    side = min(image.size)
    left, top = (end * (length - side) for length in image.size)
    return image.crop((left, top, left + side, top + side))
