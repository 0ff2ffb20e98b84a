"""Embeddings to what looks alike. Knows nothing of posts, HTTP or SQL."""

from similarity.duplicates import NEAR, Likeness, likeness
from similarity.vectors import EmbeddingError, embedding

__all__ = ["NEAR", "EmbeddingError", "Likeness", "embedding", "likeness"]
