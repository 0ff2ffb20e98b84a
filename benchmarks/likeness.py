"""Which thumbnails lie close to which: `python -m benchmarks.likeness DATA LATENT`.

DATA is a folder with ``videos.csv`` and ``images/``, LATENT what `python -m training autoencoder
DATA` wrote. Each thumbnail asks for others of its channel, and for others of its category from
other channels, by its embedding, latent vector, pixels and colours. Only channels from which the
autoencoder did not learn take part. Prints a Markdown table with 95 % bootstrap intervals over
channels; "chance" are random vectors.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.spatial.distance import cdist

from benchmarks.mistakes import told_in_a_sentence
from classifiers import Bundle, Classifier
from thumbnails import Latent
from thumbnails.canvas import Canvases
from training.engagement.effect import Figure, channel_draws, figure
from training.thumbnails.channels import Video, held_back, open_pictures, read_videos

ROOT = Path(__file__).resolve().parents[1]
PIXELS = 32  # the side of the canvas that is compared pixel by pixel
BINS = 8  # of each colour

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.likeness")
    parser.add_argument("data", type=Path, metavar="DATA")
    parser.add_argument("latent", type=Path, metavar="LATENT")
    asked = parser.parse_args()
    latent = Latent(asked.latent, 2)
    told = latent.manifest
    videos = [
        one for one in read_videos(asked.data) if held_back(one.channel, told.held_back, told.seed)
    ]
    videos, images = open_pictures(videos)
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), 2)
    ways = {
        "embedding": np.stack([one.embedding for one in classifier.predict(images)]),
        "latent vector": latent.vectors(images),
        "pixels": Canvases.of(images, PIXELS).pixels.reshape(len(images), -1).astype(float),
        "colour histogram": np.stack([_colours(image) for image in images]),
        "chance": np.random.default_rng(0).normal(size=(len(images), 64)),
    }
    _, channel = np.unique([one.channel for one in videos], return_inverse=True)
    print(f"{len(videos)} thumbnails of {channel.max() + 1} channels.\n")
    print("| asked for | by | thumbnails that ask | nearest is one | mean average precision |")
    print("| --- | --- | ---: | --- | --- |")
    for name, relation in (("same channel", _same_channel), ("same category", _same_category)):
        related, among = relation(videos)
        _rows(name, ways, related, among, channel)


def _rows(
    name: str, ways: dict[str, Floats], related: Bools, among: Bools, channel: NDArray[np.int64]
) -> None:
    asking = related.any(axis=1)
    draws = channel_draws(channel)[:, asking]
    draws = draws[draws.sum(axis=1) > 0]
    found = {way: precision(vectors, related, among)[asking] for way, vectors in ways.items()}
    for way, values in found.items():
        hit, mean = (_mean(values[:, at], draws) for at in (0, 1))
        print(f"| {name} | {way} | {asking.sum()} | {hit} | {mean} |")
    more = found["embedding"] - found["latent vector"]
    hit, mean = (_mean(more[:, at], draws) for at in (0, 1))
    print(f"| {name} | embedding minus latent vector | {asking.sum()} | {hit} | {mean} |")


def precision(vectors: Floats, related: Bools, among: Bools) -> Floats:
    """Whether the nearest is related, and the average precision, float64 [n, 2]; 0 where nothing
    is related. ``among`` bool [n, n] are those that are looked through."""
    apart = np.where(among, cdist(vectors, vectors), np.inf)
    order = np.argsort(apart, axis=1, kind="stable")
    good = np.take_along_axis(related & among, order, axis=1)
    ranks = np.arange(1, good.shape[1] + 1)
    total = np.maximum(good.sum(axis=1), 1)
    average = (np.cumsum(good, axis=1) / ranks * good).sum(axis=1) / total
    return np.stack([good[:, 0], average], axis=1)


def _mean(values: Floats, draws: Floats) -> Figure:
    return figure(draws @ values / draws.sum(axis=1))


def _same_channel(videos: Sequence[Video]) -> tuple[Bools, Bools]:
    others = ~np.eye(len(videos), dtype=bool)
    return _alike(videos, lambda one: one.channel) & others, others


def _same_category(videos: Sequence[Video]) -> tuple[Bools, Bools]:
    """Among other channels: those of one channel look alike for other reasons."""
    others = ~_alike(videos, lambda one: one.channel)
    return _alike(videos, lambda one: one.category) & others, others


def _alike(videos: Sequence[Video], of: Callable[[Video], str]) -> Bools:
    names = np.array([of(one) for one in videos])
    return np.asarray(names[:, None] == names[None], np.bool_)


def _colours(image: Image.Image) -> Floats:
    """Roots of shares: their Euclidean distance is Hellinger's."""
    small = np.asarray(image.resize((PIXELS * 2, PIXELS * 2)), np.float64).reshape(-1, 3)
    counts, _ = np.histogramdd(small, bins=BINS, range=[(0, 256)] * 3)
    return np.asarray(np.sqrt(counts.ravel() / counts.sum()), np.float64)


if __name__ == "__main__":
    with told_in_a_sentence():
        main()
