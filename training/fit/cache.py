"""Embeddings on disk, found again by a photograph's content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

FILE_NAME = "embeddings.safetensors"
PART = "embeddings.part"

Floats = NDArray[np.float32]


class Embeddings:
    """What one network (its folder in the cache) made of photographs, by their SHA-256.

    A file that cannot be read is taken for an empty one: it is only a cache.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._found: dict[str, Floats] = {}
        try:
            tensors = load_file(self._path)
            digests = [bytes(row).hex() for row in tensors["digests"]]
            self._found = dict(zip(digests, tensors["embeddings"], strict=True))
        except (OSError, KeyError, ValueError, SafetensorError):
            pass

    def __contains__(self, digest: object) -> bool:
        return digest in self._found

    def take(self, digests: list[str]) -> Floats:
        """float32 [n, dimension] in the order asked for. KeyError: one is not here."""
        return np.stack([self._found[digest] for digest in digests])

    def add(self, digests: list[str], embeddings: Floats) -> None:
        """Keeps embeddings [n, dimension] in memory; ``save`` puts them on disk."""
        self._found.update(zip(digests, embeddings, strict=True))

    def save(self) -> None:
        """Writes all at once; a run that is stopped meanwhile leaves the file before it."""
        if not self._found:
            return
        aside = self._path.with_name(PART)
        keys = np.array([list(bytes.fromhex(digest)) for digest in self._found], np.uint8)
        save_file({"digests": keys, "embeddings": np.stack(list(self._found.values()))}, aside)
        aside.replace(self._path)
