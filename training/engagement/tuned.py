"""What thumbnails say of views by a network that was fine-tuned to it, next to a frozen one.

The heads start as the ridge regressions on the frozen embedding (Kumar et al. 2022, Fine-Tuning can
Distort Pretrained Features): a fine-tuned network can only differ from the frozen one where that
helps channels which it did not learn from.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import GroupKFold, GroupShuffleSplit
from threadpoolctl import threadpool_limits

from training.engagement.effect import CrossFit
from training.engagement.models import Floats, Linear, Loss, Pictures, by_context, by_picture
from training.engagement.numbers import Doubles, Numbers
from training.engagement.tail import Part, Tail
from training.fit.epochs import Patience, train_epochs
from training.fit.finetune import STRETCH, with_heads
from training.fit.keep import Keep

FOLDS = 5
STOPPED_BY = 0.2  # of the channels of a fold: they say when it has learned enough
HUBER = 1.35  # standard deviations, from which on an error counts linearly (Huber 1964)
EXTRA = 1  # the second head: what age and size leave unexplained

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Tuning:
    """How the ``part`` of a network learns (Adam): at most ``epochs`` in each fold, of which
    ``waits`` without a gain end it."""

    part: Part
    epochs: int = 8
    waits: int = 2
    batch: int = 32
    rate: float = 1e-4
    seed: int = 0


@dataclass(frozen=True)
class Thumbnails:
    """The network's ``tail`` with what goes into it, and ``embeddings`` of the frozen network."""

    tail: Tail
    embeddings: Floats


def cross_fit_tuned(
    numbers: Numbers, seen: Thumbnails, loss: Loss, tuning: Tuning, kept: Path | None
) -> CrossFit:
    """Five-fold, no channel in two folds; a network is fine-tuned anew in each.

    In a fold, a fifth of the channels that may be learned from only say after which epoch it is
    best, and that may be before the first.

    Args:
        kept: a folder in which each fold is saved after every epoch, to go on there.
    """
    import keras
    import tensorflow as tf

    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(tuning.seed)
    model, start = with_heads(seen.tail.network, 1), seen.tail.network.get_weights()
    for layer in seen.tail.network.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False  # its statistics are worth more than those of a few hundred
    count = len(numbers.counted)
    context, picture, extra = (np.zeros(count) for _ in range(3))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for number, (fit, held) in enumerate(folds.split(numbers.context, groups=numbers.channel)):
        seen.tail.network.set_weights(start)
        known = by_context(numbers.context[fit], numbers.counted[fit], loss)
        left = numbers.counted[fit] - known.predict(numbers.context[fit])
        fold = _Fold(fit, np.stack([numbers.counted[fit], left], axis=1), numbers.channel[fit])
        title = f"{loss}, fold {number + 1} of {FOLDS}"
        keep = None
        if kept is not None:
            told = (seen.embeddings, numbers.counted, numbers.context, tuning, loss, number)
            keep = Keep.of(kept / f"{loss}-{number}".lower(), *told)
        said = _learned(model, seen, fold, loss, tuning, keep, title)(held)
        context[held] = known.predict(numbers.context[held])
        picture[held], extra[held] = said[:, 0], said[:, EXTRA]
    return CrossFit(context, picture, extra)


@dataclass(frozen=True)
class _Fold:
    """The thumbnails ``rows`` that may be learned from, with both targets float64 [n, 2]."""

    rows: Rows
    targets: Doubles
    channel: Rows


def _learned(
    model: Any,
    seen: Thumbnails,
    fold: _Fold,
    loss: Loss,
    tuning: Tuning,
    keep: Keep | None,
    title: str,
) -> Any:
    """Fine-tunes, and returns a function from rows to what both heads say, float64 [n, 2]."""
    import keras
    import tensorflow as tf

    split = GroupShuffleSplit(1, test_size=STOPPED_BY, random_state=tuning.seed)
    learn, stop = next(split.split(fold.targets, groups=fold.channel))
    middle, spread = fold.targets[learn].mean(axis=0), fold.targets[learn].std(axis=0)
    wanted = ((fold.targets - middle) / spread).astype(np.float32)
    _put_heads(model, seen.embeddings[fold.rows[learn]], wanted[learn], fold.channel[learn], loss)
    optimiser = keras.optimizers.Adam(tuning.rate, global_clipnorm=1.0)
    optimiser.build(model.trainable_variables)
    lost = keras.losses.MeanSquaredError() if loss == "squared" else keras.losses.Huber(HUBER)

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def step(rows: Any, truth: Any) -> Any:
        with tf.GradientTape() as tape:
            wrong = lost(truth, model(rows, training=True))
        gradients = tape.gradient(wrong, model.trainable_variables)
        optimiser.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
        return wrong

    @tf.function(reduce_retracing=True)  # type: ignore[untyped-decorator]  # TensorFlow has none
    def look(rows: Any) -> Any:
        return model(rows, training=False)

    def epoch(number: int) -> float:
        chance = np.random.default_rng([tuning.seed, number])
        order, losses = chance.permutation(learn), []
        for at in range(0, len(order), tuning.batch):
            which = order[at : at + tuning.batch]
            rows = _mirrored(seen.tail.batch(fold.rows[which]), chance)
            losses.append(float(step(rows, wanted[which])) * len(which))
        return sum(losses) / len(order)

    def heads(rows: Rows) -> Doubles:
        parts = [rows[at : at + tuning.batch] for at in range(0, len(rows), tuning.batch)]
        found = np.concatenate([np.asarray(look(seen.tail.batch(one))) for one in parts])
        return np.asarray(found, np.float64)

    def score() -> float:
        said = heads(fold.rows[stop])[:, EXTRA].astype(np.float32)
        return -float(lost(wanted[stop, EXTRA][:, None], said[:, None]))

    patience = Patience(tuning.epochs, tuning.waits)
    train_epochs(model, optimiser, epoch, score, patience, title, keep)
    return lambda rows: heads(rows) * spread + middle


def _put_heads(model: Any, embeddings: Floats, wanted: Floats, channel: Rows, loss: Loss) -> None:
    """Both heads as the regressions on the frozen embedding that predict new channels best."""
    pictures = Pictures.of(embeddings)
    with threadpool_limits(1):
        both: list[Linear] = [
            pictures.on_embeddings(
                by_picture(pictures.rows, column.astype(np.float64), channel, loss)
            )
            for column in wanted.T
        ]
    kernel = np.stack([one.weights for one in both], axis=1) / STRETCH
    bias = np.array([one.bias for one in both])
    model.get_layer("heads").set_weights([kernel.astype(np.float32), bias.astype(np.float32)])


def _mirrored(rows: Floats, chance: np.random.Generator) -> Floats:
    """Half of the pictures, or of their feature maps, left to right."""
    turned = chance.random(len(rows)) < 0.5
    rows[turned] = rows[turned, :, ::-1]
    return rows
