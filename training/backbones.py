"""The networks that can be the backbone, with what must be known of each before it is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


_ALL = (
    Backbone("efficientnetv2b0", "EfficientNetV2B0", None, 1280, 224, 1.0, 0.0, "Apache-2.0"),
    Backbone("inceptionv3", "InceptionV3", None, 2048, 299, 1 / 127.5, -1.0, "Apache-2.0"),
    Backbone("mobilenetv2", "MobileNetV2", None, 1280, 224, 1 / 127.5, -1.0, "Apache-2.0"),
    Backbone(
        "inceptionv3-mixed8", "InceptionV3", "mixed8", 1280, 224, 1 / 127.5, -1.0, "Apache-2.0"
    ),
)
BACKBONES = {backbone.name: backbone for backbone in _ALL}
DEFAULT = "efficientnetv2b0"


def pretrained(backbone: Backbone, size: int, weights: Path | None) -> Any:
    """A Keras model from float32 [n, size, size, 3] to feature maps [n, h, w, dimension].

    ``weights`` is a file of no-top weights; None lets Keras download the ImageNet weights. Raises
    TrainingError where the weights cannot be had or do not fit.
    """
    network = _network(backbone)
    if weights is None:
        return _cut(_downloaded(network, _options(size)), backbone)
    model = network(weights=None, **_options(size))
    _load(model, weights, backbone)
    return _cut(model, backbone)


def untrained(backbone: Backbone, size: int, precision: str) -> Any:
    """The same network with random weights, computing in "float32" or "mixed_bfloat16".

    Its variables are float32 either way.
    """
    import keras

    keras.config.set_dtype_policy(precision)
    try:
        return _cut(_network(backbone)(weights=None, **_options(size)), backbone)
    finally:
        keras.config.set_dtype_policy("float32")


def _network(backbone: Backbone) -> Any:
    import keras  # here, because TensorFlow takes seconds to import and most commands need none

    return getattr(keras.applications, backbone.network)


def _options(size: int) -> dict[str, Any]:
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
    if not weights.is_file():
        raise TrainingError(f"The weights file {weights} does not exist.")
    try:
        model.load_weights(weights)
    except Exception as error:  # h5py and Keras raise many kinds for a file that is another's
        raise TrainingError(
            f"{weights} does not hold no-top weights of {backbone.network}: name the file that "
            f"belongs to --backbone {backbone.name}. (Keras says: {_one_line(error)})"
        ) from error


def _one_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
