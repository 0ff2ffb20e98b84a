"""Networks of two layers in place of those of ``keras.applications``.

``tests/training/fit/test_backbones.py`` builds and trains each of the latter;
``tests/classifiers/test_agreement.py`` exports one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from training.fit import backbones
from training.fit.backbones import BACKBONES, Backbone

SIDE = 32
LOWER = "first"  # the layer after the first convolution


def two_layers(backbone: Backbone) -> Callable[..., Any]:
    """Builds two convolutions in place of a backbone, ``LOWER`` between them."""

    def build(input_shape: tuple[int, int, int], weights: None, include_top: bool) -> Any:
        import keras

        layers = keras.layers
        pixels = keras.Input(input_shape)
        seen = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False)(pixels)
        seen = layers.ReLU(name=LOWER)(layers.BatchNormalization()(seen))
        seen = layers.Conv2D(backbone.dimension, 3, strides=2, padding="same")(seen)
        return keras.Model(pixels, layers.ReLU()(seen))

    return build


@contextmanager
def small_networks(dimensions: dict[str, int]) -> Iterator[None]:
    """Some backbones have two layers, embeddings of so many numbers and take 32 pixels."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backbones, "_network", two_layers)
        for name, dimension in dimensions.items():
            cut = replace(BACKBONES[name], size=SIDE, layer=None, dimension=dimension)
            patch.setitem(BACKBONES, name, cut)
        yield
