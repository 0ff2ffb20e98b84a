"""A backbone in two parts, the upper of which learns.

TensorFlow is imported; the network has two layers (``tests/training/small.py``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.training.small import LOWER, SIDE, two_layers
from training.data.targets import Targets
from training.errors import TrainingError
from training.fit.backbones import BACKBONES
from training.fit.finetune import Schedule, State
from training.fit.upper import Maps, fine_tune_upper, lower_part, upper_part

COUNT, DIMENSION = 64, 24


@pytest.fixture(scope="module")
def network() -> Any:
    import keras

    keras.utils.set_random_seed(4)
    backbone = replace(BACKBONES["mobilenetv2"], dimension=DIMENSION)
    return two_layers(backbone)((SIDE, SIDE, 3), weights=None, include_top=False)


def test_the_two_parts_are_the_network(network: Any) -> None:
    pixels = np.random.default_rng(1).uniform(-1, 1, (3, SIDE, SIDE, 3)).astype(np.float32)
    maps = lower_part(network, LOWER)(pixels)
    assert np.array_equal(upper_part(network, LOWER)(maps), network(pixels))


@pytest.mark.parametrize("layer", ["mixed99", "re_lu_99"])
def test_a_layer_that_is_not_there_is_told_with_one_that_is(network: Any, layer: str) -> None:
    with pytest.raises(TrainingError, match=f"no layer '{layer}' before its last.*say "):
        upper_part(network, layer)


def test_the_first_and_the_last_layer_leave_nothing_to_one_part(network: Any) -> None:
    for layer in (network.layers[0].name, network.layers[-1].name):
        with pytest.raises(TrainingError, match="no layer"):
            lower_part(network, layer)


def test_only_what_is_told_of_the_rows_is_learned(network: Any) -> None:
    """Red maps are cats. Of every second photograph the table says the contrary, and it is left
    out; of a third label nothing is known."""
    random = np.random.default_rng(2)
    red = random.random(COUNT) < 0.5
    maps = random.random((COUNT, 16, 16, 16)).astype(np.float16)
    maps[red, :, :, 0] += 3
    kept = np.arange(0, COUNT, 2)
    said = np.where(np.isin(np.arange(COUNT), kept), red, ~red)
    truth = np.stack([said, np.full(COUNT, np.nan)], axis=1).astype(np.float32)
    targets = Targets(("cat", "dog"), (False, False), truth, np.ones(COUNT, np.float32))
    upper = upper_part(network, LOWER)
    arrays = tuple(np.asarray(array, np.float32) for array in upper.get_weights())
    start = State(arrays, np.zeros((DIMENSION, 3), np.float32), np.zeros(3, np.float32))
    views = Maps(("a", "b"), (maps, maps + np.float16(0.01)), (truth, truth))
    schedule = Schedule(epochs=40, rate=1e-2)
    found = fine_tune_upper(upper, start, views, kept, targets, schedule, "Test")
    upper.set_weights(found.backbone)
    seen = upper(maps.astype(np.float32)).numpy().mean(axis=(1, 2))
    seen /= np.linalg.norm(seen, axis=1, keepdims=True)
    odds = seen @ found.kernel + found.bias
    assert ((odds[:, 0] > 0) == red).mean() > 0.95
    assert np.abs(found.kernel[:, 1]).max() == pytest.approx(0, abs=1e-6)
