"""Search stored posts by likeness: the index of embeddings, and queries on it."""
