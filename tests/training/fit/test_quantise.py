"""A network in eight-bit integers sees what it saw in floating point, but for the rounding."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
from openvino import opset13 as layers

from classifiers.bundle import NETWORK
from training.data.folder import read_data
from training.data.labels import Meanings
from training.data.photo import Photo
from training.errors import TrainingError
from training.fit.backbones import BACKBONES
from training.fit.frozen import Frozen
from training.fit.quantise import EXAMPLES, drawn, examples, quantised

SIDE, CHANNELS = 32, 16


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """Two convolutions, exported as a backbone is."""
    random = np.random.default_rng(3)
    folder = tmp_path_factory.mktemp("network")
    pixels = layers.parameter([-1, SIDE, SIDE, 3], np.float32)
    seen = layers.transpose(pixels, [0, 3, 1, 2])
    for before, after in ((3, 8), (8, CHANNELS)):
        kernel = random.normal(0, 0.3, (after, before, 3, 3)).astype(np.float32)
        seen = layers.relu(layers.convolution(seen, kernel, [2, 2], [1, 1], [1, 1], [1, 1]))
    features = layers.transpose(seen, [0, 2, 3, 1])
    openvino.save_model(openvino.Model([features], [pixels]), folder / NETWORK)
    return Frozen(folder, replace(BACKBONES["mobilenetv2"], dimension=CHANNELS), SIDE)


@pytest.fixture(scope="module")
def photos(album: Path, meanings: Meanings) -> list[Photo]:
    return read_data(album, meanings)[::10]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def integers(network: Frozen, photos: list[Photo], cache: Path) -> Frozen:
    return quantised(network, SIDE, photos, 0, cache)


def test_it_says_nearly_the_same_in_another_arithmetic(network: Frozen, integers: Frozen) -> None:
    assert (network.precision, integers.precision) == ("float32", "int8")
    pixels = np.random.default_rng(1).integers(0, 256, (8, SIDE, SIDE, 3)).astype(np.uint8)
    exact, rounded = network.embedder(1)(pixels), integers.embedder(1)(pixels)
    assert (exact * rounded).sum(axis=1).min() > 0.99
    assert not np.array_equal(exact, rounded)


def test_every_weight_has_seven_bits(integers: Frozen) -> None:
    """Eight would overflow where a processor adds pairs of products in sixteen bits."""
    read = openvino.Core().read_model(integers.folder / NETWORK)
    weights = [node.data for node in read.get_ops() if node.get_element_type() == openvino.Type.i8]
    assert sorted(one.shape for one in weights) == [(8, 3, 3, 3), (CHANNELS, 8, 3, 3)]
    assert all(one.min() >= -64 and one.max() <= 63 for one in weights)
    kinds = {layer.get("type") for layer in ET.parse(integers.folder / NETWORK).iter("layer")}  # noqa: S314 (written above)
    assert "FakeQuantize" in kinds


def test_it_is_kept_for_these_photographs_this_size_and_this_seed(
    network: Frozen, integers: Frozen, photos: list[Photo], cache: Path
) -> None:
    before = (integers.folder / NETWORK).stat().st_mtime_ns
    assert quantised(network, SIDE, photos, 0, cache) == integers
    assert (integers.folder / NETWORK).stat().st_mtime_ns == before
    assert [one.name for one in cache.iterdir()] == [integers.folder.name]
    assert quantised(network, SIDE, photos[1:], 0, cache).folder != integers.folder


def test_ranges_come_from_each_source_in_turn() -> None:
    many = [Photo(Path(), frozenset(), "many", name=str(n)) for n in range(3 * EXAMPLES)]
    few = [Photo(Path(), frozenset(), "few", name=str(n)) for n in range(7)]

    def names(photos: list[Photo], seed: int) -> list[str]:
        return [f"{photo.source} {photo.name}" for photo in drawn(photos, seed)]

    chosen = names([*many, *few], 0)
    assert Counter(name.split()[0] for name in chosen) == {"many": EXAMPLES - 7, "few": 7}
    assert names([*few, *many], 0) == chosen
    assert names([*many, *few], 1) != chosen
    assert len(names(few, 0)) == 7


def test_photographs_that_cannot_be_read_give_no_ranges(
    photos: list[Photo], tmp_path: Path
) -> None:
    """One broken file among them ended the run, which leaves such files out."""
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0broken")
    broken = [Photo(tmp_path / name, frozenset({"food"})) for name in ("broken.jpg", "gone.jpg")]
    assert examples([*broken, *photos], SIDE, 0) == drawn(photos, 0)
    with pytest.raises(TrainingError, match="None of the photographs could be read"):
        examples(broken, SIDE, 0)
