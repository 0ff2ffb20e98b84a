"""Photographs worth an analyst's look: mistakes, suspected label errors, what to label next."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from cleanlab.filter import find_label_issues
from numpy.typing import NDArray

from classifiers import Bundle, Classifier
from pictures import ImageLimits, open_image
from training.data.clean import each_image
from training.data.labels import Meanings
from training.data.photo import Photo
from training.data.targets import make_targets
from training.report.explain import overlay
from training.report.metrics import Floats

EACH = 3
NEXT = 12
SIDE = 160


@dataclass(frozen=True)
class Example:
    """A photograph with a label, the score, what was said of it, and a picture (data URI)."""

    file: str
    label: str
    score: float
    said: str
    picture: str


@dataclass(frozen=True)
class Examples:
    """The worst mistakes, suspected label errors, and photographs whose facts are least known."""

    mistakes: list[Example]
    suspects: list[Example]
    following: list[Example]
    photographs: int


def pick_examples(
    bundle: Bundle, photos: Sequence[Photo], meanings: Meanings, seed: int
) -> Examples | None:
    """Runs the bundle on the photographs; None where none can be read.

    Suspected errors are found label by label with cleanlab (Northcutt et al. 2021, "Confident
    Learning"). Order is the surest first; ties are broken by ``seed``.
    """
    classifier = Classifier(bundle)
    names = [label.name for label in bundle.labels]
    read, rows = [], []
    for photo, image, _ in each_image(photos, bundle.manifest.preprocessing.size):
        if image is not None:
            read.append(photo)
            found = classifier.predict([image])[0].scores
            rows.append([found[name] for name in names])
    if not read:
        return None
    scores = np.array(rows, np.float32)
    truth = make_targets(read, names, meanings).truth
    away = np.abs(scores - truth)

    def look(row: int, column: int) -> Example:
        shown = {1.0: "labelled as shown", 0.0: "not labelled as shown"}
        said = shown.get(float(truth[row, column]), "nothing said")
        picture = _picture(classifier, read[row], names[column])
        score = float(scores[row, column])
        return Example(read[row].path.name, names[column], score, said, picture)

    mistakes, suspects = [], []
    for column in range(len(names)):
        known = np.flatnonzero(~np.isnan(truth[:, column]))
        wrong = known[away[known, column] > 0.5]
        worst = wrong[np.argsort(-away[wrong, column], kind="stable")][:EACH]
        mistakes += [look(int(row), column) for row in worst]
        suspects += [
            look(int(known[place]), column)
            for place in _suspected(scores[known, column], truth[known, column])[:EACH]
        ]
    stated = [[name in photo.labels | photo.absent for name in names] for photo in read]
    following = _following(scores, np.array(stated), seed, look)
    return Examples(mistakes, suspects, following, len(read))


def _suspected(scores: Floats, truth: Floats) -> NDArray[np.intp]:
    """Places of labels that are probably wrong, the surest first; none where one side is empty."""
    if not 0 < truth.sum() < len(truth):
        return np.empty(0, np.intp)
    chances = np.stack([1 - scores, scores], axis=1).astype(np.float64)
    with warnings.catch_warnings():
        # cleanlab warns that of very few examples not all errors are found; nor are they looked for
        warnings.simplefilter("ignore")
        found = find_label_issues(
            truth.astype(int), chances, return_indices_ranked_by="self_confidence", n_jobs=1
        )
    return np.asarray(found, np.intp)


def _following(
    scores: Floats, stated: NDArray[np.bool_], seed: int, look: Callable[[int, int], Example]
) -> list[Example]:
    """Of each photograph the label in most doubt, unless somebody stated it already."""
    doubt = np.where(stated, -1, 1 - 2 * np.abs(scores - 0.5))
    order = np.random.default_rng(seed).permutation(len(scores))
    best = order[np.argsort(-doubt[order].max(axis=1), kind="stable")][:NEXT]
    return [look(int(row), int(doubt[row].argmax())) for row in best if doubt[row].max() >= 0]


def _picture(classifier: Classifier, photo: Photo, label: str) -> str:
    image = open_image(photo.path.read_bytes(), ImageLimits(), at_least=SIDE * 2)
    text = io.BytesIO()
    overlay(image, classifier.attention(image, label), SIDE).save(text, "JPEG", quality=70)
    return "data:image/jpeg;base64," + base64.b64encode(text.getvalue()).decode()
