"""The bundle that ships, in memory once (about one second)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from classifiers import Bundle, Classifier


@pytest.fixture(scope="session")
def starter(repository: Path) -> Bundle:
    return Bundle.load(repository / "models" / "starter")


@pytest.fixture(scope="session")
def classifier(starter: Bundle) -> Classifier:
    return Classifier(starter, threads=2)


@pytest.fixture(scope="session")
def images() -> list[Image.Image]:
    """Seven images of noise on different grounds, of different sizes."""
    random = np.random.default_rng(7)
    found = []
    for number in range(7):
        ground = random.integers(0, 200, 3)
        noise = random.integers(0, 56, (90 + 40 * number, 200 - 10 * number, 3))
        found.append(Image.fromarray((ground + noise).astype(np.uint8)))
    return found
