"""Which cosine tells near-duplicates from others: `python -m benchmarks.similarity.bound [FOLDER]`.

Each photograph is changed as people change photographs that they post again, and looked at by the
starter bundle. Compared are a photograph with its changed self, and with every other one of the
folder. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.similarity.variants import CHANGES, LIGHT, Change
from classifiers import Bundle, Classifier
from pictures import ImageError, ImageLimits, open_image, reduced
from service.screening.pictures import LEAST_PIXELS

ROOT = Path(__file__).resolve().parents[2]
PHOTOGRAPHS = ROOT / "demo" / "photos"
BOUNDS = (0.85, 0.9, 0.92, 0.94, 0.95, 0.96, 0.98)
CHUNK = 64

Floats = NDArray[np.float32]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.bound")
    parser.add_argument("folder", type=Path, nargs="?", default=PHOTOGRAPHS)
    parser.add_argument("--changed", type=int, default=300, help="photographs that are changed")
    parser.add_argument("--others", type=int, default=6000, help="photographs that are compared")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    files = sorted(p for p in chosen.folder.rglob("*") if p.suffix.lower() in {".jpg", ".png"})
    if not files:
        parser.error(f"{chosen.folder} holds no .jpg and no .png file.")
    files = spread(files, chosen.others)
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), chosen.threads)
    embeddings = look(classifier, files)
    some = np.linspace(0, len(files) - 1, min(chosen.changed, len(files))).astype(int)
    changed = [files[at] for at in some]
    same = {
        name: (look(classifier, changed, change) * embeddings[some]).sum(axis=1)
        for name, change in CHANGES.items()
    }
    print(f"{len(changed)} photographs changed, {len(files)} compared with each other:\n")
    print_same(same)
    print_bounds(same, embeddings @ embeddings.T)


def spread(files: Sequence[Path], at_most: int) -> list[Path]:
    """So many files, evenly over the folder."""
    if len(files) <= at_most:
        return list(files)
    return [files[at] for at in np.linspace(0, len(files) - 1, at_most).astype(int)]


def look(
    classifier: Classifier, files: Sequence[Path], change: Change = lambda image: image
) -> Floats:
    """The embeddings of photographs, changed before they are looked at: float32 [n, dimension]."""
    found = []
    for start in range(0, len(files), CHUNK):
        images = [open_photograph(file) for file in files[start : start + CHUNK]]
        found += [p.embedding for p in classifier.predict([change(image) for image in images])]
    return np.stack(found)


def open_photograph(file: Path) -> Image.Image:
    """A photograph as screening opens it, and as large as it looks at it."""
    try:
        image = open_image(file.read_bytes(), ImageLimits())
    except ImageError as error:
        raise SystemExit(f"{file} cannot be read: {error}") from None
    return reduced(image, LEAST_PIXELS)


def print_same(same: Mapping[str, Floats]) -> None:
    """A row for each change: how far it moves a photograph's embedding."""
    print("| what happens to a photograph | smallest cosine | 5 of 100 below | median |")
    print("| --- | ---: | ---: | ---: |")
    for name, cosines in same.items():
        low, twentieth, middle = np.quantile(cosines, (0, 0.05, 0.5))
        print(f"| {name} | {low:.3f} | {twentieth:.3f} | {middle:.3f} |")


def print_bounds(same: Mapping[str, Floats], others: Floats) -> None:
    """A row for each bound: what is found, and what is found wrongly."""
    light = np.concatenate([same[name] for name in LIGHT])
    heavy = np.concatenate([cosines for name, cosines in same.items() if name not in LIGHT])
    pairs = others[np.triu_indices(len(others), k=1)]
    nearest = (others - 2 * np.eye(len(others), dtype=np.float32)).max(axis=1)
    print("\n| cosine at least | light changes found | heavy changes found |", end="")
    print(" photographs with another one | pairs of others |\n| ---: | ---: | ---: | ---: | ---: |")
    for bound in BOUNDS:
        print(
            f"| {bound} | {np.mean(light >= bound):.1%} | {np.mean(heavy >= bound):.1%}"
            f" | {np.mean(nearest >= bound):.2%} | {np.mean(pairs >= bound):.5%} |"
        )


if __name__ == "__main__":
    main()
