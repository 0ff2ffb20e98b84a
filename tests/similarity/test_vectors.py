from __future__ import annotations

import numpy as np
import pytest

from similarity import EmbeddingError, embedding


@pytest.mark.parametrize("scale", [1e-300, 1e-3, 1.0, 1e300])
def test_numbers_are_brought_to_length_1(scale: float) -> None:
    found = embedding([3 * scale, 4 * scale], 2)
    assert found == pytest.approx([0.6, 0.8])
    assert found.dtype == np.float32


@pytest.mark.parametrize(
    ("numbers", "rule"),
    [
        ([], "length"),
        ([1.0, 2.0, 3.0], "length"),
        ([float("nan"), 1.0], "not_finite"),
        ([float("inf"), 1.0], "not_finite"),
        ([0.0, -0.0], "zero"),
    ],
)
def test_what_is_no_embedding_is_refused(numbers: list[float], rule: str) -> None:
    with pytest.raises(EmbeddingError) as refused:
        embedding(numbers, 2)
    assert refused.value.rule == rule
