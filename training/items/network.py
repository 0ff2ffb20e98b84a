"""Text–image networks: an item's parts to one vector."""

from __future__ import annotations

from typing import Any

from items.inputs import Layout
from training.items.concatenation import SHARES, Concatenation

DROPOUT = 0.3


def mlp_fusion(layout: Layout, start: Concatenation, width: int = 512) -> Any:
    """A Keras model from float32 [n, width of the input] to [n, dimension] of norm 1.

    It begins as the concatenation: a linear layer, and beside it a hidden layer of ``width`` units
    whose part of the sum is zero at first.
    """
    import keras

    layers = keras.layers
    dimension = start.projection.shape[1]
    inputs = keras.Input((layout.width,))
    whole = layers.Concatenate()(_parts(inputs, layout, start))
    straight = layers.Dense(dimension, use_bias=False, name="straight")
    bent = layers.Dropout(DROPOUT)(whole)
    bent = layers.Dense(width, activation="gelu")(bent)
    bent = layers.Dropout(DROPOUT)(bent)
    bent = layers.Dense(dimension, kernel_initializer="zeros", name="bent")(bent)
    vector = layers.UnitNormalization()(layers.Add()([straight(whole), bent]))
    model = keras.Model(inputs, vector)
    straight.set_weights([start.projection])
    model.get_layer("axes").set_weights([start.axes, -start.centre])
    return model


def _parts(inputs: Any, layout: Layout, start: Concatenation) -> list[Any]:
    """Text, tags, period and picture, each of its share of the norm."""
    import keras
    from keras import ops

    def part(place: tuple[int, int]) -> Any:
        return inputs[:, place[0] : place[1]]

    picture = part(layout.picture)
    there = ops.cast(ops.any(picture != 0, axis=1, keepdims=True), "float32")
    seen = keras.layers.Dense(start.axes.shape[1], name="axes")(picture)
    seen = keras.layers.UnitNormalization()(seen * there)
    parts = (part(layout.text), part(layout.tags), part(layout.period), seen)
    return [share * one for share, one in zip(SHARES, parts, strict=True)]
