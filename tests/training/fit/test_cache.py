"""Embeddings are found again by content, and half a file does no harm."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from classifiers import Bundle
from classifiers.bundle import NETWORK, WEIGHTS
from tests.training.conftest import SmallDisk
from training.fit.cache import FILE_NAME, Embeddings
from training.fit.frozen import frozen_of

STARTER = Path(__file__).parents[3] / "models" / "starter"

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


def test_two_runs_at_once_keep_what_either_made(tmp_path: Path) -> None:
    """They wrote one file between them, and who came second failed or lost the other's."""
    caches = [Embeddings(tmp_path), Embeddings(tmp_path)]
    for cache, digest in zip(caches, (ONE, OTHER), strict=True):
        cache.add([digest], np.full((1, 300_000), int(digest[0], 16), np.float32))

    def save(cache: Embeddings) -> None:
        for _ in range(20):
            cache.save()

    with ThreadPoolExecutor() as threads:
        list(threads.map(save, caches))
    again = Embeddings(tmp_path)
    assert again.take([ONE, OTHER])[:, 0].tolist() == [10, 12]
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path, small_disk: SmallDisk) -> None:
    cache = Embeddings(tmp_path)
    cache.add([ONE], np.ones((1, 8), np.float32))
    cache.save()
    before = (tmp_path / FILE_NAME).read_bytes()
    cache.add([OTHER], np.ones((1, 8), np.float32))
    with small_disk(100), pytest.raises(OSError, match="too large"):
        cache.save()
    assert (tmp_path / FILE_NAME).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_copy_of_a_network_that_was_stopped_is_made_whole(tmp_path: Path) -> None:
    """Half a network stayed in the cache, and every later run failed."""
    bundle = Bundle.load(STARTER)
    folder = frozen_of(bundle, tmp_path).folder
    for name in (NETWORK, WEIGHTS):
        (folder / name).write_bytes((STARTER / name).read_bytes()[:1000])
        frozen_of(bundle, tmp_path)
        assert (folder / name).read_bytes() == (STARTER / name).read_bytes()
    assert {path.name for path in folder.iterdir()} == {NETWORK, WEIGHTS}


def test_a_damaged_file_is_an_empty_one(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"half")
    assert ONE not in Embeddings(tmp_path)
