"""Fine-tuned networks: measured on channels they did not see, in the frozen ones' place.

One module, because TensorFlow takes seconds to import.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.training.thumbnails.channels import write_channels
from training.__main__ import main
from training.engagement import tuned
from training.engagement.effect import cross_fit, effect
from training.engagement.models import Pictures
from training.engagement.numbers import Numbers, numbers_of
from training.engagement.tail import Tail, tail_of
from training.engagement.tuned import Thumbnails, Tuning, cross_fit_tuned
from training.errors import TrainingError
from training.fit.backbones import BACKBONES, random_start
from training.thumbnails.channels import open_pictures, read_videos

SIDE = 8


def network() -> Any:
    """A small network with random weights, the same each time."""
    import keras

    keras.utils.set_random_seed(0)
    picture = keras.Input((SIDE, SIDE, 3))
    found = keras.layers.Conv2D(4, 3, activation="relu", name="first")(picture)
    found = keras.layers.BatchNormalization()(found)
    return keras.Model(picture, keras.layers.Conv2D(6, 3, activation="relu")(found))


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Numbers, np.ndarray[Any, Any]]:
    """What was counted, and thumbnails of a few pixels."""
    data = write_channels(tmp_path_factory.mktemp("channels") / "data", 30, 2, effect=4)
    videos, images = open_pictures(read_videos(data))
    pixels = np.stack([np.asarray(image.resize((SIDE, SIDE)), np.uint8) for image in images])
    return numbers_of(videos, "views"), pixels


def seen(pixels: np.ndarray[Any, Any]) -> Thumbnails:
    tail = Tail(network(), pixels, 1 / 255, 0.0)
    maps = np.asarray(tail.network(tail.batch(np.arange(len(pixels)))))
    pooled = maps.mean(axis=(1, 2))
    return Thumbnails(tail, pooled / np.linalg.norm(pooled, axis=1, keepdims=True))


def test_without_an_epoch_it_says_what_the_frozen_network_says(
    numbers: tuple[Numbers, np.ndarray[Any, Any]],
) -> None:
    known, pixels = numbers
    thumbnails = seen(pixels)
    said = cross_fit_tuned(known, thumbnails, "squared", Tuning("all", epochs=0), None)
    frozen = cross_fit(known, Pictures.of(thumbnails.embeddings).rows, "squared")
    # Other folds, and a fifth of the channels less to be fitted to: alike, not the same.
    assert np.corrcoef(said.extra, frozen.extra)[0, 1] > 0.8


def test_a_run_that_was_stopped_ends_where_it_would_have_ended(
    numbers: tuple[Numbers, np.ndarray[Any, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuned, "FOLDS", 2)  # TensorFlow takes a second to compile each
    known, pixels = numbers
    whole = cross_fit_tuned(known, seen(pixels), "Huber", Tuning("all", epochs=2), None)
    first = Tuning("all", epochs=2)
    cross_fit_tuned(known, seen(pixels), "Huber", first, tmp_path)
    files = list(tmp_path.glob("huber-1/*"))  # as if it had been stopped in the second fold
    assert files
    for file in files:
        file.unlink()
    again = cross_fit_tuned(known, seen(pixels), "Huber", first, tmp_path)
    np.testing.assert_array_equal(again.extra, whole.extra)
    np.testing.assert_array_equal(again.picture, whole.picture)
    told = effect(known, whole, "Huber", "all of it fine-tuned")
    assert (told.network, told.loss) == ("all of it fine-tuned", "Huber")


def test_the_last_stage_alone_is_the_rest_of_the_network() -> None:
    backbone = BACKBONES["mobilenetv2"]
    whole = random_start(backbone, 32, 0)
    pixels = np.random.default_rng(0).integers(0, 255, (3, 32, 32, 3)).astype(np.uint8)
    every = np.arange(3)
    parts = {part: tail_of(whole, backbone, pixels, part) for part in ("last", "all")}
    last, both = (
        np.asarray(parts[one].network(parts[one].batch(every))) for one in ("last", "all")
    )
    np.testing.assert_allclose(last, both, atol=1e-2)
    assert parts["last"].network.count_params() < parts["all"].network.count_params()


def test_an_unknown_last_stage_is_told() -> None:
    with pytest.raises(TrainingError, match="fine-tune all of it"):
        tail_of(network(), BACKBONES["xception"], np.zeros((1, SIDE, SIDE, 3), np.uint8), "last")


def test_what_serves_cannot_learn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["engagement", str(tmp_path), "--out", str(tmp_path / "out"), "--fine-tune", "last"]
    assert main(asked) == 2
    assert "needs --backbone" in capsys.readouterr().err
