"""The network alone and the decoding alone: how many images a second, and what it changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.serving.photographs import as_from_a_phone
from benchmarks.serving.runtimes import Network
from classifiers import Classifier, Prediction
from classifiers.runtime import CHUNK
from pictures import ImageLimits, open_image

Floats = NDArray[np.float32]
ROUNDS = 10
SIDE_OF_ALL = 10**6  # no photograph can be halved and stay so large
Item = TypeVar("Item")


@dataclass(frozen=True)
class Agreement:
    """How far embeddings and facts are from those that are served."""

    smallest_cosine: float
    largest_difference: float
    facts_changed: int
    facts: int


@dataclass(frozen=True)
class Speed:
    """Images a second, and the processor's milliseconds an image, over all threads."""

    images_a_second: float
    processor_ms: float


def speeds(networks: Mapping[str, Network], pixels: Floats, images: int) -> dict[str, Speed]:
    """Each network's speed in the quickest of the rounds in which they take turns.

    In turns and the quickest, because other work on the machine then tells least; it tells even
    less in the processor's own time.
    """
    batches = [pixels[np.arange(at, at + CHUNK) % len(pixels)] for at in range(0, images, CHUNK)]
    count = len(batches) * CHUNK
    seconds: dict[str, list[float]] = {name: [] for name in networks}
    busy: dict[str, list[float]] = {name: [] for name in networks}
    for network in networks.values():
        network(batches[0])  # the first pass makes things ready
    for _ in range(ROUNDS):
        for name, network in networks.items():
            before = time.process_time()
            seconds[name].append(_seconds(network, batches))
            busy[name].append(time.process_time() - before)
    return {
        name: Speed(count / min(seconds[name]), 1000 * min(busy[name]) / count) for name in networks
    }


def agreement(before: Sequence[Prediction], after: Sequence[Prediction]) -> Agreement:
    """Compares what is said of the same photographs."""
    changes = [
        one.facts[name] is not two.facts[name]
        for one, two in zip(before, after, strict=True)
        for name in one.facts
    ]
    served, other = (np.stack([found.embedding for found in ones]) for ones in (before, after))
    return Agreement(
        smallest_cosine=float((served * other).sum(axis=1).min()),
        largest_difference=float(np.abs(served - other).max()),
        facts_changed=sum(changes),
        facts=len(changes),
    )


def predictions(classifier: Classifier, network: Network, pixels: Floats) -> list[Prediction]:
    """What the classifier's heads say of scaled pixels that another network looks at."""
    found: list[Prediction] = []
    for at in range(0, len(pixels), CHUNK):
        found += classifier.classify(network(pixels[at : at + CHUNK]))
    return found


@dataclass(frozen=True)
class Decoding:
    """Photographs a second on one thread, decoded whole and at the size needed; what it changes."""

    whole: float
    at_size: Mapping[int, float]
    agreements: Mapping[int, Agreement]


def decoding(
    images: Sequence[Image.Image], classifier: Classifier, sides: Sequence[int]
) -> Decoding:
    """Decodes photographs of twelve megapixels, whole and to at least ``sides`` pixels a side."""
    files = [as_from_a_phone(image) for image in images]
    rate: dict[int, float] = {}
    seen: dict[int, list[Prediction]] = {}
    for side in (SIDE_OF_ALL, *sides):

        def decode(file: bytes, side: int = side) -> Image.Image:
            return open_image(file, ImageLimits(), at_least=side)

        rate[side] = len(files) / _seconds(decode, files)
        # One in memory at once.
        seen[side] = [classifier.predict([decode(file)])[0] for file in files]
    return Decoding(
        whole=rate.pop(SIDE_OF_ALL),
        at_size=rate,
        agreements={side: agreement(seen[SIDE_OF_ALL], seen[side]) for side in sides},
    )


def _seconds(work: Callable[[Item], object], items: Iterable[Item]) -> float:
    started = time.perf_counter()
    for item in items:
        work(item)
    return time.perf_counter() - started
