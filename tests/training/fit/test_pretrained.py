"""Weights of a network of ``keras.applications`` itself that cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.errors import TrainingError
from training.fit.backbones import BACKBONES, pretrained

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
