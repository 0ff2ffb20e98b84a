"""What a bundle keeps of the photographs that were held back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load, save

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
