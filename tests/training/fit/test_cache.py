"""Embeddings are found again by content, and half a file does no harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.fit.cache import FILE_NAME, Embeddings

ONE, OTHER = "ab" * 32, "cd" * 32


def test_what_was_saved_is_there_again(tmp_path: Path) -> None:
    cache = Embeddings(tmp_path)
    made = np.random.default_rng(1).normal(size=(2, 8)).astype(np.float32)
    cache.add([ONE, OTHER], made)
    cache.save()
    again = Embeddings(tmp_path)
    assert ONE in again
    assert "00" * 32 not in again
    assert np.array_equal(again.take([OTHER, ONE]), made[::-1])


def test_a_damaged_file_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"half")
    assert ONE not in Embeddings(tmp_path)
