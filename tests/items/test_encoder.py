from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import run

import numpy as np
import pytest

from items import Item, ItemBundle, ItemBundleError, ItemEncoder
from items.bundle import NETWORK

SEEN = np.random.default_rng(3).normal(size=(2, 1280)).astype(np.float32)
FILM = Item("Outer space", "Robots attack a ship in space.", ("Sci-Fi",), 1982, SEEN)


def test_a_vector_has_256_numbers_and_norm_1(encoder: ItemEncoder) -> None:
    vectors = encoder.vectors([FILM, replace(FILM, year=None)])
    assert vectors.shape == (2, 256)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-4)


@pytest.mark.parametrize(
    "item",
    [
        Item(title="Space"),
        Item(text="로봇이 우주에서 싸운다"),
        Item(tags=("Horror",)),
        Item(year=1960),
        Item(pictures=SEEN[:1]),
    ],
)
def test_one_part_of_an_item_is_enough(encoder: ItemEncoder, item: Item) -> None:
    (vector,) = encoder.vectors([item])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-4)


def test_an_item_of_which_nothing_is_known_gives_zeros(encoder: ItemEncoder) -> None:
    empty = [Item(), Item(text="qqqzzz", pictures=np.empty((0, 1280), np.float32))]
    assert not encoder.vectors(empty).any()
    assert encoder.vectors([]).shape == (0, 256)


def test_an_item_is_nearer_to_its_like(encoder: ItemEncoder) -> None:
    space, robots, love = encoder.vectors(
        [
            Item(text="An alien attacks the crew of a ship in space", tags=("Sci-Fi", "Horror")),
            Item(text="Robots from the future attack the earth", tags=("Sci-Fi", "Action")),
            Item(text="A teacher falls in love at a wedding in Paris", tags=("Romance",)),
        ]
    )
    assert space @ robots > space @ love


def test_threads_share_an_encoder(encoder: ItemEncoder) -> None:
    items = [replace(FILM, year=1950 + number, text=f"ship {number}") for number in range(48)]
    alone = [encoder.vectors([item])[0] for item in items]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda item: encoder.vectors([item])[0], items))
    assert np.allclose(together, alone, atol=1e-6)
    assert np.allclose(encoder.vectors(items), alone, atol=1e-5)


def test_a_machine_that_computes_otherwise_is_refused(shipped: ItemBundle) -> None:
    other = tuple(-number for number in shipped.manifest.canary)
    manifest = shipped.manifest.model_copy(update={"canary": other})
    with pytest.raises(ItemBundleError, match="computes the network otherwise"):
        ItemEncoder(replace(shipped, manifest=manifest))


def test_a_network_that_gives_no_numbers_is_refused(shipped: ItemBundle) -> None:
    manifest = shipped.manifest.model_copy(update={"canary": (float("nan"),)})
    with pytest.raises(ItemBundleError, match="computes the network otherwise"):
        ItemEncoder(replace(shipped, manifest=manifest))


@pytest.mark.parametrize("content", [b"", b"<net", b"<a>" * 1000])
def test_a_network_that_cannot_run_is_refused(
    shipped: ItemBundle, tmp_path: Path, content: bytes
) -> None:
    """Whoever made the manifest made its hashes, too."""
    (tmp_path / NETWORK).write_bytes(content)
    with pytest.raises(ItemBundleError, match="holds no network that OpenVINO can run"):
        ItemEncoder(replace(shipped, path=tmp_path))


def test_serving_imports_no_tensorflow() -> None:
    code = "import items, sys; sys.exit('tensorflow' in sys.modules or 'sklearn' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
