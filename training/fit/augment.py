"""Batches of photographs, each time cut, mirrored and tinted differently."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.fit.backbones import Backbone

SMALLEST_CROP = 0.45  # share of the photograph's area


def batches(
    pixels: NDArray[np.uint8],
    targets: NDArray[np.float32],
    weights: NDArray[np.float32],
    backbone: Backbone,
    size: int,
    batch: int,
    seed: int,
) -> Any:
    """A tf.data set of (float32 [batch, size, size, 3] as the backbone takes it, targets, weights).

    ``pixels`` is uint8 [n, side, side, 3] with ``side`` at least ``size``.
    """
    import tensorflow as tf

    tf.random.set_seed(seed)
    index = tf.data.Dataset.range(len(pixels)).shuffle(len(pixels), seed=seed).batch(batch)

    def fetch(rows: NDArray[np.int64]) -> NDArray[np.uint8]:
        return pixels[rows]

    def one(rows: Any) -> Any:
        images = tf.numpy_function(fetch, [rows], tf.uint8)
        images = tf.ensure_shape(images, (None, *pixels.shape[1:]))
        images = tint(cut(tf.cast(images, tf.float32), size))
        return (
            images * backbone.scale + backbone.offset,
            tf.gather(tf.constant(targets), rows),
            tf.gather(tf.constant(weights), rows),
        )

    return index.map(one, num_parallel_calls=2).prefetch(2)


def cut(images: Any, size: int) -> Any:
    """A random rectangle of each image, mirrored half of the time, as a square of ``size``.

    ``images`` is float32 [n, side, side, 3] from 0 to 255. Some lose detail.
    """
    import tensorflow as tf

    count = tf.shape(images)[0]
    area = tf.random.uniform([count], SMALLEST_CROP, 1.0)
    stretch = tf.exp(tf.random.uniform([count], -0.28, 0.28))  # between 3:4 and 4:3
    height = tf.minimum(tf.sqrt(area * stretch), 1.0)
    width = tf.minimum(tf.sqrt(area / stretch), 1.0)
    top = tf.random.uniform([count]) * (1 - height)
    left = tf.random.uniform([count]) * (1 - width)
    mirrored = tf.random.uniform([count]) < 0.5
    start, end = left, left + width
    boxes = tf.stack(
        [top, tf.where(mirrored, end, start), top + height, tf.where(mirrored, start, end)], axis=1
    )
    found = tf.image.crop_and_resize(images, boxes, tf.range(count), (size, size))
    return _soften(found, size)


def _soften(images: Any, size: int) -> Any:
    """Four images in ten lose detail, lest "small photograph" be learned as a label's sign."""
    import tensorflow as tf

    side = tf.random.uniform([], size // 3, size, dtype=tf.int32)
    soft = tf.image.resize(tf.image.resize(images, (side, side), antialias=True), (size, size))
    chosen = tf.random.uniform([tf.shape(images)[0], 1, 1, 1]) < 0.4
    return tf.where(chosen, soft, images)


def tint(images: Any) -> Any:
    """Light, contrast and colour of another camera; one image in ten without colour."""
    import tensorflow as tf

    shape = [tf.shape(images)[0], 1, 1, 1]
    grey = tf.image.rgb_to_grayscale(images)
    colour = tf.random.uniform(shape, 0.5, 1.4) * tf.cast(
        tf.random.uniform(shape) > 0.1, tf.float32
    )
    images = grey + (images - grey) * colour
    mean = tf.reduce_mean(images, axis=[1, 2, 3], keepdims=True)
    images = mean + (images - mean) * tf.random.uniform(shape, 0.7, 1.3)
    warmth = tf.random.uniform([tf.shape(images)[0], 1, 1, 3], 0.9, 1.1)
    images = images * warmth * tf.random.uniform(shape, 0.75, 1.25)
    return tf.clip_by_value(images, 0.0, 255.0)
