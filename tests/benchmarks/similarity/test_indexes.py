"""Ways of searching among embeddings are held to what comparing all finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.similarity.found import Found, draw, row_of
from benchmarks.similarity.indexes import measure


@pytest.mark.slow
def test_every_way_finds_what_is_near_among_few() -> None:
    stored = np.random.default_rng(1).normal(size=(60, 16)).astype(np.float16).astype(np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    found = list(measure(stored, 8))
    assert [one.recall for one in found] == [1.0] * 6
    assert [one.built > 0 for one in found] == [False, *[True] * 5]


@pytest.mark.slow
def test_the_index_finds_what_lies_beside_many_copies() -> None:
    random = np.random.default_rng(1)
    stored = random.normal(size=(400, 16)).astype(np.float16).astype(np.float32)
    stored /= np.linalg.norm(stored, axis=1, keepdims=True)
    exact, lists, *_ = measure(stored, 8, copies=1000)
    assert exact.recall == lists.recall == 1.0


def test_what_was_found_is_a_row_and_a_drawing(tmp_path: Path) -> None:
    exact = Found(10_000, "comparing all", 1.0, 30.04, 66.8, 0, 0)
    index = Found(10_000, "HNSW", 0.9876, 1.2, 3.4, 61.4, 40 * 2**20)
    assert row_of(exact) == "| 10,000 | comparing all | 1.000 | 30.0 | 66.8 | – | – |"
    assert row_of(index) == "| 10,000 | HNSW | 0.988 | 1.2 | 3.4 | 61 | 40 |"
    draw([exact, index], tmp_path / "times.svg")
    assert "<svg" in (tmp_path / "times.svg").read_text(encoding="utf-8")
