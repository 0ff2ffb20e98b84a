"""The networks that can be the backbone: input, embedding size, licence, and how to build each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from training.errors import TrainingError


@dataclass(frozen=True)
class Backbone:
    """A network of ``keras.applications``, cut at a layer.

    ``dimension`` counts the numbers of its embedding, ``size`` is the side of its square input in
    pixels, which become ``pixel * scale + offset``. ``layer`` is the layer it is cut at (None: the
    last). ``licence`` is that of the ImageNet weights which Keras downloads.
    """

    name: str
    network: str
    layer: str | None
    dimension: int
    size: int
    scale: float
    offset: float
    licence: str

    @property
    def smallest(self) -> int:
        """The smallest side of the input in pixels that the network can be built for."""
        return _SMALLEST.get(self.network, 32)


_SMALLEST = {"InceptionV3": 75, "Xception": 71}
_APACHE = "Apache-2.0"
_UNIT = (1 / 127.5, -1.0)
_RAW = (1.0, 0.0)  # these networks scale their pixels themselves

_ALL = (
    Backbone("efficientnetv2b0", "EfficientNetV2B0", None, 1280, 224, *_RAW, _APACHE),
    Backbone("efficientnetv2b1", "EfficientNetV2B1", None, 1280, 240, *_RAW, _APACHE),
    Backbone("efficientnetv2b2", "EfficientNetV2B2", None, 1408, 260, *_RAW, _APACHE),
    Backbone("efficientnetv2b3", "EfficientNetV2B3", None, 1536, 300, *_RAW, _APACHE),
    Backbone("efficientnetv2s", "EfficientNetV2S", None, 1280, 384, *_RAW, _APACHE),
    Backbone("efficientnetb0", "EfficientNetB0", None, 1280, 224, *_RAW, _APACHE),
    Backbone("efficientnetb1", "EfficientNetB1", None, 1280, 240, *_RAW, _APACHE),
    Backbone("efficientnetb2", "EfficientNetB2", None, 1408, 260, *_RAW, _APACHE),
    Backbone("efficientnetb3", "EfficientNetB3", None, 1536, 300, *_RAW, _APACHE),
    Backbone("efficientnetb4", "EfficientNetB4", None, 1792, 380, *_RAW, _APACHE),
    Backbone("inceptionv3", "InceptionV3", None, 2048, 299, *_UNIT, _APACHE),
    Backbone("inceptionv3-mixed8", "InceptionV3", "mixed8", 1280, 224, *_UNIT, _APACHE),
    Backbone("mobilenetv2", "MobileNetV2", None, 1280, 224, *_UNIT, _APACHE),
    Backbone("resnet50v2", "ResNet50V2", None, 2048, 224, *_UNIT, _APACHE),
    Backbone("xception", "Xception", None, 2048, 299, *_UNIT, _APACHE),
)
BACKBONES = {backbone.name: backbone for backbone in _ALL}
DEFAULT = "efficientnetv2b0"
_STRETCHED = frozenset(f"EfficientNetB{number}" for number in range(5))
_DEVIATIONS = np.array([0.229, 0.224, 0.225], np.float32)  # of ImageNet's channels


def pretrained(backbone: Backbone, size: int, weights: Path | None) -> Any:
    """A Keras model from float32 [n, size, size, 3] to feature maps [n, h, w, dimension].

    ``weights`` is a file of no-top weights; None lets Keras download the ImageNet weights. Raises
    TrainingError where the weights cannot be had or do not fit.
    """
    if weights is not None and not weights.is_file():
        raise TrainingError(f"The weights file {weights} does not exist.")
    network = _network(backbone)
    model = network(weights=None, **_options(backbone, size))
    if weights is None:
        model.set_weights(_downloaded(network, _options(backbone, size)).get_weights())
    else:
        _load(model, weights, backbone)
    if backbone.network in _STRETCHED:
        _fold_stretch(model)
    return _cut(model, backbone)


def untrained(backbone: Backbone, size: int, precision: str) -> Any:
    """The same network with random weights, computing in "float32" or "mixed_bfloat16".

    Its variables are float32 either way.
    """
    import keras

    keras.config.set_dtype_policy(precision)
    try:
        return _cut(_network(backbone)(weights=None, **_options(backbone, size)), backbone)
    finally:
        keras.config.set_dtype_policy("float32")


def random_start(backbone: Backbone, size: int, seed: int) -> Any:
    """A float32 Keras model like ``pretrained`` whose weights are random, the same for a seed."""
    import keras

    keras.utils.set_random_seed(seed)
    return untrained(backbone, size, "float32")


def _fold_stretch(model: Any) -> None:
    """Puts into the normalisation what Keras adds as a layer only when it downloads the weights.

    Pixels are divided by the square root of each channel's deviation, so that the variance, whose
    root they are divided by anyway, is multiplied by it. With the layer, the network would differ
    from one built without a download, and their weights could not be exchanged.
    """
    layer = model.get_layer("normalization")
    mean, variance, *rest = layer.get_weights()
    layer.set_weights([mean, variance * _DEVIATIONS, *rest])
    layer.finalize_state()


def _network(backbone: Backbone) -> Any:
    import keras  # here, because TensorFlow takes seconds to import and most commands need none

    return getattr(keras.applications, backbone.network)


def _options(backbone: Backbone, size: int) -> dict[str, Any]:
    if size < backbone.smallest:
        raise TrainingError(
            f"{backbone.name} takes {backbone.smallest} pixels at least, not {size}."
        )
    return {"include_top": False, "input_shape": (size, size, 3)}


def _cut(model: Any, backbone: Backbone) -> Any:
    import keras

    output = model.output if backbone.layer is None else model.get_layer(backbone.layer).output
    return keras.Model(model.input, output, name="backbone")


def _downloaded(network: Any, options: dict[str, Any]) -> Any:
    try:
        return network(weights="imagenet", **options)
    except Exception as error:  # Keras passes on whatever the connection raised
        raise TrainingError(
            "The ImageNet weights could not be downloaded: check the connection, or name a file of "
            f"them with --weights. (Keras says: {_one_line(error)})"
        ) from error


def _load(model: Any, weights: Path, backbone: Backbone) -> None:
    try:
        model.load_weights(weights)
    except Exception as error:  # h5py and Keras raise many kinds for a file that is another's
        raise TrainingError(
            f"{weights} does not hold no-top weights of {backbone.network}: name the file that "
            f"belongs to --backbone {backbone.name}. (Keras says: {_one_line(error)})"
        ) from error


def _one_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
