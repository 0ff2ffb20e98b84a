"""The thesis's text–image network: five modules of one-dimensional convolution."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from items.inputs import Layout

KERNELS = (32, 64, 128, 64, 16)
FILTERS = (128, 256, 512, 1024, 2048)
POOL, DROPOUT, DIMENSION = 2, 0.3, 256


def conv_fusion(
    layout: Layout, width: float = 1.0, front: Callable[[Any], Any] | None = None
) -> Any:
    """A Keras model from float32 [n, text + picture] to [n, 256] of norm 1.

    ``width`` multiplies the numbers of filters: 1 is the thesis's network, which takes 24 billion
    multiplications for an item of 2,048 numbers. ``front`` turns the text's part into numbers.
    """
    import keras

    layers = keras.layers
    inputs = keras.Input((layout.width,))
    text = inputs[:, slice(*layout.text)]
    picture = inputs[:, slice(*layout.picture)]
    text = _even(text) if front is None else front(text)
    numbers = layers.Concatenate()([text, _even(picture)])
    found = layers.Reshape((-1, 1))(numbers)
    for kernel, filters in zip(KERNELS, FILTERS, strict=True):
        count = max(1, round(filters * width))
        found = layers.Conv1D(count, kernel, strides=1, padding="same", activation="relu")(found)
        found = layers.MaxPooling1D(POOL, strides=POOL, padding="same")(found)
        found = layers.Dropout(DROPOUT)(found)
    found = layers.Dense(DIMENSION, dtype="float32")(layers.Flatten()(found))
    return keras.Model(inputs, layers.UnitNormalization(dtype="float32")(found))


def _even(part: Any) -> Any:
    """A part of norm 1 stretched so that its numbers have a mean square of 1."""
    return part * math.sqrt(part.shape[1])
