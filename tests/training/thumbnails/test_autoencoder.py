"""Thumbnails to latent vectors, whole, in their own aspect.

One module, because TensorFlow takes seconds to import.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.training.thumbnails.channels import write_channels
from tests.videos.clips import clip, shot, texture
from thumbnails import Latent, ThumbnailBundleError, distances
from thumbnails.canvas import Canvases, letterbox
from training.__main__ import main
from training.errors import TrainingError
from training.fit.keep import Keep
from training.thumbnails.autoencoder import latent_length, masked_cross_entropy, networks
from training.thumbnails.channels import held_back, open_pictures, read_videos
from training.thumbnails.reconstruct import Schedule, reconstruct

SIDE = 32


@pytest.fixture(scope="module")
def channels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_channels(tmp_path_factory.mktemp("channels") / "data", 8, 2, effect=1)


@pytest.fixture(scope="module")
def canvases(channels: Path) -> Canvases:
    _, images = open_pictures(read_videos(channels))
    return Canvases.of(images, SIDE)


@pytest.fixture(scope="module")
def trained(channels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("autoencoder") / "small"
    asked = ["autoencoder", str(channels), "--out", str(out), "--side", str(SIDE)]
    assert main([*asked, "--epochs", "2"]) == 0
    return out


@pytest.mark.parametrize(
    ("size", "place"), [((64, 36), (0, 7, 32, 25)), ((36, 64), (7, 0, 25, 32)), ((9, 9), (0,) * 4)]
)
def test_a_picture_keeps_its_aspect(size: tuple[int, int], place: tuple[int, ...]) -> None:
    pixels, there = letterbox(Image.new("RGB", size, (200, 200, 200)), SIDE)
    left, top, right, bottom = place if any(place) else (0, 0, SIDE, SIDE)
    assert there[top:bottom, left:right].all()
    assert there.sum() == (bottom - top) * (right - left)
    assert (pixels[there[..., 0] == 1] == 200).all()
    assert (pixels[there[..., 0] == 0] == 0).all()


def test_the_network_is_the_seeds() -> None:
    model, encoder = networks(SIDE)
    kernels = [layer.kernel_size for layer in encoder.layers if hasattr(layer, "kernel_size")]
    assert sorted(kernels) == [(2, 2)] * 4 + [(3, 3)] * 4
    assert int(np.prod(encoder.output_shape[1:])) == latent_length(SIDE)
    assert model.output_shape == model.input_shape


def test_what_is_around_a_picture_counts_nothing() -> None:
    random = np.random.default_rng(0)
    pixels, again = random.random((2, 1, 4, 4, 3))
    there = np.zeros((1, 4, 4, 1))
    there[:, 1:3] = 1
    other = np.where(there == 1, again, 0.99)
    expected = -(pixels * np.log(again) + (1 - pixels) * np.log(1 - again))[:, 1:3].mean()
    assert float(masked_cross_entropy(pixels, again, there)) == pytest.approx(expected)
    assert float(masked_cross_entropy(pixels, other, there)) == pytest.approx(expected)


@pytest.mark.usefixtures("eagerly")
def test_a_training_that_was_stopped_ends_where_it_would_have_ended(
    canvases: Canvases, tmp_path: Path
) -> None:
    keep = Keep.of(tmp_path, "test")
    whole = reconstruct(canvases, canvases, Schedule(epochs=2), None)
    reconstruct(canvases, canvases, Schedule(epochs=1), keep)
    again = reconstruct(canvases, canvases, Schedule(epochs=2), keep)
    assert again.progress == whole.progress
    assert whole.progress.scores[1] > whole.progress.scores[0]
    for one, other in zip(again.encoder.get_weights(), whole.encoder.get_weights(), strict=True):
        assert (one == other).all()


def test_some_channels_are_held_back(channels: Path, trained: Path) -> None:
    metrics = Latent(trained).manifest.metrics
    apart = [held_back(video.channel, 0.3, 0) for video in read_videos(channels)]
    assert metrics["held back"] == sum(apart) > 0
    assert metrics["pictures"] == len(apart) - sum(apart)


def test_a_run_that_fails_leaves_the_bundle_of_the_run_before(
    channels: Path, trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its manifest was removed before the training, which takes hours and may be stopped."""
    out = shutil.copytree(trained, tmp_path / "out")
    (tmp_path / "file").write_bytes(b"no folder")
    asked = ["autoencoder", str(channels), "--out", str(out), "--side", str(SIDE)]
    assert main([*asked, "--epochs", "1", "--resume", str(tmp_path / "file")]) == 2
    assert "file" in capsys.readouterr().err
    assert Latent(out).manifest == Latent(trained).manifest


def test_pictures_that_look_alike_have_latent_vectors_that_are_near(trained: Path) -> None:
    latent = Latent(trained)
    images = [Image.fromarray(texture(1)), Image.fromarray(texture(2))]
    smaller = images[0].resize((images[0].width // 2, images[0].height // 2))
    vectors = latent.vectors([*images, smaller])
    assert vectors.shape == (3, latent.manifest.length)
    near, far = distances(vectors[2:], vectors[:1])[0], distances(vectors[2:], vectors[1:2])[0]
    assert near < far
    assert latent.vectors([]).shape == (0, latent.manifest.length)


def test_the_thumbnail_command_tells_latent_distances(
    trained: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    video = clip(tmp_path / "a.mp4", [*shot(texture(1), 1), *shot(texture(2), 1)])
    style = tmp_path / "style"
    style.mkdir()
    Image.fromarray(texture(2)).save(style / "a.png")
    asked = ["thumbnails", "--json", str(video), "-k", "2", "--latent", str(trained)]
    assert main([*asked, "--references", str(style)]) == 0
    frames = json.loads(capsys.readouterr().out)["frames"]
    first, second = sorted(frames, key=lambda frame: frame["time"])
    assert second["latent_distance"] < first["latent_distance"]
    assert main(asked) == 1
    assert "--references" in capsys.readouterr().out


def test_a_changed_file_is_refused(trained: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(trained, tmp_path / "copy"))
    with (copy / "backbone.bin").open("ab") as file:
        file.write(b" ")
    with pytest.raises(ThumbnailBundleError, match=r"backbone\.bin is not the file"):
        Latent(copy)
    with pytest.raises(ThumbnailBundleError, match="is no autoencoder"):
        Latent(tmp_path)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("video_id,views\na,1\n", "lacks the columns channel_hash"),
        ("video_id,channel_hash,category,views,subscribers,days\na,c,f,x,1,1\n", "row 2"),
        ("video_id,channel_hash,category,views,subscribers,days\na,c,f,-1,1,1\n", "negative"),
        ("video_id,channel_hash,category,views,subscribers,days\n../a,c,f,1,1,1\n", "no id"),
        ("video_id,channel_hash,category,views,subscribers,days\na,c,f,1,1,1\n", "no picture"),
    ],
)
def test_a_table_that_cannot_be_used_says_why(tmp_path: Path, table: str, said: str) -> None:
    (tmp_path / "videos.csv").write_text(table, "utf-8")
    with pytest.raises(TrainingError, match=said):
        read_videos(tmp_path)
