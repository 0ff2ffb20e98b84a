"""No source on both sides, and every label on each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from training.data.folds import PARTS, split
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import Targets, make_targets

Kind = tuple[str, str | None]


def targets_of(kinds: Sequence[Kind], meanings: Meanings) -> Targets:
    labels = sorted({label for label, _ in kinds if label})
    photos = [Photo(Path(__file__), frozenset({label} - {""}), source) for label, source in kinds]
    return make_targets(photos, labels, meanings)


KINDS = [
    (label, f"{label}-{source}")
    for label in ("food", "drink", "gym", "")
    for source in range(3)
    for _ in range(10 + 20 * source)
]


def test_sources_stay_whole(meanings: Meanings) -> None:
    folds = split([source for _, source in KINDS], targets_of(KINDS, meanings), seed=0)
    assert folds.unseen.all()
    for source in {source for _, source in KINDS}:
        parts = {part for (_, own), part in zip(KINDS, folds.part, strict=True) if own == source}
        assert len(parts) == 1


def test_each_label_is_on_every_side(meanings: Meanings) -> None:
    folds = split([source for _, source in KINDS], targets_of(KINDS, meanings), seed=0)
    counts = Counter((label, int(part)) for (label, _), part in zip(KINDS, folds.part, strict=True))
    assert len(counts) == 4 * PARTS


def test_a_source_that_a_label_depends_on_is_split(meanings: Meanings) -> None:
    kinds: list[Kind] = []
    kinds += [("nail", "salon")] * 95 + [("nail", "blog")] * 5
    kinds += [("food", f"kitchen {number % 4}") for number in range(100)]
    folds = split([source for _, source in kinds], targets_of(kinds, meanings), seed=0)
    salon = folds.part[:95]
    assert min(Counter(salon.tolist()).values()) >= 31
    assert not folds.unseen[:95].any()
    assert folds.unseen[95:].all()


def test_without_sources_photographs_are_split(meanings: Meanings) -> None:
    kinds: list[Kind] = []
    kinds += [("food", None)] * 30 + [("", None)] * 60
    folds = split([None] * 90, targets_of(kinds, meanings), seed=0)
    assert Counter(folds.part.tolist()) == {0: 30, 1: 30, 2: 30}
    assert Counter(folds.part[:30].tolist()) == {0: 10, 1: 10, 2: 10}
    assert not folds.unseen.any()


def test_the_same_seed_splits_alike(meanings: Meanings) -> None:
    kinds: list[Kind] = []
    kinds += [("food", None)] * 40 + [("", None)] * 40
    targets = targets_of(kinds, meanings)
    one, again, other = (split([None] * 80, targets, seed=seed).part for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
