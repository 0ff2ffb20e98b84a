"""Each network that can be chosen is built, can be trained throughout and gives embeddings.

What costs processor time is the number of layers. Of the EfficientNets, which repeat their blocks,
the default is built whole, the others with as few repetitions as leave one shortcut.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from training.data.targets import Targets
from training.fit.backbones import BACKBONES, DEFAULT, Backbone, random_start
from training.fit.finetune import (
    Schedule,
    State,
    fine_tune,
    masked_loss,
    pack,
    restore,
    with_heads,
)
from training.promise.crossfit import embeddings

PHOTOGRAPHS = 4
TARGETS = Targets(
    ("food", "sea"),
    (False, True),
    np.array([[1, 0], [0, 1], [1, np.nan], [0, 0]], np.float32),
    np.ones(PHOTOGRAPHS, np.float32),
)
DEPTHS = {"efficientnet.EfficientNet": 0.3, "efficientnet_v2.EfficientNetV2": 0.2}

pytestmark = [
    pytest.mark.timeout(300),  # on a busy machine, TensorFlow's import alone takes long
    pytest.mark.filterwarnings("ignore:Even though the `tf.config.experimental_run_functions"),
]


@pytest.fixture(autouse=True)
def one_by_one() -> Iterator[None]:
    """For one step, to compile a network into a graph would take ten times as long as the step."""
    import keras
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
    keras.backend.clear_session()


def of_depth(build: Callable[..., Any], depth: float) -> Callable[..., Any]:
    """Builds a network of ``keras.applications`` with fewer repetitions of its blocks."""

    def built(*given: object, **named: object) -> Any:
        asked = inspect.signature(build).bind(*given, **named)
        asked.arguments["depth_coefficient"] = depth
        return build(*asked.args, **asked.kwargs)

    return built


@pytest.fixture(params=sorted(BACKBONES))
def backbone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Backbone:
    from keras.src import applications

    name: str = request.param
    if name != DEFAULT:
        for path, depth in DEPTHS.items():
            module, _, function = path.rpartition(".")
            place = getattr(applications, module)
            monkeypatch.setattr(place, function, of_depth(getattr(place, function), depth))
    return BACKBONES[name]


def started(backbone: Backbone) -> tuple[Any, State]:
    """The network with random weights at its smallest size, and random heads on it."""
    network = random_start(backbone, backbone.smallest, seed=0)
    heads = np.random.default_rng(1).normal(0, 1, (backbone.dimension, 3)).astype(np.float32)
    arrays = tuple(np.array(array, np.float32) for array in network.get_weights())
    return network, State(arrays, heads, np.zeros(3, np.float32))


def photographs(backbone: Backbone) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    shape = (PHOTOGRAPHS, backbone.smallest, backbone.smallest, 3)
    return np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)


def test_the_loss_reaches_each_backbone_from_its_last_layer_to_its_first(
    backbone: Backbone,
) -> None:
    import tensorflow as tf

    network, start = started(backbone)
    model = with_heads(network, len(TARGETS.names))
    restore(network, model, start)
    pixels = photographs(backbone)
    with tf.GradientTape() as tape:
        scaled = pixels.astype(np.float32) * backbone.scale + backbone.offset
        losses = masked_loss(TARGETS.scenes)(pack(TARGETS), model(scaled, training=True))
        loss = tf.reduce_mean(losses)
    kernels = [one for one in model.trainable_variables if one.path.endswith("kernel")]
    assert len(kernels) > len([one for one in start.backbone if one.ndim == 4])
    slopes = tape.gradient(loss, kernels)
    steep = [float(np.abs(slope).max()) for slope in slopes]
    # A loss that is not a number would leave no slope that is one.
    assert np.isfinite(steep).all()
    assert [one.path for one, most in zip(kernels, steep, strict=True) if most == 0] == []

    seen = embeddings(network, backbone, pixels, backbone.name)
    assert seen.shape == (PHOTOGRAPHS, backbone.dimension)
    assert np.linalg.norm(seen, axis=1) == pytest.approx(np.ones(PHOTOGRAPHS), abs=1e-5)


def test_a_step_of_training_changes_every_kernel() -> None:
    """One whole network; the loss reaches the others alike, as the test above says."""
    backbone = BACKBONES["mobilenetv2"]
    network, start = started(backbone)
    schedule = Schedule(1, 1e-2, decay=0.0, batch_norm=True)
    state = fine_tune(network, backbone, start, photographs(backbone), TARGETS, schedule, "Test")
    assert all(np.isfinite(array).all() for array in (*state.backbone, state.kernel, state.bias))
    kernels = [place for place, array in enumerate(start.backbone) if array.ndim == 4]
    still = [
        place for place in kernels if np.array_equal(start.backbone[place], state.backbone[place])
    ]
    assert still == []
    assert not np.array_equal(start.kernel, state.kernel)
