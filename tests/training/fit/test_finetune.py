"""A network and its heads learn together, and alike each time.

TensorFlow is imported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers.heads import log_odds
from classifiers.pooling import embed
from classifiers.telemetry import Silent
from training.data.targets import Targets
from training.fit.backbones import BACKBONES
from training.fit.finetune import Schedule, State, average, fine_tune
from training.fit.network import export_network
from training.promise.crossfit import embeddings

NAME = "mobilenetv2"

pytestmark = pytest.mark.timeout(300)  # on a busy machine, TensorFlow's import alone takes long


def tiny() -> Any:
    """A network with one convolution and batch norm: [n, 32, 32, 3] to [n, 8, 8, 16]."""
    import keras

    keras.utils.set_random_seed(2)
    pixels = keras.Input((32, 32, 3))
    found = keras.layers.Conv2D(16, 4, strides=4)(pixels)
    found = keras.layers.BatchNormalization()(found)
    return keras.Model(pixels, keras.layers.ReLU()(found))


def test_the_export_agrees_with_keras(tmp_path: Path) -> None:
    """Embeddings from float16 weights in OpenVINO and float32 ones in Keras: cosine 0.999."""
    import openvino
    from openvino_telemetry import Telemetry

    network = tiny()
    export_network(network, tmp_path)
    assert isinstance(Telemetry().backend, Silent)
    served = openvino.Core().compile_model(str(tmp_path / "backbone.xml"), "CPU")
    images = np.random.default_rng(1).uniform(-1, 1, (4, 32, 32, 3)).astype(np.float32)
    here, there = embed(network.predict_on_batch(images)), embed(np.array(served(images)[0]))
    assert (here * there).sum(axis=1).min() >= 0.999


def _red_and_blue() -> tuple[Any, Targets, Any]:
    """Red photographs are food, blue ones the sea; of a third label nothing is known."""
    random = np.random.default_rng(3)
    food = random.random(96) < 0.5
    pixels = random.integers(0, 80, (96, 40, 40, 3)).astype(np.uint8)
    pixels[food, :, :, 0] += 150
    pixels[~food, :, :, 2] += 150
    truth = np.stack([food, np.full(96, np.nan), ~food], axis=1).astype(np.float32)
    targets = Targets(
        ("food", "unknown", "sea"), (False, False, True), truth, np.ones(96, np.float32)
    )
    return pixels, targets, food


def _tuned(seed: int) -> tuple[State, State, Any]:
    """A state before and after twelve epochs, and the network; about two seconds."""
    pixels, targets, _ = _red_and_blue()
    network = tiny()
    arrays = tuple(np.asarray(array, np.float32) for array in network.get_weights())
    start = State(arrays, np.zeros((16, 4), np.float32), np.zeros(4, np.float32))
    schedule = Schedule(epochs=12, rate=1e-2, seed=seed)
    state = fine_tune(network, BACKBONES[NAME], start, pixels, targets, schedule, "Test")
    return start, state, network


@pytest.fixture(scope="module")
def tuned() -> tuple[State, State, Any]:
    return _tuned(seed=1)


def test_fine_tuning_learns_and_leaves_batch_norm_alone(tuned: tuple[State, State, Any]) -> None:
    start, state, network = tuned
    pixels, targets, food = _red_and_blue()
    network.set_weights(state.backbone)
    seen = embeddings(network, BACKBONES[NAME], pixels[:, 4:36, 4:36], "Test")
    odds = log_odds(seen @ state.kernel + state.bias, targets.scenes)
    assert ((odds[:, 0] > 0) == food).mean() > 0.95
    assert ((odds[:, 2] > 0) == ~food).mean() > 0.95
    assert np.abs(state.kernel[:, 1]).max() == pytest.approx(0, abs=1e-6)
    changed = [
        not np.array_equal(old, new)
        for old, new in zip(start.backbone, state.backbone, strict=True)
    ]
    assert changed == [True, True, False, False, False, False]


def test_the_same_seed_gives_the_same_weights_and_another_gives_others(
    tuned: tuple[State, State, Any],
) -> None:
    def learned(state: State) -> bytes:
        arrays = (*state.backbone, state.kernel, state.bias)
        return b"".join(array.tobytes() for array in arrays)

    assert learned(_tuned(seed=1)[1]) == learned(tuned[1])
    assert learned(_tuned(seed=2)[1]) != learned(tuned[1])


def test_the_mean_of_states_is_that_of_their_numbers() -> None:
    one, three = (
        State(
            (np.full(2, x, np.float32),), np.full((1, 2), x, np.float32), np.full(2, x, np.float32)
        )
        for x in (1.0, 3.0)
    )
    mean = average([one, three], [0.25, 0.75])
    assert mean.backbone[0].tolist() == mean.bias.tolist() == [2.5, 2.5]
