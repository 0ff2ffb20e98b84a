"""What photographs teach, and what they leave open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets

NAMES = ["adult", "gym", "food"]


def photo(*labels: str, source: str | None = None) -> Photo:
    return Photo(Path("x.jpg"), frozenset(labels), source)


def test_shown_and_not_shown(meanings: Meanings) -> None:
    targets = make_targets([photo("adult", "food"), photo()], NAMES, meanings)
    assert targets.truth.tolist() == [[1, 0, 1], [0, 0, 0]]
    assert targets.scenes == (False, True, False)


@pytest.mark.parametrize("labels", [("gym",), ("gym", "adult"), ("clothing",)])
def test_people_in_gyms_and_clothes_teach_nothing_of_adults(
    meanings: Meanings, labels: tuple[str, ...]
) -> None:
    assert np.isnan(make_targets([photo(*labels)], NAMES, meanings).truth[0, 0])


def test_large_sources_count_more_but_not_alone(meanings: Meanings) -> None:
    photos = [photo("food", source="large")] * 90 + [photo(source="small")] * 10
    weights = make_targets(photos, NAMES, meanings).weights
    assert weights.mean() == pytest.approx(1)
    assert weights[:90].sum() / weights[90:].sum() == pytest.approx(3)
