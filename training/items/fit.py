"""Trains a network on views of films, as far as other films get better by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from items.inputs import Layout
from training.fit.epochs import Patience, train_epochs
from training.fit.keep import Keep, Progress
from training.items.losses import Loss
from training.items.views import Views

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Schedule:
    """Adam's rate and the batch are the thesis's. ``patience`` epochs without gain end a training.

    ``drop`` is the chance with which a part of an item is left out while learning: text, tags,
    period, picture. So the network also learns to do without.
    """

    epochs: int = 150
    batch: int = 512
    rate: float = 3e-4
    patience: int = 15
    seed: int = 0
    drop: tuple[float, float, float, float] = (0.1, 0.2, 0.4, 0.1)


def fit(
    model: Any,
    views: Views,
    strength: Floats,
    loss: Loss,
    score: Callable[[Any], float] | None,
    schedule: Schedule,
    title: str,
    keep: Keep | None = None,
) -> Progress:
    """Trains ``model`` in place and leaves it with the weights of the best epoch.

    ``strength`` [films, films] says who is similar to whom; ``score`` is asked after each epoch,
    and once before the first: more is better; None trains all epochs and keeps the last. With
    ``keep`` a training that was stopped goes on after its last whole epoch.
    """
    import keras

    optimiser = keras.optimizers.Adam(schedule.rate)
    optimiser.build(model.trainable_variables)
    step = _step(model, optimiser, loss)

    def epoch(number: int) -> float:
        return _epoch(model, step, views, strength, schedule, number)

    return train_epochs(
        model,
        optimiser,
        epoch,
        None if score is None else partial(score, model),
        Patience(schedule.epochs, schedule.patience),
        title,
        keep,
    )


def _epoch(
    model: Any, step: Any, views: Views, strength: Floats, schedule: Schedule, epoch: int
) -> float:
    """The mean loss. What is random depends on seed and epoch only, so that it can be resumed."""
    random = np.random.default_rng([schedule.seed, epoch])
    for number, layer in enumerate(model.layers):
        if hasattr(layer, "seed_generator"):
            layer.seed_generator.state.assign([1000 * schedule.seed + number, epoch])
    losses = [
        float(step(inputs, strength[np.ix_(rows, rows)]))
        for inputs, rows in _batches(views, schedule, random)
    ]
    return float(np.mean(losses))


def _batches(
    views: Views, schedule: Schedule, random: np.random.Generator
) -> list[tuple[Floats, NDArray[np.int64]]]:
    """One view of each film, in random order, without the parts that are dropped."""
    order = random.permutation(len(views.film))
    _, first = np.unique(views.film[order], return_index=True)
    chosen = random.permutation(order[first])
    inputs = views.inputs[chosen].copy()
    for chance, place in zip(schedule.drop, _places(views.layout), strict=True):
        inputs[random.random(len(inputs)) < chance, slice(*place)] = 0
    inputs[~inputs.any(axis=1)] = views.inputs[chosen][~inputs.any(axis=1)]
    count = max(1, round(len(chosen) / schedule.batch))
    return [
        (inputs[part], views.film[chosen[part]])
        for part in np.array_split(np.arange(len(chosen)), count)
    ]


def _places(layout: Layout) -> tuple[tuple[int, int], ...]:
    return (layout.text, layout.tags, layout.period, layout.picture)


def _step(model: Any, optimiser: Any, loss: Loss) -> Any:
    import tensorflow as tf

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def step(inputs: Any, strength: Any) -> Any:
        with tf.GradientTape() as tape:
            lost = loss(tf.cast(model(inputs, training=True), tf.float32), strength)
        gradients = tape.gradient(lost, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return lost

    return step
