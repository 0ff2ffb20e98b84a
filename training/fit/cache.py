"""Embeddings on disk, found again by a photograph's content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save

from training.fit.aside import aside

FILE_NAME = "embeddings.safetensors"

Floats = NDArray[np.float32]


class Embeddings:
    """What one network (its folder in the cache) made of photographs, by their SHA-256.

    A file that cannot be read is taken for an empty one: it is only a cache.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._found = _read(self._path)

    def __contains__(self, digest: object) -> bool:
        return digest in self._found

    def take(self, digests: list[str]) -> Floats:
        """float32 [n, dimension] in the order asked for. KeyError: one is not here."""
        return np.stack([self._found[digest] for digest in digests])

    def add(self, digests: list[str], embeddings: Floats) -> None:
        """Keeps embeddings [n, dimension] in memory; ``save`` puts them on disk."""
        self._found.update(zip(digests, embeddings, strict=True))

    def save(self) -> None:
        """Writes all at once, with what another run saved meanwhile; a run that is stopped leaves
        the file before it."""
        if not self._found:
            return
        self._found = _read(self._path) | self._found
        keys = np.array([list(bytes.fromhex(digest)) for digest in self._found], np.uint8)
        embeddings = np.stack(list(self._found.values()))
        with aside(self._path) as half:
            half.write_bytes(save({"digests": keys, "embeddings": embeddings}))


def _read(path: Path) -> dict[str, Floats]:
    try:
        tensors = load_file(path)
        digests = [bytes(row).hex() for row in tensors["digests"]]
        return dict(zip(digests, tensors["embeddings"], strict=True))
    except (OSError, KeyError, ValueError, SafetensorError):
        return {}
