"""Embeddings to what looks alike. Knows nothing of posts, HTTP or SQL."""

from similarity.duplicates import NEAR, Likeness, likeness

__all__ = ["NEAR", "Likeness", "likeness"]
