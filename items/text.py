"""Latent semantic analysis: a text's words, weighed by how rare they are, and projected.

Deerwester et al. 1990, "Indexing by latent semantic analysis".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from items.item import Floats
from items.words import words


@dataclass(frozen=True)
class TextSide:
    """``terms`` are the words it knows, by their row in ``projection`` float32 [terms, d].

    The rows are multiplied by their word's inverse document frequency already.
    """

    terms: dict[str, int]
    projection: Floats

    @property
    def dimension(self) -> int:
        """How many numbers a text becomes."""
        return int(self.projection.shape[1])

    def vectors(self, texts: Sequence[str]) -> Floats:
        """float32 [n, d] of norm 1; zeros for a text without a word that it knows."""
        found = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in enumerate(texts):
            counts = Counter(self.terms[word] for word in words(text) if word in self.terms)
            if counts:
                weights = 1 + np.log(np.array(list(counts.values()), np.float32))
                found[row] = weights @ self.projection[list(counts)]
        norms = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(norms, 1e-12), np.float32)
