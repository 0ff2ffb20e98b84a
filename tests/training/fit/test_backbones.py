"""Each network that can be chosen is built, trained for a step and gives embeddings."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from training.data.targets import Targets
from training.fit.backbones import BACKBONES, random_start
from training.fit.finetune import Schedule, State, fine_tune
from training.promise.crossfit import embeddings

keras = pytest.importorskip("keras")

PHOTOGRAPHS = 4

pytestmark = [
    pytest.mark.timeout(300),  # on a busy machine, TensorFlow's import alone takes long
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]


@pytest.fixture(autouse=True)
def one_by_one() -> Iterator[None]:
    """For one step, to compile a network into a graph would take ten times as long as the step."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
    keras.backend.clear_session()


@pytest.mark.parametrize("name", sorted(BACKBONES))
def test_each_backbone_trains_from_its_first_layer_to_its_last(name: str) -> None:
    backbone = BACKBONES[name]
    side = backbone.smallest
    network = random_start(backbone, side, seed=0)
    before = tuple(np.array(array, np.float32) for array in network.get_weights())
    random = np.random.default_rng(1)
    pixels = random.integers(0, 256, (PHOTOGRAPHS, side, side, 3)).astype(np.uint8)
    truth = np.array([[1, 0], [0, 1], [1, np.nan], [0, 0]], np.float32)
    targets = Targets(("food", "sea"), (False, True), truth, np.ones(PHOTOGRAPHS, np.float32))
    heads = random.normal(0, 1, (backbone.dimension, 3)).astype(np.float32)
    start = State(before, heads, np.zeros(3, np.float32))

    state = fine_tune(
        network, backbone, start, pixels, targets, Schedule(1, 1e-2, batch_norm=True), name
    )

    # A loss that is not a number would leave no weight that is one.
    assert all(np.isfinite(array).all() for array in (*state.backbone, state.kernel, state.bias))
    kernels = [place for place, array in enumerate(before) if array.ndim == 4]
    still = [place for place in kernels if np.array_equal(before[place], state.backbone[place])]
    assert still == []
    assert not np.array_equal(heads, state.kernel)
    seen = embeddings(network, backbone, pixels, name)
    assert seen.shape == (PHOTOGRAPHS, backbone.dimension)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(np.ones(PHOTOGRAPHS), abs=1e-5)
