"""Weights of a network of ``keras.applications`` itself that cannot be had."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.training.small import two_layers
from training.errors import TrainingError
from training.fit.backbones import BACKBONES, pretrained
from training.fit.frozen import frozen, kept

pytestmark = pytest.mark.timeout(300)  # on a busy machine, TensorFlow's import alone takes long


def test_a_failed_download_names_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise OSError("URL fetch failure")

    monkeypatch.setattr("keras.src.utils.file_utils.get_file", offline)
    with pytest.raises(TrainingError, match="--weights"):
        pretrained(BACKBONES["mobilenetv2"], 96, None)


def test_a_file_of_another_networks_weights_is_told(tmp_path: Path) -> None:
    import keras

    pixels = keras.Input((32, 32, 3))
    path = tmp_path / "other.weights.h5"
    keras.Model(pixels, keras.layers.Conv2D(4, 3)(pixels)).save_weights(path)
    with pytest.raises(TrainingError, match="does not hold no-top weights of MobileNetV2"):
        pretrained(BACKBONES["mobilenetv2"], 32, path)


def test_weights_that_are_not_there_are_told_whatever_the_cache_holds(tmp_path: Path) -> None:
    """A name written wrongly was answered by the weights that Keras had downloaded before."""
    backbone = BACKBONES["mobilenetv2"]

    def build() -> Any:
        return two_layers(backbone)((32, 32, 3), weights=None, include_top=False)

    downloaded = kept(backbone, 32, "imagenet", tmp_path, build)
    assert downloaded.folder.is_dir()
    with pytest.raises(TrainingError, match=r"The weights file .*typo.h5 does not exist"):
        frozen(backbone, 32, tmp_path / "typo.h5", tmp_path)
