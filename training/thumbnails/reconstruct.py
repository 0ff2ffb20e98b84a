"""Trains the autoencoder until the channels that were held back get no better by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from thumbnails.canvas import Canvases
from training.fit.epochs import Patience, train_epochs
from training.fit.keep import Keep, Progress
from training.thumbnails.autoencoder import masked_cross_entropy, networks


@dataclass(frozen=True)
class Schedule:
    """How long and how fast (Adam) it learns."""

    epochs: int = 40
    batch: int = 16
    rate: float = 1e-3
    patience: int = 6
    seed: int = 0


@dataclass(frozen=True)
class Reconstructed:
    """The encoder (Keras), how training went (scores are minus the cross-entropy, in nats), and how
    many parameters both halves have."""

    encoder: Any
    progress: Progress
    parameters: int


def reconstruct(
    learn: Canvases, stop: Canvases, schedule: Schedule, keep: Keep | None
) -> Reconstructed:
    """Learns to draw the pictures of ``learn`` again, as far as those of ``stop`` get better.

    From then on TensorFlow computes deterministically in this process.
    """
    import keras
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(schedule.seed)
    model, encoder = networks(learn.pixels.shape[1])
    optimiser = keras.optimizers.Adam(schedule.rate)
    optimiser.build(model.trainable_variables)

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def step(pixels: Any, there: Any) -> Any:
        with tf.GradientTape() as tape:
            lost = masked_cross_entropy(pixels, model(pixels, training=True), there)
        gradients = tape.gradient(lost, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return lost

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def measure(pixels: Any, there: Any) -> Any:
        return masked_cross_entropy(pixels, model(pixels, training=False), there)

    def epoch(number: int) -> float:
        order = np.random.default_rng([schedule.seed, number]).permutation(len(learn.pixels))
        return _mean(step, learn, order, schedule.batch)

    def score() -> float:
        return -_mean(measure, stop, np.arange(len(stop.pixels)), schedule.batch)

    patience = Patience(schedule.epochs, schedule.patience)
    progress = train_epochs(model, optimiser, epoch, score, patience, "Autoencoder", keep)
    return Reconstructed(encoder, progress, model.count_params())


def _mean(step: Any, canvases: Canvases, order: np.typing.NDArray[np.int64], batch: int) -> float:
    losses = []
    for at in range(0, len(order), batch):
        rows = order[at : at + batch]
        pixels = canvases.pixels[rows].astype(np.float32) / 255
        losses.append(float(step(pixels, canvases.there[rows].astype(np.float32))) * len(rows))
    return sum(losses) / len(order)
