"""Whether bfloat16 gives the same decisions: `python -m benchmarks.serving.precision DATA`.

Labelled photographs go through a bundle's network in float32 and in bfloat16; embeddings, scores,
facts and what the rules make of them are compared one by one. Prints Markdown tables.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.serving.photographs import quarters, scaled
from benchmarks.serving.runtimes import Network, openvino_network
from classifiers import Bundle
from classifiers.pooling import embed
from rules import Ruleset, Sights, evaluate_many, load_ruleset
from rules.verdicts.batch import Values
from rules.verdicts.ruleset import DEFAULT
from training.data.clean import each_image
from training.data.folder import read_data
from training.data.labels import DEFAULT_LABELS, read_meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.errors import TrainingError
from training.report.metrics import Floats, Summary, facts_matrix, measure

ROOT = Path(__file__).resolve().parents[2]
BATCH = 16
FACTS = ("false", "unknown", "true")
VERDICTS = ("irrelevant", "uncertain", "relevant")


@dataclass(frozen=True)
class Seen:
    """What two networks made of the same images: embeddings float32 [n, dimension] of norm 1, and
    scores float32 [n, labels].

    ``truth`` is float32 [n, labels] with NaN for unknown.
    """

    one: Floats
    other: Floats
    one_scores: Floats
    other_scores: Floats
    truth: Floats


@dataclass(frozen=True)
class Changes:
    """How often something became something else, and of how many."""

    kinds: Counter[str]
    whole: int

    @property
    def count(self) -> int:
        """All that changed."""
        return self.kinds.total()


def look(
    bundle: Bundle, photos: Sequence[Photo], parts: bool, one: Network, other: Network
) -> Seen:
    """Looks at each photograph, or with ``parts`` at its quarters, through both networks.

    Photographs that cannot be read are left out. What a quarter shows nobody said.
    """
    meanings = read_meanings(DEFAULT_LABELS)
    names = [label.name for label in bundle.labels]
    read: list[Photo] = []
    ones: list[tuple[Floats, Floats]] = []
    others: list[tuple[Floats, Floats]] = []
    heads = bundle.heads
    for batch in _batches(_images(bundle, photos, parts, read.append)):
        pixels = scaled(batch, bundle)
        for network, found in ((one, ones), (other, others)):
            features = network(pixels)
            found.append((embed(features), heads.scores(features)))
    if not ones:
        raise TrainingError("None of the photographs could be read.")
    truth = make_targets(read, names, meanings).truth
    if parts:
        truth = np.full_like(truth, np.nan)
    (first, first_scores), (second, second_scores) = (
        (np.concatenate(parts) for parts in zip(*found, strict=True)) for found in (ones, others)
    )
    return Seen(first, second, first_scores, second_scores, truth)


def _images(
    bundle: Bundle, photos: Sequence[Photo], parts: bool, read: Callable[[Photo], object]
) -> Iterator[Image.Image]:
    for photo, image, trouble in each_image(photos, bundle.manifest.preprocessing.size):
        if image is None:
            print(f"Left out: {photo.path}: {trouble}", file=sys.stderr)
            continue
        for seen in quarters(image) if parts else [image]:
            read(photo)
            yield seen


def _batches(images: Iterator[Image.Image]) -> Iterator[list[Image.Image]]:
    batch: list[Image.Image] = []
    for image in images:
        batch.append(image)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def facts_changed(bundle: Bundle, one: Floats, other: Floats) -> Changes:
    """Facts of two score matrices [n, labels] that differ, by what became what."""
    return _changes(_facts(bundle, one), _facts(bundle, other), FACTS)


def verdicts_changed(bundle: Bundle, ruleset: Ruleset, one: Floats, other: Floats) -> Changes:
    """The same of verdicts: on a hashtag of each category that has a rule, of a post of one image.

    A category whose hashtags nobody can verify has no verdict to change.
    """
    return _changes(_verdicts(bundle, ruleset, one), _verdicts(bundle, ruleset, other), VERDICTS)


def _facts(bundle: Bundle, scores: Floats) -> Values:
    """int8 [n, labels] with the codes of ``rules.verdicts.batch``."""
    return np.nan_to_num(2 * facts_matrix(bundle.labels, scores), nan=1).astype(np.int8)


def _verdicts(bundle: Bundle, ruleset: Ruleset, scores: Floats) -> Values:
    names = [label.name for label in bundle.labels]
    sights = Sights(names, _facts(bundle, scores), scores.astype(np.float64))
    rules = [one.rule for one in ruleset.categories.values() if one.rule is not None]
    return np.stack([evaluate_many(rule, sights) for rule in rules], axis=1)


def _changes(one: Values, other: Values, words: Sequence[str]) -> Changes:
    places: NDArray[np.bool_] = one != other
    kinds = Counter(
        f"{words[before]} to {words[after]}"
        for before, after in zip(one[places], other[places], strict=True)
    )
    return Changes(kinds, one.size)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving.precision")
    parser.add_argument("data", type=Path, help="photographs as `python -m training train` takes")
    parser.add_argument("--sources", default="", help="only photographs of these, comma-separated")
    parser.add_argument("--parts", action="store_true", help="look at the quarters of each instead")
    parser.add_argument("--bundle", type=Path, default=ROOT / "models" / "starter")
    parser.add_argument("--threads", type=int, default=2, help="of the network (default: 2)")
    asked = parser.parse_args(arguments)
    bundle = Bundle.load(asked.bundle)
    sources = {name.strip() for name in asked.sources.split(",") if name.strip()}
    try:
        listed = read_data(asked.data, read_meanings(DEFAULT_LABELS))
        chosen = [photo for photo in listed if not sources or photo.source in sources]
        networks = [openvino_network(bundle, kind, asked.threads) for kind in ("f32", "bf16")]
        seen = look(bundle, chosen, asked.parts, *networks)
    except TrainingError as error:
        parser.error(str(error))
    ruleset = load_ruleset(DEFAULT, [label.name for label in bundle.labels])
    print_differences(bundle, ruleset, seen)
    return 0


def print_differences(bundle: Bundle, ruleset: Ruleset, seen: Seen) -> None:
    """What differs between the two, and how good either is where the truth is known."""
    one, other = seen.one_scores, seen.other_scores
    facts = facts_changed(bundle, one, other)
    verdicts = verdicts_changed(bundle, ruleset, one, other)
    cosine = (seen.one * seen.other).sum(axis=1)
    print(f"\n{len(cosine)} images, bfloat16 beside float32:\n")
    print(
        "| | |\n| --- | ---: |\n"
        f"| smallest cosine of an embedding | {cosine.min():.5f} |\n"
        f"| mean cosine | {cosine.mean():.6f} |\n"
        f"| largest difference of a score | {np.abs(one - other).max():.4f} |\n"
        f"| facts that change | {facts.count} of {facts.whole} |\n"
        f"| verdicts that change | {verdicts.count} of {verdicts.whole} |"
    )
    print("\n| what becomes what | times |\n| --- | ---: |")
    for kind, count in (facts.kinds + verdicts.kinds).most_common():
        print(f"| {kind} | {count} |")
    if not np.isnan(seen.truth).all():
        print("\n| precision | macro F1 | coverage | wrong of true | wrong of false |")
        print("| --- |" + " ---: |" * 4)
        for name, scores in (("float32", one), ("bfloat16", other)):
            print(_row(name, measure(bundle.labels, scores, seen.truth)[1]))


def _row(name: str, summary: Summary) -> str:
    figures = (summary.macro_f1, summary.coverage, summary.wrong_true, summary.wrong_false)
    return f"| {name} | " + " | ".join("–" if x is None else f"{x:.4f}" for x in figures) + " |"


if __name__ == "__main__":
    raise SystemExit(main())
