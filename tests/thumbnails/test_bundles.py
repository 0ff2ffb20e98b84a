"""What was learned from thumbnails is read from disk, checked, and shared by threads."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.thumbnails.bundles import write_autoencoder, write_engagement
from thumbnails import Engagement, Latent, ThumbnailBundleError, distances


def test_threads_get_the_vectors_of_their_own_pictures(tmp_path: Path) -> None:
    latent = Latent(write_autoencoder(tmp_path / "a"), threads=1)
    greys = [Image.new("RGB", (64, 64), (level,) * 3) for level in range(0, 256, 4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda grey: latent.vectors([grey])[0], greys))
    for level, vector in zip(range(0, 256, 4), found, strict=True):
        np.testing.assert_allclose(vector, level / 255, atol=1e-5)


def test_a_distance_is_the_mean_to_the_nearest_five() -> None:
    references = np.arange(7, dtype=np.float32)[:, None]
    assert distances(np.zeros((1, 1), np.float32), references).tolist() == [2]
    assert distances(np.zeros((1, 1), np.float32), references[:2]).tolist() == [0.5]


def test_a_guess_is_a_factor_and_its_place_among_those_learned_from(tmp_path: Path) -> None:
    guess = Engagement.load(
        write_engagement(tmp_path / "g", "net", np.array([1.0, 0.0], np.float32), found=True)
    )
    low, high = guess.scores(np.array([[-1, 0], [0.5, 1]], np.float32))
    assert low.factor == pytest.approx(np.exp(-1))
    assert high.factor == pytest.approx(np.exp(0.5))
    assert low.above == 0
    assert high.above == pytest.approx(0.75, abs=0.02)


def test_a_guess_that_does_not_say_what_was_measured_is_refused(tmp_path: Path) -> None:
    folder = write_engagement(tmp_path / "g", "net", np.ones(2, np.float32), found=True)
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text("utf-8"))
    manifest.write_text(json.dumps(told | {"metrics": {"effects": []}}), "utf-8")
    with pytest.raises(ThumbnailBundleError, match="what was measured"):
        Engagement.load(folder)
