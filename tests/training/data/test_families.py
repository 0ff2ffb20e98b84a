"""Sources that share pictures lie on one side of every split."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.data.families import DEFAULT_FAMILIES, families_of, read_families
from training.data.folds import parts_for_heads, split
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.errors import TrainingError


def test_a_source_without_a_family_is_one_of_its_own() -> None:
    assert families_of(["a", "b", None], {"a": "both"}) == ["both", "b", None]


def test_a_family_is_never_split(meanings: Meanings) -> None:
    sources = [f"shop {number % 9}" for number in range(270)]
    whole = families_of(sources, {"shop 0": "chain", "shop 4": "chain"})
    photos = [
        Photo(Path("x"), frozenset({"food"} if place % 2 else ()), source)
        for place, source in enumerate(sources)
    ]
    targets = make_targets(photos, ["food"], meanings)
    folds = split(whole, targets, seed=0, parts=parts_for_heads(whole))
    chain = {
        int(part)
        for part, source in zip(folds.part, sources, strict=True)
        if source in {"shop 0", "shop 4"}
    }
    assert len(chain) == 1
    assert folds.unseen.all()


def test_many_sources_are_left_out_few_at_a_time() -> None:
    assert parts_for_heads([f"source {number}" for number in range(62)]) == 12
    assert parts_for_heads(["a", "b", None]) == 3


def test_the_families_that_ship_can_be_read() -> None:
    assert len(read_families(DEFAULT_FAMILIES)) == 6


def test_another_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "families.csv").write_text("name,kin\na,b\n", "utf-8")
    with pytest.raises(TrainingError, match="source and family"):
        read_families(tmp_path / "families.csv")
