"""Stored posts by their likeness: the index of embeddings, and searches by it."""
