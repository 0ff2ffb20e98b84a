"""How well the same picture is told: `python -m benchmarks.similarity.samepicture FOLDER`.

Each of some pictures is changed in ten ways. Every changed one is compared with its original and
with all other pictures of the folder; the bound of PDQ, pHash and the embedding alone is the one
that lets one pair of a hundred thousand through wrongly. The cascade is measured as the service
runs it: with its own bounds, on the nearest pictures by their embeddings. Prints Markdown tables
and the pairs that the cascade took wrongly, to be looked at: a folder may hold a picture twice.

PDQ is measured where `pdqhash` is installed, which needs a C++ compiler.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.similarity.bound import ROOT, open_photograph, spread
from benchmarks.similarity.changes import CHANGES, collage, screenshot
from classifiers import Bundle, Classifier
from similarity.hashes import grey, perceptual_hash
from similarity.samepicture import POSSIBLE_COSINE, How, Picture, same_picture

RATE = 1e-5
CANDIDATES = 4  # as the service asks for
PDQ = "pdqhash"
CHUNK = 64

Floats = NDArray[np.float32]
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Seen:
    """Pictures and what each method keeps of them."""

    images: Sequence[Image.Image]
    embeddings: Floats
    phash: NDArray[np.uint8]
    pdq: NDArray[np.uint8] | None

    @cached_property
    def pictures(self) -> Sequence[Picture]:
        """To be laid over each other; the points of each are found once."""
        return [Picture(grey(image)) for image in self.images]


@dataclass
class Found:
    """What the cascade did with one change."""

    right: int = 0
    by: dict[How, int] = field(default_factory=dict)
    wrong: list[tuple[int, int, How]] = field(default_factory=list)
    looked: int = 0
    seconds: float = 0.0


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.similarity.samepicture")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pictures", type=int, default=1200, help="that are compared with")
    parser.add_argument("--changed", type=int, default=60, help="of them that are changed")
    parser.add_argument("--threads", type=int, default=2)
    chosen = parser.parse_args()
    files = sorted(p for p in chosen.folder.rglob("*") if p.suffix.lower() in {".jpg", ".png"})
    if len(files) < CANDIDATES:
        parser.error(f"{chosen.folder} holds fewer than {CANDIDATES} .jpg and .png files.")
    files = spread(files, chosen.pictures)
    classifier = Classifier(Bundle.load(ROOT / "models" / "starter"), chosen.threads)
    some = np.linspace(0, len(files) - 1, min(chosen.changed, len(files))).astype(int)
    all_seen = see(classifier, [open_photograph(file) for file in files])
    changed = {
        name: see(classifier, [change(all_seen.images[at]) for at in some])
        for name, change in CHANGES.items()
    }
    print(f"{len(some)} pictures changed, compared with {len(files)} each:\n")
    alone = {
        "PDQ": _scores(changed, lambda one: _bits(one.pdq, all_seen.pdq)),
        "pHash": _scores(changed, lambda one: _bits(one.phash, all_seen.phash)),
        "embedding": _scores(changed, lambda one: one.embeddings @ all_seen.embeddings.T),
    }
    found = {name: run(one, all_seen, some) for name, one in changed.items()}
    print_table({name: one for name, one in alone.items() if one}, found, some)
    print_cascade(found, files, some, len(files))
    print_inside(classifier, all_seen, some)


def see(classifier: Classifier, images: Sequence[Image.Image]) -> Seen:
    """What each method keeps of pictures."""
    embeddings = [
        prediction.embedding
        for start in range(0, len(images), CHUNK)
        for prediction in classifier.predict(images[start : start + CHUNK])
    ]
    codes = [perceptual_hash(grey(image)).to_bytes(8, "big", signed=True) for image in images]
    phash = np.unpackbits(np.frombuffer(b"".join(codes), np.uint8).reshape(-1, 8), axis=1)
    return Seen(images, np.stack(embeddings), phash, _pdq(images))


def _pdq(images: Sequence[Image.Image]) -> NDArray[np.uint8] | None:
    if importlib.util.find_spec(PDQ) is None:
        return None
    compute = importlib.import_module(PDQ).compute
    return np.stack([compute(np.asarray(image))[0] for image in images]).astype(np.uint8)


def _bits(one: NDArray[np.uint8] | None, other: NDArray[np.uint8] | None) -> Scores | None:
    """Minus the number of bits that differ, of each with each."""
    if one is None or other is None:
        return None
    a, b = one.astype(np.float32), other.astype(np.float32)
    scores: Scores = -(a.sum(1)[:, None] + b.sum(1) - 2 * a @ b.T).astype(np.float64)
    return scores


def _scores(
    changed: Mapping[str, Seen], compare: Callable[[Seen], NDArray[np.floating] | None]
) -> dict[str, Scores]:
    made = {name: compare(one) for name, one in changed.items()}
    return {name: one.astype(np.float64) for name, one in made.items() if one is not None}


def run(changed: Seen, stored: Seen, some: NDArray[np.intp]) -> Found:
    """The cascade over the nearest pictures by their embeddings, each on its own."""
    found, began = Found(), time.process_time()
    cosines = changed.embeddings @ stored.embeddings.T
    hashes, others = _numbers(changed), _numbers(stored)
    for row, own in enumerate(some):
        for at in np.argsort(-cosines[row])[:CANDIDATES]:

            def pixels(at: int = int(at), row: int = row) -> bool:
                found.looked += 1
                return changed.pictures[row].lies_on(stored.pictures[at])

            how = same_picture((hashes[row], others[at]), float(cosines[row, at]), pixels)
            if how and at == own:
                found.right += 1
                found.by[how] = found.by.get(how, 0) + 1
            elif how:
                found.wrong.append((int(own), int(at), how))
    found.seconds = time.process_time() - began
    return found


def _numbers(seen: Seen) -> list[int]:
    packed = np.packbits(seen.phash, axis=1)
    return [int.from_bytes(row.tobytes(), "big", signed=True) for row in packed]


def bound_of(scores: Mapping[str, Scores], some: NDArray[np.intp]) -> float:
    """The score that so few wrong pairs are above as ``RATE`` allows."""
    wrong = np.concatenate([_others(one, some) for one in scores.values()])
    allowed = int(RATE * len(wrong))
    return float(np.partition(wrong, len(wrong) - 1 - allowed)[len(wrong) - 1 - allowed])


def _others(scores: Scores, some: NDArray[np.intp]) -> Scores:
    keep = np.ones(scores.shape, bool)
    keep[np.arange(len(some)), some] = False
    kept: Scores = scores[keep]
    return kept


def print_table(
    alone: Mapping[str, Mapping[str, Scores]],
    cascade: Mapping[str, Found],
    some: NDArray[np.intp],
) -> None:
    """A row for each change, and one for their mean."""
    bounds = {method: bound_of(scores, some) for method, scores in alone.items()}
    print("| change |", " | ".join(alone), "| cascade |")
    print("| --- |", " | ".join("---:" for _ in alone), "| ---: |")
    rows: list[list[float]] = []
    for change in cascade:
        own = [alone[m][change][np.arange(len(some)), some] > bounds[m] for m in alone]
        rows.append([*(float(one.mean()) for one in own), cascade[change].right / len(some)])
        print(f"| {change} |", " | ".join(f"{share:.2f}" for share in rows[-1]), "|")
    print("| **mean** |", " | ".join(f"**{share:.3f}**" for share in np.mean(rows, axis=0)), "|")
    told = [f"{m} {abs(bound):.3f}" for m, bound in bounds.items()]
    print(f"\nBounds that {RATE:g} of the wrong pairs reach:", ", ".join(told) + ".")


def print_cascade(
    found: Mapping[str, Found], files: Sequence[Path], some: NDArray[np.intp], count: int
) -> None:
    """What told, what it cost, and what it took wrongly."""
    tried = len(found) * len(some)
    pairs = tried * (count - 1)
    wrong = [one for each in found.values() for one in each.wrong]
    by = {how.value: sum(each.by.get(how, 0) for each in found.values()) for how in How}
    looked = sum(each.looked for each in found.values())
    seconds = sum(each.seconds for each in found.values())
    print(f"The cascade told by: {by}. It laid {looked / tried:.1f} pictures over one on average")
    print(f"and took {1000 * seconds / tried:.0f} ms of processor time for one.")
    print(f"It took {len(wrong)} of {pairs:,} other pairs for the same: {len(wrong) / pairs:.1e}.")
    for own, at in sorted({(own, at) for own, at, _ in wrong}):
        ways = sorted({how.value for o, a, how in wrong if (o, a) == (own, at)})
        print(f"  {files[own]} {files[at]} by {', '.join(ways)}")


def print_inside(classifier: Classifier, stored: Seen, some: NDArray[np.intp]) -> None:
    """Collages and screenshots: found at all, and found if somebody compares the right two."""
    images = stored.images
    last = len(images) - 1
    made = {
        "in a collage of four": [
            collage([images[at], *(images[last - 3 * int(at) % last - k] for k in range(3))])
            for at in some
        ],
        "in a screenshot of a post": [screenshot(images[at]) for at in some],
    }
    print("\n| picture | found | among the nearest | cosine reaches | pixels would tell |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, changed in made.items():
        seen = see(classifier, changed)
        cosines = seen.embeddings @ stored.embeddings.T
        own = cosines[np.arange(len(some)), some]
        near = (cosines > own[:, None]).sum(axis=1) < CANDIDATES
        told = [seen.pictures[row].lies_on(stored.pictures[int(at)]) for row, at in enumerate(some)]
        share = run(seen, stored, some).right / len(some)
        reached = np.mean(own >= POSSIBLE_COSINE)
        print(f"| {name} | {share:.2f} | {near.mean():.2f} | {reached:.2f} | {np.mean(told):.2f} |")


if __name__ == "__main__":
    main()
