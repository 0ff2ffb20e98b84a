"""Embeddings of photographs and of views of them, for measuring how they are found.

From a folder: each photograph is looked at by the starter bundle as it is and after each change of
``variants``. From a file ``.npy``: feature maps of photographs, [photographs, height, width,
dimension], as the last layer of the network gives them; a view is the mean over a window of the
map, as pooling has it of a photograph of which the rest was cut off.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.similarity.bound import ROOT, look, spread
from benchmarks.similarity.variants import CHANGES
from classifiers import Bundle, Classifier

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
SHORTEST = 3  # cells of a window's side: of 5 by 5, at least 9 stay


def views(source: Path, count: int, most_photographs: int, threads: int = 2) -> Halves:
    """Embeddings of norm 1, [at most ``count``, dimension], views of one photograph apart.

    Raises:
        SystemExit: the source holds no photographs.
    """
    made = (
        _of_maps(source)
        if source.suffix == ".npy"
        else _of_files(source, most_photographs, threads)
    )
    found: list[Halves] = []  # as they are stored, and half as large
    for one in made:
        found.append(one.astype(np.float16))
        if sum(map(len, found)) >= count:
            break
    if not found:
        raise SystemExit(f"{source} holds no photographs.")
    return np.concatenate(found)[:count]


def _of_maps(file: Path) -> Iterator[Floats]:
    """One view of each photograph after the other."""
    maps = np.load(file, mmap_mode="r")
    high, wide = maps.shape[1:3]
    for top, bottom in _windows(high):
        for left, right in _windows(wide):
            yield _normed(maps[:, top:bottom, left:right].mean(axis=(1, 2), dtype=np.float32))


def _windows(cells: int) -> list[tuple[int, int]]:
    """The whole first, then what is left where one end or the other is cut off."""
    return [
        (start, start + length)
        for length in range(cells, min(SHORTEST, cells) - 1, -1)
        for start in range(cells - length + 1)
    ]


def _of_files(folder: Path, most: int, threads: int) -> Iterator[Floats]:
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in {".jpg", ".png"})
    if not files:
        return
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), threads)
    chosen = spread(files, most)
    yield look(classifier, chosen)
    for change in CHANGES.values():
        yield look(classifier, chosen, change)


def _normed(vectors: Floats) -> Floats:
    """What is not a direction, such as the map of a file that could not be read, is left out."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    good = (np.isfinite(norms) & (norms > 0)).ravel()
    normed: Floats = vectors[good] / norms[good]
    return normed
