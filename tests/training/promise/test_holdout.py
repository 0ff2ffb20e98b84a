"""What a bundle keeps of the photographs that were held back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load, save

from training.errors import TrainingError
from training.promise.holdout import HeldBack, read, to_bytes


@pytest.fixture
def held() -> HeldBack:
    """Four photographs of three sources, two of which share pictures."""
    logits = np.array([[1, -2], [3, 0.5], [-1, 2], [0, 4]], np.float32)
    truth = np.array([[1, 0], [1, np.nan], [0, 1], [0, 1]], np.float32)
    sources, families = ("a", "b", "c", "a"), ("a", "both", "both", "a")
    return HeldBack(
        logits, logits + 1, truth, np.array([True, True, False, True]), sources, families
    )


def check(found: HeldBack, held: HeldBack) -> None:
    for name in ("new", "known", "truth", "unseen"):
        assert np.array_equal(getattr(found, name), getattr(held, name), equal_nan=True)
    assert (found.sources, found.families) == (held.sources, held.families)


def test_what_is_written_is_read(held: HeldBack, tmp_path: Path) -> None:
    path = tmp_path / "held"
    path.write_bytes(to_bytes(held))
    check(read(path), held)


def test_the_same_is_written_alike(held: HeldBack) -> None:
    """A bundle's id is a hash of its files. Of two entries, either came first half of the time."""
    assert len({to_bytes(held) for _ in range(20)}) == 1


def test_what_bundles_had_at_first_can_be_read(held: HeldBack, tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    new.write_bytes(to_bytes(held))
    with safe_open(new, "np") as file:
        origin = json.loads(file.metadata()["origin"])
    metadata = {name: json.dumps(value) for name, value in origin.items()}
    old.write_bytes(save(load(new.read_bytes()), metadata))
    check(read(old), held)


def _changed(held: HeldBack, path: Path, metadata: dict[str, str] | None, **arrays: object) -> Path:
    tensors = load(to_bytes(held)) | {name: np.array(one) for name, one in arrays.items()}
    path.write_bytes(save(tensors, metadata=metadata))
    return path


@pytest.mark.parametrize(
    "origin",
    [None, {"x": "y"}, {"origin": "[1]"}, {"origin": '{"sources": 3, "families": 4}'}],
)
def test_an_origin_that_says_something_else_is_refused(
    held: HeldBack, tmp_path: Path, origin: dict[str, str] | None
) -> None:
    with pytest.raises(TrainingError, match="held cannot be read"):
        read(_changed(held, tmp_path / "held", origin))


@pytest.mark.parametrize(
    "arrays",
    [
        {"new": np.zeros((4, 1), np.float16)},
        {"known": np.full((4, 2), np.nan, np.float16)},
        {"truth": np.zeros((2, 2), np.int8)},
        {"unseen": np.zeros(3, np.uint8)},
        {"source": np.full(4, 1000, np.int16)},
        {"source": np.full(4, -1, np.int16)},
    ],
)
def test_arrays_that_do_not_belong_together_are_refused(
    held: HeldBack, tmp_path: Path, arrays: dict[str, object]
) -> None:
    origin = {"origin": '{"sources": ["a", "b", "c"], "families": {}}'}
    check_whole = read(_changed(held, tmp_path / "whole", origin))
    assert check_whole.sources == held.sources
    with pytest.raises(TrainingError, match="held cannot be read"):
        read(_changed(held, tmp_path / "held", origin, **arrays))
