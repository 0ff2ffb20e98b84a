"""The seed's autoencoder: four stages of paired convolutions, and the same backwards.

In each stage a 3×3 and a 2×2 convolution look at the same picture; what both found is put side by
side and pooled. The decoder has the same pairs and doubles the sides instead.
"""

from __future__ import annotations

from typing import Any

FILTERS = (16, 32, 32, 8)  # of each convolution of a pair, from the picture inwards
POOL = 2
STEP: int = POOL ** len(FILTERS)  # the sides of a canvas are a multiple of this


def latent_length(side: int) -> int:
    """How many numbers the latent vector of a canvas has."""
    cells = side // STEP
    return cells * cells * 2 * FILTERS[-1]


def networks(side: int) -> tuple[Any, Any]:
    """Keras models: the autoencoder, and its encoder.

    The autoencoder turns float32 [n, side, side, 3] in 0..1 into the same shape; the encoder into
    feature maps [n, side / 16, side / 16, 16], which flattened are the latent vector.
    """
    import keras

    layers = keras.layers
    picture = keras.Input((side, side, 3))
    found = picture
    for filters in FILTERS:
        found = layers.MaxPooling2D(POOL)(_pair(found, filters))
    latent = found
    for filters in reversed(FILTERS):
        found = layers.UpSampling2D(POOL)(_pair(found, filters))
    again = layers.Conv2D(3, 3, padding="same", activation="sigmoid")(found)
    return keras.Model(picture, again), keras.Model(picture, latent)


def masked_cross_entropy(pixels: Any, again: Any, there: Any) -> Any:
    """Binary cross-entropy of each picture's own pixels, the mean of the batch.

    All are float tensors [n, side, side, channels]: pixels and reconstruction in 0..1, and 1 where
    the picture is. What is around it counts nothing.
    """
    from keras import ops

    again = ops.clip(again, 1e-7, 1 - 1e-7)
    lost = -(pixels * ops.log(again) + (1 - pixels) * ops.log(1 - again))
    own = ops.sum(lost * there, axis=(1, 2, 3)) / (3 * ops.sum(there, axis=(1, 2, 3)))
    return ops.mean(own)


def _pair(found: Any, filters: int) -> Any:
    import keras

    layers = keras.layers
    wide = layers.Conv2D(filters, 3, padding="same", activation="relu")(found)
    narrow = layers.Conv2D(filters, 2, padding="same", activation="relu")(found)
    return layers.Concatenate()([wide, narrow])
