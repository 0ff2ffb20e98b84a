"""Fine-tunes a backbone and its heads end to end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from training.data.targets import Targets
from training.fit.backbones import Backbone
from training.fit.probe import scene_choices

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

# The heads' weights for embeddings of norm 1 are large. Stretching the embedding by this factor
# makes them small enough that the backbone's learning rate suits them too.
STRETCH = 16.0
BATCH = 32
# Of 100 labels, 1 to 8 are wrong, so that the network should be certain of no photograph.
SMOOTHING = 0.03
MOMENTUM = 0.9


@dataclass(frozen=True)
class Schedule:
    """How long and how fast: epochs, the highest learning rate (AdamW, cosine decay), the seed.

    ``batch_norm`` lets batch norm learn too, which a network with random weights needs.
    """

    epochs: int = 4
    rate: float = 1e-4
    decay: float = 1e-2
    seed: int = 0
    batch_norm: bool = False


@dataclass(frozen=True)
class State:
    """All that is learned: the backbone's arrays and the heads (kernel, bias) on norm-1 embeddings.

    States of one backbone can be averaged.
    """

    backbone: tuple[Floats, ...]
    kernel: Floats
    bias: Floats


def average(states: Sequence[State], shares: Sequence[float]) -> State:
    """The weighted mean of states (Wortsman et al. 2022: WiSE-FT and model soups)."""

    def mean(arrays: Sequence[Floats]) -> Floats:
        total = sum(share * array for share, array in zip(shares, arrays, strict=True))
        return np.asarray(total, np.float32)

    return State(
        tuple(mean(arrays) for arrays in zip(*(s.backbone for s in states), strict=True)),
        mean([state.kernel for state in states]),
        mean([state.bias for state in states]),
    )


def fine_tune(
    network: Any,
    backbone: Backbone,
    start: State,
    pixels: Bytes,
    targets: Targets,
    schedule: Schedule,
    title: str,
) -> State:
    """Trains every layer but batch norm from ``start`` on pixels uint8 [n, side, side, 3].

    ``side`` may exceed the network's input: crops of different sizes are cut from it.
    """
    from training.fit.augment import batches

    start_random(schedule.seed)
    size = network.input_shape[1]
    packed = pack(targets)
    data = batches(pixels, packed, targets.weights, backbone, size, BATCH, schedule.seed)
    return learn(network, start, data, len(pixels), targets, schedule, title)


def start_random(seed: int) -> None:
    """The same photographs and seed give the same weights, to the last bit on the same machine.

    From then on TensorFlow computes deterministically in this process, which costs no time worth
    measuring.
    """
    import keras
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(seed)


def learn(
    network: Any,
    start: State,
    data: Any,
    photographs: int,
    targets: Targets,
    schedule: Schedule,
    title: str,
) -> State:
    """Trains every layer of ``network`` but batch norm from ``start``.

    ``data`` gives, an epoch at a time, batches of ``BATCH`` (inputs, packed targets, weights) of so
    many ``photographs``; names and scenes are taken from ``targets``.
    """
    import keras

    model = with_heads(network, len(targets.names))
    restore(network, model, start)
    for layer in network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = schedule.batch_norm
            # A mean over hundreds of steps would lag behind in a short training.
            layer.momentum = min(layer.momentum, MOMENTUM)
    steps = -(-photographs // BATCH) * schedule.epochs
    rate = keras.optimizers.schedules.CosineDecay(
        schedule.rate / 20,
        steps,
        warmup_target=schedule.rate,
        warmup_steps=max(1, steps // 12),
    )
    optimiser = keras.optimizers.AdamW(rate, weight_decay=schedule.decay, global_clipnorm=1.0)
    model.compile(optimizer=optimiser, loss=masked_loss(targets.scenes), jit_compile=False)
    with tqdm(total=steps * BATCH, desc=title, unit="photo") as bar:
        model.fit(
            data, epochs=schedule.epochs, verbose=0, shuffle=False, callbacks=[_progress(bar)]
        )
    head = model.get_layer("heads")
    kernel, bias = (np.asarray(array, np.float32) for array in head.get_weights())
    learned = tuple(np.asarray(array, np.float32) for array in network.get_weights())
    return State(learned, kernel * STRETCH, bias)


def restore(network: Any, model: Any, state: State) -> None:
    """Puts a state into the network, and into the heads of the model on it."""
    network.set_weights(state.backbone)
    model.get_layer("heads").set_weights([state.kernel / STRETCH, state.bias])


def pack(targets: Targets) -> Floats:
    """Truth, -1 for unknown, and then the scenes it may be: float32 [n, labels + scenes + 1]."""
    truth = np.nan_to_num(targets.truth, nan=-1.0)
    return np.concatenate([truth, scene_choices(targets)], axis=1).astype(np.float32)


def masked_loss(scenes: Sequence[bool]) -> Any:
    """The loss of packed targets: cross-entropy of each known object and of the scenes' softmax."""
    from keras import ops

    objects = [column for column, scene in enumerate(scenes) if not scene]
    members = [column for column, scene in enumerate(scenes) if scene]
    count = len(scenes)

    def loss(packed: Any, raw: Any) -> Any:
        total = 0.0
        if objects:
            truth, odds = ops.take(packed, objects, 1), ops.take(raw, objects, 1)
            known = ops.cast(truth >= 0, odds.dtype)
            smooth = truth * (1 - SMOOTHING) + SMOOTHING / 2
            each = ops.maximum(odds, 0) - odds * smooth + ops.log1p(ops.exp(-ops.abs(odds)))
            total = ops.sum(each * known, axis=1)
        if members:
            chances = ops.log_softmax(ops.take(raw, [*members, count], 1), axis=1)
            right = ops.log(ops.sum(packed[:, count:] * ops.exp(chances), axis=1) + 1e-12)
            total = total - (1 - SMOOTHING) * right - SMOOTHING * ops.mean(chances, axis=1)
        return total / count

    return loss


def with_heads(network: Any, labels: int) -> Any:
    """A model from pixels to the outputs of the heads, on the network's normalised embedding."""
    import keras

    features = keras.layers.Activation("linear", dtype="float32")(network.output)
    pooled = keras.layers.GlobalAveragePooling2D(dtype="float32")(features)
    embedding = keras.layers.UnitNormalization(dtype="float32")(pooled)
    stretched = keras.layers.Rescaling(STRETCH, dtype="float32")(embedding)
    heads = keras.layers.Dense(labels + 1, dtype="float32", name="heads")(stretched)
    return keras.Model(network.input, heads)


def _progress(bar: Any) -> Any:
    import keras

    class Progress(keras.callbacks.Callback):  # type: ignore[misc]  # keras has no types
        def on_train_batch_end(self, _batch: int, logs: dict[str, float] | None = None) -> None:
            bar.update(BATCH)
            bar.set_postfix(loss=f"{(logs or {}).get('loss', float('nan')):.3f}", refresh=False)

    return Progress()
