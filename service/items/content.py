"""An item's content vector: here the text-image encoder takes the place of the pictures' mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from service.screen import Screen
from similarity.duplicates import Floats


def made_by(current: Screen) -> str:
    """The id of what makes content vectors at this moment."""
    return current.bundle.embedding_id


def dimension(current: Screen) -> int:
    """How many numbers a content vector has."""
    return current.bundle.dimension


def content_vector(embeddings: Sequence[Floats]) -> Floats | None:
    """The mean of the pictures' embeddings, float32 [dimension], brought to norm 1.

    None where there is no picture, or they point nowhere together.
    """
    if not len(embeddings):
        return None
    mean = np.mean(np.asarray(embeddings, np.float32), axis=0)
    norm = float(np.linalg.norm(mean))
    vector: Floats = (mean / norm).astype(np.float32) if norm > 0 else mean
    return vector if norm > 0 else None
