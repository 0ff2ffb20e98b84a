"""Photographs made up of colours and stripes, so that a network can tell them apart at once."""

from __future__ import annotations

import csv
import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.data.labels import DEFAULT_LABELS, Meanings, read_meanings

COLOURS = {"food": (220, 60, 40), "cat": (40, 200, 60), "sea": (40, 60, 220), "": (128, 128, 128)}


def painted(colour: tuple[int, int, int], random: np.random.Generator) -> Image.Image:
    """A photograph of mostly one colour, 80 to 99 pixels a side."""
    height, width = random.integers(80, 100, 2)
    noise = random.integers(-40, 40, (height, width, 3))
    return Image.fromarray(np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8))


@pytest.fixture(scope="session")
def meanings() -> Meanings:
    return read_meanings(DEFAULT_LABELS)


@pytest.fixture(scope="session")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 photographs of four kinds, three sources each, with a labels.csv."""
    folder = tmp_path_factory.mktemp("album")
    random = np.random.default_rng(5)
    rows = []
    for label, colour in COLOURS.items():
        for number in range(30):
            name = f"{label or 'none'}-사진-{number}.png"
            painted(colour, random).save(folder / name)
            rows.append([name, label, f"camera {number % 3}", "CC0-1.0"])
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "labels", "source", "licence"])
        writer.writerows(rows)
    return folder


SmallDisk = Callable[[int], AbstractContextManager[None]]


@pytest.fixture
def small_disk() -> SmallDisk:
    """No file can be made larger than so many bytes, as on a disk that is full."""

    @contextmanager
    def limited(most: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    return limited


@pytest.fixture
def eagerly() -> Iterator[None]:
    """TensorFlow without graphs: to trace one takes seconds, and a few small steps do not."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)
